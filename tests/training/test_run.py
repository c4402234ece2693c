"""Training: it learns, is reproducible byte for byte, resumes where it stopped, and reports when it cannot."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nertagger import training
from nertagger.config import Config
from nertagger.corpus import read
from nertagger.errors import TrainingError
from nertagger.evaluation import evaluate
from nertagger.runtime.leakage import count_trained_on
from nertagger.training import tagger_run
from nertagger.training.data import load_dataset
from nertagger.training.loop.checkpoint import Checkpoint
from nertagger.training.loop.reports import LoggingListener
from nertagger.training.loop.schedule import Schedule
from nertagger.training.loop.weights import Weights
from nertagger.training.selection.dev_scorer import DevScorer, DevScores
from nertagger.training.state import RunState

LEARN = [
    "training.epochs=20",
    "training.refit=5",
    "training.batch_size=1",
    "training.learning_rate=0.02",
    "words.unknown_rate=0",
    "network.dropout=0",
    "network.word_dropout=0",
]


class StopAt(LoggingListener):
    """Sends Ctrl-C to this process after some steps."""

    def __init__(self, epoch: int, step: int) -> None:
        self.place = (epoch, step)

    def on_step(self, epoch: int, step: int, steps: int, loss: float) -> None:
        if (epoch, step) == self.place:
            os.kill(os.getpid(), signal.SIGINT)


def f1(tagger: tagger_run.Tagger, path: Path) -> float:
    gold = read(path)
    return evaluate(gold, tagger.tag_tokens([sentence.words for sentence in gold])).micro.f1


@pytest.mark.parametrize("output", ["crf", "softmax"])
def test_a_small_corpus_is_memorized_and_the_best_epoch_is_kept(
    output: str, tiny: Callable[..., Config], corpus: Path
) -> None:
    records = []
    listener = LoggingListener()
    listener.on_epoch = lambda record, best: records.append((record, best))  # type: ignore[method-assign]
    config = tiny(*LEARN, f"network.output={output}", "network.units=16", "training.entity_bias=false")
    tagger = training.train(config, listener=listener)
    assert f1(tagger, corpus) == 1.0
    best = max((record for record, _ in records), key=lambda record: record.get("dev_f1", -1))
    metrics = tagger.model.json("metrics.json")
    assert metrics["dev"]["micro"]["f1"] == pytest.approx(best["dev_f1"])
    assert [r["epoch"] for r, is_best in records if is_best][-1] == metrics["epoch"]
    assert metrics["entity_bias"] == {"LOC": 0.0, "PER": 0.0}


@pytest.mark.parametrize("optimizer", ["adamw", "sgd"])
def test_other_optimizers_and_clipping_learn_too(optimizer: str, tiny: Callable[..., Config]) -> None:
    rate = {"adamw": 0.02, "sgd": 0.3}[optimizer]
    config = tiny(
        f"training.optimizer={optimizer}",
        f"training.learning_rate={rate}",
        "training.epochs=12",
        "training.refit=5",
        "training.patience=12",
        "network.dropout=0",
        "network.word_dropout=0",
    )
    log = []
    listener = LoggingListener()
    listener.on_epoch = lambda record, best: log.append(record["loss"])  # type: ignore[method-assign]
    training.train(config, listener=listener)
    assert log[-1] < 0.7 * log[0]


_OTHER_STEPS = [pytest.param(*place, marks=pytest.mark.slow) for place in ((1, 1), (2, 2), (4, 1), (5, 4), (7, 5))]


@pytest.mark.parametrize(("epoch", "step"), [(2, 3), *_OTHER_STEPS])
def test_a_resumed_run_writes_the_file_of_an_uninterrupted_one(
    epoch: int, step: int, tiny: Callable[..., Config], tmp_path: Path
) -> None:
    """The same seed writes the same bytes, also where the second run is stopped on its way."""
    config = tiny("training.epochs=3", "training.refit=4")
    training.train(config)
    uninterrupted = Path(config.output.model).read_bytes()
    log = (training.run_folder(config) / "log.jsonl").read_text()
    Path(config.output.model).unlink()
    with pytest.raises(KeyboardInterrupt):
        training.train(config, listener=StopAt(epoch, step))
    assert not Path(config.output.model).exists()
    checkpoint = Checkpoint.load(training.run_folder(config))
    assert (checkpoint.progress.epoch, checkpoint.progress.step) == (epoch, step)
    training.resume(training.run_folder(config))
    assert Path(config.output.model).read_bytes() == uninterrupted
    resumed = (training.run_folder(config) / "log.jsonl").read_text()
    losses = [[json.loads(line)["loss"] for line in text.splitlines()] for text in (log, resumed)]
    assert losses[0] == pytest.approx(losses[1])


def test_first_batches_of_equal_length_do_not_fix_the_shape(tiny: Callable[..., Config], tmp_path: Path) -> None:
    path = tmp_path / "lengths.conll"
    rows = [("a\tO\n" * 3, 8), ("b\tB-X\n" * 7, 4), ("c\tO\n", 4)]
    path.write_text("\n".join(block for block, count in rows for _ in range(count)))
    tagger = training.train(tiny(f"data.train=['{path}']", f"data.dev=['{path}']"))
    assert [len(tags) for tags in tagger.tag_tokens([["a"] * 3, ["b"] * 7, ["c"]])] == [3, 7, 1]


def test_diverging_loss_stops_with_a_remedy(tiny: Callable[..., Config]) -> None:
    config = tiny("training.optimizer=sgd", "training.learning_rate=1e9", "training.clip=none", "training.epochs=5")
    with pytest.raises(TrainingError, match=r"diverged; lower training\.learning_rate"):
        training.train(config)


def write_separate_dev_split(folder: Path) -> Path:
    """Write two dev sentences that are not in the training split, one with an unknown label; return the path."""
    path = folder / "dev.conll"
    path.write_text("Zoe\tB-PER\nmet\tO\nKai\tB-PER\nat\tO\nUlm\tB-LOC\n\nAcme\tB-ORG\nsaw\tO\nZoe\tB-PER\n")
    return path


def test_the_refit_trains_on_the_dev_split(tiny: Callable[..., Config], tmp_path: Path) -> None:
    dev = write_separate_dev_split(tmp_path)
    config = tiny(*LEARN, f"data.dev=['{dev}']", "training.epochs=1", "network.units=16")
    lines = []
    listener = LoggingListener()
    listener.on_epoch = lambda record, best: lines.append(record)  # type: ignore[method-assign]
    before = training.train(config.updated({"training.refit": 0}))
    after = training.train(
        tiny(*LEARN, f"data.dev=['{dev}']", "training.epochs=1", "network.units=16", "training.refit=30"),
        listener=listener,
    )
    assert ["dev_f1" in line for line in lines] == [True] + [False] * 30
    assert lines[-1]["loss"] < lines[1]["loss"]
    metrics = [tagger.model.json("metrics.json") for tagger in (before, after)]
    assert [metric["refit"] for metric in metrics] == [0, 30]
    assert f1(before, dev) == pytest.approx(metrics[0]["dev"]["micro"]["f1"])
    assert f1(after, dev) > max(f1(before, dev), metrics[1]["dev"]["micro"]["f1"], 0.9)
    gold = [sentence.words for sentence in read(dev)]
    assert [count_trained_on(tagger.model, gold) for tagger in (before, after)] == [(1, 0), (1, 1)]
    counted = [tagger.model.tensors["tag_counts"].sum() for tagger in (before, after)]
    assert counted[1] - counted[0] == 8  # the tokens of the dev split
    assert (before.labels, after.labels) == (("LOC", "PER"), ("LOC", "ORG", "PER"))


def test_the_refit_continues_from_the_last_epoch_not_from_the_best(
    tiny: Callable[..., Config], monkeypatch: pytest.MonkeyPatch
) -> None:
    scored, restarted = [], []
    score, restart = DevScorer.score, RunState.restart_from

    def record_scored(scorer: DevScorer, weights: Weights, **options: Any) -> DevScores:
        scored.append({name: array.copy() for name, array in weights.items()})
        return score(scorer, weights, **options)

    def record_restart(state: RunState, weights: Weights) -> None:
        restarted.append(weights)
        restart(state, weights)

    monkeypatch.setattr(DevScorer, "score", record_scored)
    monkeypatch.setattr(RunState, "restart_from", record_restart)
    monkeypatch.setattr(Schedule, "epoch_done", lambda schedule, epoch, score, config: epoch == 1)
    training.train(tiny("training.epochs=3", "training.refit=2", "training.entity_bias=false"))
    first, _, last, chosen = (weights["emit/kernel"] for weights in scored)
    assert (chosen == first).all()
    assert (restarted[0]["emit/kernel"] == last).all()
    assert (first != last).any()


def test_without_dev_every_tenth_sentence_is_held_out(
    tiny: Callable[..., Config], corpus: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = corpus.read_text()
    corpus.write_text("\n".join([text] * 3))
    with caplog.at_level(logging.WARNING):
        dataset = load_dataset(tiny("data.dev=[]"))
    assert "one training sentence in 10 is held out" in caplog.text
    assert (len(dataset.train), len(dataset.dev)) == (27, 3)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["data.train=[]"], "no training data"),
        (["data.dev=[]"], "pass --dev FILE"),
        (["data.tag_column=0"], "expected O or one of B-"),
    ],
)
def test_invalid_data_settings_are_rejected(settings: list[str], message: str, tiny: Callable[..., Config]) -> None:
    with pytest.raises(Exception, match=message):
        training.train(tiny(*settings))


@pytest.fixture
def stopped(tiny: Callable[..., Config]) -> Path:
    """The folder of a run that was stopped in its second epoch."""
    config = tiny("training.epochs=2", "training.refit=1")
    with pytest.raises(training.Stopped, match="resume with: nertagger train --resume"):
        training.train(config, listener=StopAt(2, 1))
    return training.run_folder(config)


def test_a_stopped_run_resumes_in_a_new_folder_but_not_with_other_data_or_settings(
    stopped: Path, corpus: Path, tmp_path: Path
) -> None:
    refuse_changed_data_and_settings(stopped, corpus, tmp_path)
    moved = stopped.rename(tmp_path / "elsewhere.run")
    data = corpus.rename(tmp_path / "moved.conll")
    settings = (moved / "config.toml").read_text()
    (moved / "config.toml").write_text(settings.replace(str(corpus), str(data)))
    with (moved / "log.jsonl").open("a") as log:
        log.write('{"epoch": 2, "lo')
    out = tmp_path / "new" / "other.ner"
    with pytest.raises(training.Stopped, match=f"--resume {moved} --out {out}"):
        training.resume(moved, out=str(out), listener=StopAt(2, 2))
    assert training.resume(moved, out=str(out)).model.path == out
    assert not stopped.exists()
    assert not (tmp_path / "model.ner").exists()
    assert [json.loads(line)["epoch"] for line in (moved / "log.jsonl").read_text().splitlines()] == [1, 2, 3]


def refuse_changed_data_and_settings(stopped: Path, corpus: Path, tmp_path: Path) -> None:
    """Try to resume with other data and settings; both are then as they were."""
    text, settings = corpus.read_text(), (stopped / "config.toml").read_text()
    for change in (("PER", "LOC"), ("Oslo", "Bonn"), ("Yes\tO\n\n", "")):
        corpus.write_text(text.replace(*change))
        problem = (
            "the data have changed since this run began; train anew, or bring back the training sentences and the dev"
        )
        with pytest.raises(TrainingError, match=problem):
            training.resume(stopped)
    corpus.write_text(text)
    dev = tmp_path / "dev.conll"
    dev.write_text(text.replace("Oslo", "Bonn"))
    (stopped / "config.toml").write_text(re.sub("dev = .*", f'dev = ["{dev}"]', settings))
    with pytest.raises(TrainingError, match="bring back the dev sentences as before"):
        training.resume(stopped)
    (stopped / "config.toml").write_text(settings.replace("seed = 1", "seed = 2"))
    with pytest.raises(TrainingError, match="the settings have changed since this run began; train anew"):
        training.resume(stopped)
    (stopped / "config.toml").write_text(settings)


def test_a_model_that_cannot_be_written_can_be_written_elsewhere(
    tiny: Callable[..., Config], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tiny("training.epochs=1", "training.refit=0")

    def full(path: str, members: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tagger_run, "write_model", full)
    with pytest.raises(TrainingError, match=r"model\.ner: cannot be written: No space .* --out OTHER$"):
        training.train(config)
    monkeypatch.undo()
    assert training.resume(training.run_folder(config), out=str(tmp_path / "other.ner")).labels == ("LOC", "PER")


@pytest.mark.slow
def test_a_run_that_stops_after_its_first_step_can_be_resumed(tiny: Callable[..., Config]) -> None:
    config = tiny("training.epochs=1", "training.refit=0")
    training.train(config)
    uninterrupted = Path(config.output.model).read_bytes()
    with pytest.raises(training.Stopped):
        training.train(config, listener=StopAt(1, 1))
    assert Checkpoint.load(training.run_folder(config)).progress.step == 1
    training.resume(training.run_folder(config))
    assert Path(config.output.model).read_bytes() == uninterrupted


def test_resume_without_a_configuration_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"has no config\.toml"):
        training.resume(tmp_path)
