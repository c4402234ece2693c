"""The training of a committee: its networks one after the other, and one model of all."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nertagger import training
from nertagger.config import Config
from nertagger.modelfile.schema import MetricsKey
from nertagger.modelfile.tensors import members_of
from nertagger.training.loop.checkpoint import Checkpoint
from nertagger.training.loop.reports import LoggingListener
from tests.training.test_run import f1


class Recorder(LoggingListener):
    """Keeps the lines of a run, and sends Ctrl-C to this process in an epoch."""

    def __init__(self, stop_in_epoch: int = 0) -> None:
        self.lines: list[str] = []
        self.stop_in_epoch = stop_in_epoch

    def on_note(self, text: str) -> None:
        self.lines += [text] if text.startswith("network") else []

    def on_step(self, epoch: int, step: int, steps: int, loss: float) -> None:
        if epoch == self.stop_in_epoch:
            os.kill(os.getpid(), signal.SIGINT)

    def on_epoch(self, record: object, *, best: bool) -> None:
        self.lines.append(f"epoch {record['epoch']}")  # type: ignore[index]


@pytest.mark.parametrize("refit", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_a_committee_has_the_network_of_its_seed_and_others_also_if_resumed(
    refit: int, tiny: Callable[..., Config], corpus: Path
) -> None:
    settings = ("training.epochs=8", f"training.refit={refit}", "training.learning_rate=0.02")
    settings += ("training.entity_bias=false",)
    alone = training.train(tiny(*settings)).model.tensors
    config, recorder = tiny(*settings, "training.members=2"), Recorder()
    committee = training.train(config, listener=recorder)
    first, second = members_of(committee.model.tensors)
    np.testing.assert_array_equal(first["emit/kernel"], alone["emit/kernel"])
    assert not np.array_equal(second["emit/kernel"], alone["emit/kernel"])
    epochs = 8 + refit
    wanted = ["network 1 of 2 of the committee", *(f"epoch {n + 1}" for n in range(epochs))]
    assert recorder.lines == [
        *(*wanted, "network 2 of 2 of the committee"),
        *(f"epoch {epochs + n + 1}" for n in range(epochs)),
    ]
    assert "a committee of 2, each 1 x " in committee.model.text("README.md")
    assert [member["epochs"] for member in committee.model.metrics[MetricsKey.MEMBERS]] == [8, 8]
    if not refit:
        assert committee.model.metrics[MetricsKey.DEV]["micro"]["f1"] == f1(committee, corpus) > 0
    _stop_and_resume(config, epochs)


def _stop_and_resume(config: Config, epochs: int) -> None:
    """Train again, stop in the first epoch of the second network, and resume: the file must be the same."""
    uninterrupted = Path(config.output.model).read_bytes()
    with pytest.raises(training.Stopped):
        training.train(config, listener=Recorder(stop_in_epoch=epochs + 1))
    folder = training.run_folder(config)
    assert len(Checkpoint.load(folder).members) == 1
    training.resume(folder)
    assert Path(config.output.model).read_bytes() == uninterrupted
    lines = (folder / "log.jsonl").read_text().splitlines()
    assert [json.loads(line)["epoch"] for line in lines] == list(range(1, 2 * epochs + 1))
