"""Training of language models: they learn, are reproducible byte for byte, and resume where they stopped."""

from __future__ import annotations

import json
import math
import os
import signal
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from nertagger.config.language_model import LanguageModelConfig
from nertagger.errors import NerTaggerError, TrainingError
from nertagger.runtime.language_model.model import LanguageModel
from nertagger.training import Stopped, resume
from nertagger.training.language_model import resume_lm, train_lm
from nertagger.training.language_model.checkpoint import LanguageCheckpoint, LanguageProgress
from nertagger.training.language_model.learner import Learner
from nertagger.training.language_model.reports import LoggingLanguageListener
from nertagger.training.language_model.run import held_out_loss, learning_rate, run_folder
from nertagger.training.language_model.stream import TextStream
from nertagger.training.loop.checkpoint_file import FILE_NAME

Make = Callable[..., LanguageModelConfig]


class StopAt(LoggingLanguageListener):
    """Sends Ctrl-C to this process after some steps."""

    def __init__(self, step: int) -> None:
        self.step = step

    def on_step(self, step: int, steps: int, bits: float) -> None:
        if step == self.step:
            os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize(
    ("level", "precision"), [("characters", "float32"), ("characters", "bfloat16"), ("words", "float32")]
)
def test_a_repeated_line_is_learned(level: str, precision: str, small: Make, tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_text("we are one .\n\n" * 100)
    rates = {"learning_rate": 0.05, "dropout": 0.0}
    config = small(text=[str(path)], level=level, precision=precision, steps=90, evaluate_every=90, units=12, **rates)
    model = LanguageModel.load(train_lm(config))
    line = "we are one ." if level == "characters" else ("we", "are", "one", ".")
    for direction in ("forward", "backward"):
        assert model.score([line] * 50, direction=direction).perplexity < 1.1


def test_training_steps_use_the_configured_precision(small: Make, tmp_path: Path) -> None:
    bits = {}
    for precision in ("float32", "bfloat16"):
        config = small(precision=precision, direction="forward", model=str(tmp_path / f"{precision}.lm"))
        model = LanguageModel.load(train_lm(config))
        bits[precision] = model.model.json("metrics.json")["held_out"]["forward"]["bits"]
    assert bits["bfloat16"] != bits["float32"]


@pytest.mark.parametrize("step", [2, pytest.param(3, marks=pytest.mark.slow)])
def test_a_resumed_run_writes_the_file_of_an_uninterrupted_one(step: int, small: Make) -> None:
    """The same seed writes the same bytes, also where the second run is stopped on its way."""
    config = small(steps=5)
    uninterrupted = train_lm(config).read_bytes()
    log = [json.loads(line) for line in (run_folder(config) / "log.jsonl").read_text().splitlines()]
    Path(config.model).unlink()
    with pytest.raises(KeyboardInterrupt):
        train_lm(config, listener=StopAt(step))
    assert LanguageCheckpoint.load(run_folder(config)).progress.step == step
    assert resume_lm(run_folder(config)).read_bytes() == uninterrupted
    resumed = [json.loads(line) for line in (run_folder(config) / "log.jsonl").read_text().splitlines()]
    for name in ("step", "train_bits", "held_out_bits", "learning_rate"):
        assert [record[name] for record in resumed] == [record[name] for record in log]


def test_resume_rejects_changed_data_and_settings_and_writes_the_given_file(
    small: Make, text: Path, tmp_path: Path
) -> None:
    config = small(steps=5)
    with pytest.raises(Stopped, match="resume with: nertagger lm train --resume"):
        train_lm(config, listener=StopAt(3))
    folder = run_folder(config).rename(tmp_path / "moved.run")
    lines, settings = text.read_text(), (folder / "config.toml").read_text()
    text.write_text(lines.replace("bird", "cats"))
    with pytest.raises(TrainingError, match=r"the data have changed since this run began; .* bring back the text"):
        resume_lm(folder)
    text.write_text(lines)
    (folder / "config.toml").write_text(settings.replace("steps = 5", "steps = 6"))
    with pytest.raises(TrainingError, match="the settings have changed"):
        resume_lm(folder)
    (folder / "config.toml").write_text(settings)
    with (folder / "log.jsonl").open("a") as log:
        log.write('{"step": 3, "sym')
    out = tmp_path / "other.lm"
    assert resume_lm(folder, out=str(out)) == out
    assert not Path(config.model).exists()
    assert [json.loads(line)["step"] for line in (folder / "log.jsonl").read_text().splitlines()] == [3, 5]
    with pytest.raises(
        TrainingError, match="is a run of nertagger lm train; resume it with: nertagger lm train --resume"
    ):
        resume(folder)


@pytest.mark.parametrize(("values", "problem"), [
    ({"model": "."}, "is a folder"), ({"text": ["/dev/null"]}, "is no file, and the text is read more than once"),
    ({"dev": "-"}, "is no file"),
])  # fmt: skip
def test_files_are_checked_before_training(
    values: dict[str, object], problem: str, small: Make, tmp_path: Path
) -> None:
    before = sorted(tmp_path.iterdir())
    with pytest.raises(NerTaggerError, match=problem):
        train_lm(small(**values))
    assert sorted(tmp_path.iterdir()) == before


def test_a_backward_model_is_a_forward_model_of_the_reversed_text(small: Make, tmp_path: Path) -> None:
    """With equal weights both read the same symbols, so that their losses are equal."""
    text = TextStream(small(dropout=0.0))
    learner = Learner(small(dropout=0.0), len(text.symbols))
    backward, forward = (learner.networks[name].variables for name in ("backward", "forward"))
    for variable, value in zip(backward, forward, strict=True):
        variable.assign(value)
    mirrored = held_out_loss(learner, text.held_out[::-1].copy(), small())
    losses = held_out_loss(learner, text.held_out, small())
    assert losses["backward"] == pytest.approx(mirrored["forward"], rel=1e-5)
    assert losses["backward"] != pytest.approx(losses["forward"], rel=1e-4)


def test_the_state_is_carried_over_from_step_to_step(small: Make, text: Path) -> None:
    """The mean loss of consecutive windows equals that of the whole batch stream in one window."""
    config = small(direction="forward", dropout=0.0)
    stream = TextStream(config)
    learner = Learner(config, len(stream.symbols))
    windows = list(islice(stream.windows(), 3))
    state, losses = learner.start(config.batch_size), []
    for window in windows:
        loss, state = learner.evaluate(window, state)
        losses.append(loss["forward"])
    whole = windows[0]._replace(
        inputs={"forward": np.concatenate([w.inputs["forward"] for w in windows])},
        targets={"forward": np.concatenate([w.targets["forward"] for w in windows])},
    )
    loss, _ = learner.evaluate(whole, learner.start(config.batch_size))
    assert np.mean(losses) == pytest.approx(loss["forward"], rel=1e-5)


@pytest.mark.parametrize("clip_at", [1e-3, 1e3])
def test_gradients_are_clipped_by_the_norm_of_each_direction(clip_at: float, small: Make) -> None:
    config = small(direction="both", clip_at=clip_at, dropout=0.0)
    stream = TextStream(config)
    learner = Learner(config, len(stream.symbols))
    norms: list[np.ndarray] = []
    tf = pytest.importorskip("tensorflow")

    def record(gradients: list, variables: list) -> None:
        half = len(variables) // 2
        tf.py_function(
            lambda *found: norms.extend(np.asarray(tf.linalg.global_norm(g)) for g in (found[:half], found[half:])),
            gradients,
            [],
        )

    learner.optimizer.apply = record
    learner.train(next(stream.windows()), learner.start(config.batch_size), learning_rate=1.0)
    assert len(norms) == 2
    for norm in norms:
        assert norm == pytest.approx(clip_at, rel=1e-3) if clip_at < 1 else 1e-3 < norm < 1e3


def test_the_best_evaluation_on_the_held_out_text_is_kept(small: Make) -> None:
    records = []
    listener = LoggingLanguageListener()
    listener.on_check = lambda record, best: records.append((record, best))  # type: ignore[method-assign]
    config = small(steps=12, learning_rate=0.5, direction="forward")
    model = LanguageModel.load(train_lm(config, listener=listener))
    held_out = [record["held_out_bits"]["forward"] for record, _ in records]
    metrics = model.model.json("metrics.json")
    assert metrics["held_out"]["forward"]["bits"] == pytest.approx(min(held_out), abs=1e-4)
    assert metrics["step"] == next(r["step"] for r, _ in records if r["held_out_bits"]["forward"] == min(held_out))
    lines = TextStream(config)
    text = "".join((["?", *lines.symbols.items])[i] for i in lines.held_out[1:-1]).split("\n")
    assert model.score(text).bits == pytest.approx(min(held_out), abs=1e-3)


def test_diverging_loss_stops_with_a_remedy(small: Make) -> None:
    config = small(steps=60, learning_rate=1e4, clip_at=1e6)
    with pytest.raises(TrainingError, match="diverged; lower learning_rate"):
        train_lm(config)


def test_the_learning_rate_rises_and_then_falls_to_zero() -> None:
    config = LanguageModelConfig(steps=1000, learning_rate=0.1)
    rates = [learning_rate(LanguageProgress(step=step), config) for step in range(1000)]
    assert rates[0] == pytest.approx(0.001)
    assert max(rates) == rates[99] > 0.095
    assert rates[-1] < 1e-6
    assert rates[500] == pytest.approx(0.05)


def test_a_time_limit_ends_the_run(small: Make) -> None:
    config = small(steps=10**9, seconds=1)
    train_lm(config)
    assert 0 < LanguageCheckpoint.load(run_folder(config)).progress.step < 10**6
    late = LanguageProgress(step=200, seconds=0.5)
    assert learning_rate(late, config) == pytest.approx(config.learning_rate * (1 + math.cos(math.pi / 2)) / 2)


def test_missing_and_damaged_checkpoints_are_errors(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"has no config\.toml"):
        resume_lm(tmp_path)
    with pytest.raises(TrainingError, match=f"has no {FILE_NAME}"):
        LanguageCheckpoint.load(tmp_path)
    (tmp_path / FILE_NAME).write_bytes(b"nonsense")
    with pytest.raises(TrainingError, match="is damaged"):
        LanguageCheckpoint.load(tmp_path)
