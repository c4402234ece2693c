"""Several processes share the trials of a search, the seeds of a training, and the folds of a cross-validation."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nertagger.cli import main
from nertagger.config import Config
from nertagger.errors import ConfigError, NerTaggerError, TrainingError
from nertagger.experiments import Shared, cross_validate, parse_parameter, train_seeds, tune
from nertagger.experiments.sharing import Worker
from tests.experiments.fakes import FakeTrainer

pytest.importorskip("optuna")
SEARCH = [parse_parameter("network.units=10:100"), parse_parameter("network.cell=lstm,gru")]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    path = tmp_path / "all.conll"
    path.write_text("".join(f"Ann\tI-PER\nsaw\tO\nw{n}\tO\n\n" for n in range(20)), encoding="utf-8")
    data = {"train": [str(path)], "tag_column": 1}
    return Config.from_values({"data": data, "output": {"model": str(tmp_path / "m.ner")}})


@pytest.fixture
def journal(tmp_path: Path) -> Shared:
    return Shared(f"journal:{tmp_path / 's'}", "mine")


@pytest.fixture
def impatient(journal: Shared) -> Shared:
    return replace(journal, lease=0.4)


def search(config: Config, shared: Shared, train: Any, *, trials: int = 1, **options: Any) -> Any:
    return tune(config, options.pop("search", SEARCH), trials=trials, seeds=1, study=shared, train=train, **options)


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Return what the calls return that run at the same time, each as a process of its own would."""
    with ThreadPoolExecutor() as pool:
        return [future.result(30) for future in [pool.submit(call) for call in calls]]


def test_processes_share_the_trials_of_a_search(config: Config, journal: Shared) -> None:
    trainers = [FakeTrainer(lambda c: c.network.units / 200) for _ in range(2)]
    first, second = together(*(lambda train=train: search(config, journal, train, trials=7) for train in trainers))
    assert first == second
    assert first.trials == len(first.table) == sum(len(train.configs) for train in trainers) == 7
    assert len({json.dumps(settings) for settings, _ in first.table}) > 4  # they do not propose the same


def test_a_search_that_is_over_is_printed_and_may_be_extended(config: Config, journal: Shared) -> None:
    train = FakeTrainer(lambda c: c.network.units / 200)
    first = search(config, journal, train, trials=3)
    assert (search(config, journal, train, trials=3), len(train.configs)) == (first, 3)
    assert (search(config, journal, train, trials=5).trials, len(train.configs)) == (5, 5)


def test_processes_share_seeds_and_folds_with_the_scores_of_one(config: Config, journal: Shared) -> None:
    score = lambda c: c.training.seed / 7  # noqa: E731
    seeds = together(*[lambda: train_seeds(config, 3, FakeTrainer(score), shared=journal)] * 2)
    assert seeds == [train_seeds(config, 3, FakeTrainer(score))] * 2
    other = Shared(journal.storage, "folds")
    folds = together(*[lambda: cross_validate(config, 4, FakeTrainer(), shared=other)] * 2)
    assert folds == [cross_validate(config, 4, FakeTrainer())] * 2


