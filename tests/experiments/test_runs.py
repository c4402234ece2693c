"""Several seeds, cross-validation and hyperparameter search, with a fake trainer and with the real one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from nertagger.cli import main
from nertagger.config import Config
from nertagger.corpus import Document
from nertagger.errors import ConfigError, MissingExtraError, NerTaggerError
from nertagger.experiments import Parameter, cross_validate, parse_parameter, train_seeds, tune
from tests.experiments.fakes import FakeTrainer


@pytest.fixture
def corpus(tmp_path: Path) -> str:
    path = tmp_path / "all.conll"
    path.write_text("".join(f"Ann\tI-PER\nsaw\tO\nw{n}\tO\n\n" for n in range(20)), encoding="utf-8")
    return str(path)


def test_train_seeds(corpus: str) -> None:
    train = FakeTrainer(lambda config: config.training.seed / 10)
    config = Config.from_values(
        {"data": {"train": [corpus]}, "training": {"seed": 4}, "output": {"model": "a/m.ner", "run": "r"}}
    )
    runs = train_seeds(config, 3, train)
    assert (runs.seeds, runs.dev_f1) == ([4, 5, 6], [0.4, 0.5, 0.6])
    assert runs.models == ["a/m.seed4.ner", "a/m.seed5.ner", "a/m.seed6.ner"]
    assert [config.output.run for config in train.configs] == ["", "", ""]
    assert runs.to_dict()["dev_f1"]["mean"] == pytest.approx(0.5)
    assert "a/m.seed5.ner: seed 5, dev F1 50.00" in runs.report()


def test_train_seeds_reports_progress(corpus: str) -> None:
    reported: list[tuple[str, int, int, str]] = []
    train = FakeTrainer(lambda config: config.training.seed / 10)
    config = Config.from_values({"data": {"train": [corpus]}, "training": {"seed": 4}})
    train_seeds(config, 3, train, report=lambda *values: reported.append(values))
    assert reported == [
        ("seed", 1, 3, "(4)"),
        ("seed", 2, 3, "(5)  best dev F1 40.00 (seed 4), mean 40.00"),
        ("seed", 3, 3, "(6)  best dev F1 50.00 (seed 5), mean 45.00"),
    ]


def test_train_seeds_keeps_the_test_scores(corpus: str) -> None:
    class Tester(FakeTrainer):
        def __call__(self, config: Config, *, train: Sequence[Document] | None = None) -> FakeTrainer:
            super().__call__(config, train=train)
            self.model.metrics["test"] = {"micro": {"f1": 0.25 * config.training.seed}}
            return self

    runs = train_seeds(Config.from_values({"data": {"train": [corpus]}}), 2, Tester())
    assert runs.test_f1 == [0.25, 0.5]
    assert [run["test_f1"] for run in runs.to_dict()["runs"]] == [0.25, 0.5]
    assert "seed 1, dev F1 50.00, test F1 25.00" in runs.report()
    assert "test F1 of 2 seeds: 37.50" in runs.report()


def test_cross_validate_reports_progress_and_ignores_the_test_file(corpus: str) -> None:
    reported: list[tuple[str, int, int, str]] = []
    config = Config.from_values({"data": {"train": [corpus], "test": ["absent"], "tag_column": 1}})
    train = FakeTrainer()
    cross_validate(config, 2, train, report=lambda *values: reported.append(values))
    assert reported == [("fold", 1, 2, ""), ("fold", 2, 2, "mean F1 100.00")]
    assert all(config.data.test == [] for config in train.configs)


def test_tune_reports_progress_and_ignores_the_test_file(corpus: str, tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    reported: list[tuple[str, int, int, str]] = []
    train = FakeTrainer(lambda config: config.network.units / 200)
    config = Config.from_values({"data": {"train": [corpus], "test": ["absent"]}})
    search = [parse_parameter("network.units=10:100")]
    report = lambda *values: reported.append(values)  # noqa: E731
    found = tune(config, search, trials=3, seeds=1, study=tmp_path / "s.log", train=train, report=report)
    assert [values[:3] for values in reported] == [("trial", number, 3) for number in (1, 2, 3)]
    units = [config.network.units for config in train.configs]
    assert reported[0][3] == f"network.units={units[0]}"
    best = max(units[:2])
    assert reported[2][3] == f"network.units={units[2]}  best dev F1 {best / 2:.2f} with network.units={best}"
    assert all(config.data.test == [] for config in train.configs)
    assert found.trials == 3


def test_cross_validate_scores_each_sentence_once_with_a_model_trained_on_others(corpus: str) -> None:
    train = FakeTrainer()
    config = Config.from_values({"data": {"train": [corpus], "dev": ["absent"], "tag_column": 1}})
    found = cross_validate(config, 4, train)
    assert (len(found.folds), found.together.gold, found.together.tokens) == (4, 20, 60)
    assert found.f1.mean == found.together.micro.f1 == 1.0  # tags are in the scheme of the corpus
    assert found.together.accuracy == 1.0
    assert all(config.data.dev == [] for config in train.configs)
    assert "F1 of 4 folds: 100.00 +- 0.00" in found.report()
    assert len(found.to_dict()["folds"]) == 4


@pytest.mark.parametrize(("text", "expected"), [
    ("network.units=50:200", Parameter("network.units", 50, 200)),
    ("training.learning_rate=0.001:0.02:log", Parameter("training.learning_rate", 0.001, 0.02, log=True)),
    ("network.cell=lstm,gru", Parameter("network.cell", choices=("lstm", "gru"))),
    ("network.layers=1,2", Parameter("network.layers", choices=(1, 2))),
])  # fmt: skip
def test_parse_parameter(text: str, expected: Parameter) -> None:
    assert parse_parameter(text) == expected


@pytest.mark.parametrize("text", ["units=1:2", "network.units", "network.units=", "a.b=2:1", "a.b=1:2:lin", "a.b=x:y",
                                  "a.b=0:1:log", "a.b=1:2:3:4"])  # fmt: skip
def test_parse_parameter_rejects_invalid_text(text: str) -> None:
    with pytest.raises(ConfigError, match=f"^--search {text}: "):
        parse_parameter(text)


SEARCH = [parse_parameter("network.units=10:100"), parse_parameter("network.cell=lstm,gru")]


def test_tune_finds_the_best_and_continues(corpus: str, tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    train = FakeTrainer(lambda c: c.network.units / 200 + 0.1 * (c.network.cell == "gru") + c.training.seed / 1000)
    config = Config.from_values({"data": {"train": [corpus]}})
    first = tune(config, SEARCH, trials=8, seeds=2, study=tmp_path / "s.log", train=train)
    assert len(train.configs) == 16
    assert {config.training.seed for config in train.configs} == {1, 2}
    assert first.dev_f1 == max(f1 for _, f1 in first.table) == first.table[0][1]
    again = tune(config, SEARCH, trials=4, seeds=2, study=tmp_path / "s.log", train=train)
    assert (first.trials, again.trials) == (8, 12)
    assert again.dev_f1 >= first.dev_f1
    assert len({json.dumps(settings, sort_keys=True) for settings, _ in again.table}) > 8  # no trial is repeated


@pytest.mark.parametrize(("change", "named"), [
    ({"search": SEARCH[:1]}, "the search;"),
    ({"search": [parse_parameter("network.units=10:50"), SEARCH[1]]}, "the search;"),
    ({"seeds": 2}, "the search;"),
    ({"setting": "training.epochs=3"}, "the settings;"),
    ({"words": "I-LOC"}, "the training sentences;"),
])  # fmt: skip
def test_a_study_of_another_search_is_not_continued(change, named: str, corpus: str, tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    study, train = tmp_path / "s.log", FakeTrainer()

    def search(search=SEARCH, seeds: int = 1, setting: str = "training.epochs=2", words: str = "") -> None:
        if words:
            Path(corpus).write_text(Path(corpus).read_text().replace("I-PER", words))
        config = Config.from_values({"data": {"train": [corpus]}, "output": {"model": words or "m.ner"}}, [setting])
        tune(config, search, trials=1, seeds=seeds, study=study, train=train)

    search()
    search()
    trials = study.read_bytes()
    with pytest.raises(ConfigError, match=rf"^{study}: not the same as when this study was begun: {named}"):
        search(**change)
    assert study.read_bytes().startswith(trials)
    assert len(train.configs) == 2


def test_an_incomplete_last_line_is_removed(corpus: str, tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    study, config = tmp_path / "new" / "s.log", Config.from_values({"data": {"train": [corpus]}})
    tune(config, SEARCH, trials=2, seeds=1, study=study, train=FakeTrainer())
    whole = study.read_bytes()
    for truncated in (whole[:5], whole[: len(whole) - 9], whole + b'{"op_code":4,"wor'):
        study.write_bytes(truncated)
        assert tune(config, SEARCH, trials=1, seeds=1, study=study, train=FakeTrainer()).trials >= 1
        assert all(json.loads(line) for line in study.read_text().splitlines())


@pytest.mark.parametrize("content", [b"Ann\tB-PER\nran", b"\x00\xff", b"[1]\n"])
def test_a_file_that_is_not_a_study_is_left_unchanged(content: bytes, corpus: str, tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    (tmp_path / "s").write_bytes(content)
    config = Config.from_values({"data": {"train": [corpus]}})
    with pytest.raises(ConfigError, match="is not the file of a search"):
        tune(config, SEARCH, trials=1, seeds=1, study=tmp_path / "s", train=FakeTrainer())
    assert (tmp_path / "s").read_bytes() == content
    with pytest.raises(NerTaggerError, match="is a folder"):
        tune(config, SEARCH, trials=1, seeds=1, study=tmp_path, train=FakeTrainer())


def test_two_concurrent_searches_in_one_study_are_rejected(corpus: str, tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    config = Config.from_values({"data": {"train": [corpus]}})
    study = tmp_path / "s"

    def again(_: Config) -> float:
        with pytest.raises(NerTaggerError, match="another run is at work here"):
            tune(config, SEARCH, trials=1, seeds=1, study=study, train=FakeTrainer())
        return 0.5

    assert tune(config, SEARCH, trials=1, seeds=1, study=study, train=FakeTrainer(again)).trials == 1


def test_unreadable_data_leave_no_study(tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    config = Config.from_values({"data": {"train": [str(tmp_path / "absent.conll")]}})
    with pytest.raises(NerTaggerError, match=r"absent\.conll: cannot be read"):
        tune(config, SEARCH, trials=1, seeds=1, study=tmp_path / "s", train=FakeTrainer())
    assert not list(tmp_path.iterdir())


def test_all_model_files_are_checked_before_the_first_training(corpus: str, tmp_path: Path) -> None:
    (tmp_path / "m.seed3.ner").mkdir()
    train = FakeTrainer()
    config = Config.from_values({"data": {"train": [corpus]}, "output": {"model": str(tmp_path / "m.ner")}})
    with pytest.raises(NerTaggerError, match=r"m\.seed3\.ner: is a folder"):
        train_seeds(config, 3, train)
    assert not train.configs


@pytest.mark.parametrize(
    ("search", "message"), [("network.unitz=1:2", "network.units"), ("network.layers=0:2", "layers")]
)
def test_tune_rejects_invalid_settings_before_it_begins(corpus: str, tmp_path: Path, search: str, message: str) -> None:
    pytest.importorskip("optuna")
    config, train = Config.from_values({"data": {"train": [corpus]}}), FakeTrainer()
    with pytest.raises(ConfigError, match=message):
        tune(config, [parse_parameter(search)], trials=1, seeds=1, study=tmp_path / "s", train=train)
    assert train.configs == []


def test_tune_without_optuna_names_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'nertagger\[tune\]'"):
        tune(Config.from_values({}), SEARCH, trials=1, seeds=1, study=tmp_path / "s", train=FakeTrainer())


TINY = [
    "encoder.source=none",
    "words.size=4",
    "characters.size=4",
    "characters.units=4",
    "network.layers=1",
    "network.units=4",
    "training.epochs=1",
    "training.refit=1",
]
OPTIONS = [part for setting in TINY for part in ("--set", setting)]


def test_seeds_and_folds_with_the_real_trainer(corpus: str, tmp_path: Path, capsys) -> None:
    model = str(tmp_path / "m.ner")
    assert main(["train", "--train", corpus, "--dev", corpus, "--out", model, "--seeds", "2", "--json", *OPTIONS]) == 0
    assert len(json.loads(capsys.readouterr().out)["runs"]) == 2
    assert (tmp_path / "m.seed2.ner").exists()
    assert (
        main(
            ["cross-validate", "--train", corpus, "--folds", "2", "--json", "--set", "training.batch_size=4", *OPTIONS]
        )
        == 2
    )
    assert "10 training sentences and no dev file" in capsys.readouterr().err


@pytest.mark.slow
def test_cross_validation_and_tuning_with_the_real_trainer(tmp_path: Path, capsys) -> None:
    pytest.importorskip("optuna")
    corpus = tmp_path / "more.conll"
    corpus.write_text("".join(f"Ann\tB-PER\nsaw\tO\nw{n}\tO\n\n" for n in range(60)), encoding="utf-8")
    assert main(["cross-validate", "--train", str(corpus), "--folds", "2", *OPTIONS]) == 0
    assert "F1 of 2 folds" in capsys.readouterr().out
    files = ["--train", str(corpus), "--dev", str(corpus), "--study", str(tmp_path / "s.log")]
    assert main(["tune", *files, "--search", "network.units=4,6", "--trials", "2", *OPTIONS]) == 0
    assert "best of 2 trials, dev F1" in capsys.readouterr().out


@pytest.mark.parametrize(("arguments", "message"), [
    (["cross-validate"], "nothing to train on"),
    (["tune", "--train", "x"], "--search"),
    (["train", "--resume", "x", "--seeds", "2"], "--resume continues a single run"),
    (["split", "x"], "--out"),
    (["tune", "--train", __file__, "--search", "foo.bar=1:2"], "--search foo.bar: there is no section foo"),
])  # fmt: skip
def test_invalid_arguments(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert main(arguments) == 2
    assert message in capsys.readouterr().err