def test_the_trial_of_a_process_that_has_stopped_is_taken_up(
    config: Config, impatient: Shared, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    over, begun, settings = threading.Event(), threading.Event(), []

    def stopped(c: Config) -> float:
        settings.append((c.network.units, c.network.cell))
        begun.set()
        over.wait(30)
        return 0.9

    def go_on() -> Any:
        begun.wait(30)
        found = search(config, impatient, FakeTrainer(lambda c: 0.5), trials=2)
        over.set()
        return found

    monkeypatch.setattr(Worker, "_beat", lambda *_: None)
    first, second = together(lambda: search(config, impatient, FakeTrainer(stopped), trials=2), go_on)
    assert first == second
    assert [f1 for _, f1 in second.table] == [0.5, 0.5]
    assert settings[0] in [(found["network.units"], found["network.cell"]) for found, _ in second.table]
    assert "has stopped; its work is taken up again" in caplog.text
    assert "others took up this process's work meanwhile" in caplog.text


def test_a_process_that_is_at_work_keeps_its_trial(config: Config, impatient: Shared) -> None:
    """It needs several times the lease."""
    begun = threading.Event()

    def slow(c: Config) -> float:
        begun.set()
        threading.Event().wait(1.5)
        return 0.9

    def other() -> Any:
        begun.wait(30)
        return search(config, impatient, FakeTrainer(), trials=1)

    first, second = together(lambda: search(config, impatient, FakeTrainer(slow)), other)
    assert first == second
    assert first.dev_f1 == 0.9


def test_a_trial_that_ends_every_process_is_given_up(
    config: Config, impatient: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The block that holds it is left without a word each time."""
    monkeypatch.setattr(Worker, "_held", lambda *_: nullcontext())
    for _ in range(3):
        with pytest.raises(MemoryError):
            search(config, impatient, FakeTrainer(_no_memory))
    with pytest.raises(NerTaggerError, match=r"no trial of 1 has succeeded.*process that did it has stopped 3 times"):
        search(config, impatient, FakeTrainer(_no_memory))
    seeds = Shared(impatient.storage, "seeds", lease=impatient.lease)
    for _ in range(3):
        with pytest.raises(MemoryError):
            train_seeds(config, 2, FakeTrainer(_no_memory), shared=seeds)


def _no_memory(_: Config) -> float:
    raise MemoryError


@pytest.mark.parametrize("error", [KeyboardInterrupt(), NerTaggerError("absent.conll: cannot be read")])
def test_an_interrupted_process_leaves_its_trial_to_others_at_once(
    config: Config, journal: Shared, error: BaseException
) -> None:
    """The lease is two minutes."""
    tried: list[int] = []

    def fail(c: Config) -> float:
        tried.append(c.network.units)
        raise error

    with pytest.raises(type(error)):
        search(config, journal, FakeTrainer(fail))
    assert [settings["network.units"] for settings, _ in search(config, journal, FakeTrainer()).table] == tried


def test_a_training_that_diverges_is_a_failed_trial(config: Config, journal: Shared) -> None:
    def diverge(c: Config) -> float:
        if c.network.cell == "gru":
            raise TrainingError("the loss is nan at epoch 1")
        return 0.5

    choices = [parse_parameter("network.cell=lstm,gru")]
    found = search(config, journal, FakeTrainer(diverge), trials=6, search=choices)
    assert found.trials == 6 == len(found.table) + len(found.failed)
    assert found.failed
    assert "failed  the loss is nan at epoch 1" in found.report()
    assert found.to_dict()["failed"] == found.failed
    assert search(config, journal, FakeTrainer(), trials=6, search=choices) == found


def test_another_search_is_refused_in_one_line(config: Config, journal: Shared) -> None:
    search(config, journal, FakeTrainer())
    with pytest.raises(ConfigError, match=r"^study mine in .*: not the same as when .*: the search; scores would not"):
        search(config, journal, FakeTrainer(), search=SEARCH[:1])
    with pytest.raises(ConfigError, match=r"name another study by --study$"):
        train_seeds(config, 2, FakeTrainer(), shared=journal)
    other = config.updated({"training.epochs": 3})
    with pytest.raises(ConfigError, match="the settings;"):
        search(other, journal, FakeTrainer())
    Path(config.data.train[0]).write_text("Bob\tI-PER\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="the training sentences;"):
        search(config, journal, FakeTrainer())


def test_progress_tells_of_other_processes(config: Config, journal: Shared) -> None:
    reported: list[str] = []
    begun, over = threading.Event(), threading.Event()

    def slow(c: Config) -> float:
        begun.set()
        over.wait(30)
        return 0.5

    def report(name: str, number: int, total: int, facts: str) -> None:
        reported.append(f"{name} {number} of {total} {facts}")
        if "waiting" in facts:
            over.set()

    def other() -> Any:
        begun.wait(30)
        return train_seeds(config, 2, FakeTrainer(), shared=journal, report=report)

    together(lambda: train_seeds(config, 2, FakeTrainer(slow), shared=journal), other)
    assert reported[-1].startswith("seed 2 of 2 waiting for 1 of other processes  best dev F1 50.00")


@pytest.mark.parametrize(("storage", "message"), [
    ("nonsense", "--storage: got something else, expected a database"),
    ("postgresql://me:secret@127.0.0.1:1/x?password=secret", "tune in postgresql://127.0.0.1:1/x: cannot be used"),
    ("oracle+absent://me:secret@host/x", "--storage: the driver oracle+absent is not installed"),
    ("journal:{}/all.conll", "all.conll: is not the file of a search; name another one by --storage"),
    ("journal:{}", "is a folder"),
    ("sqlite:///{}/s.db", "--storage: SQLite may hand the same run to two processes; use journal:FILE"),
    ("{}/absent/../all.conll/s.log", "all.conll"),
])  # fmt: skip
def test_a_storage_that_cannot_be_used_is_one_line_without_secrets(
    config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str], storage: str, message: str
) -> None:
    files = ["--train", *config.data.train, "--dev", *config.data.train, "--search", "network.units=4:6"]
    assert main(["tune", *files, "--storage", storage.format(tmp_path), "--traceback"]) == 2
    printed = capsys.readouterr().err
    assert message in printed
    assert "secret" not in printed + repr(Shared(storage, "s"))


@pytest.mark.parametrize(("arguments", "message"), [
    (["train", "--train", __file__, "--storage", "a.log"], "pass --seeds N too"),
    (["train", "--train", __file__, "--study", "a"], "--study names runs in a --storage"),
    (["cross-validate", "--train", __file__, "--study", "a"], "--study names runs in a --storage"),
    (["tune", "--train", __file__, "--search", "a.b=1:2", "--lease", "5"], "--lease is for runs that are shared"),
])  # fmt: skip
def test_options_that_need_a_storage(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


def test_files_count_by_their_contents_whatever_their_paths(config: Config, journal: Shared, tmp_path: Path) -> None:
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "v.txt").write_text("ann 0.5 0.5\n", encoding="utf-8")
    here, there = (config.updated({"words.vectors": str(tmp_path / place / "v.txt")}) for place in ("one", "two"))
    assert search(here, journal, FakeTrainer()) == search(there, journal, FakeTrainer())
    (tmp_path / "two" / "v.txt").write_text("ann 0.5 0.6\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="the settings;"):
        search(there, journal, FakeTrainer())
