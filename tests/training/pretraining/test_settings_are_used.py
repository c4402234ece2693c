"""Every setting of an encoder is used: another value changes the data, the network or the run before its first step."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from nertagger.config import EncoderConfig
from nertagger.config.fields import fields_of
from nertagger.training.pretraining.data import load_data
from nertagger.training.pretraining.encoder_writing import encoder_members
from nertagger.training.pretraining.learner import Learner
from nertagger.training.pretraining.reports import LoggingEncoderListener
from nertagger.training.pretraining.run import open_stages, run_folder
from tests.training.pretraining.small_encoders import LINES, Make

OTHERS: dict[str, object] = {
    "data.text": ["other.txt"],
    "data.annotated": ["a.conll"],
    "data.vectors": ["other.txt.vectors"],
    "data.max_vectors": 5,
    "data.exclude": ["line.txt"],
    "data.licence": "CC0",
    "characters.encoder": "bilstm",
    "characters.size": 3,
    "characters.units": 6,
    "characters.width": 2,
    "characters.max_length": 2,
    "shapes.size": 3,
    "shapes.min_count": 1,
    "network.cell": "gru",
    "network.direction": "forward",
    "network.layers": 2,
    "network.units": 4,
    "masked.passes": 2.0,
    "masked.mask": 0.5,
    "masked.batch_tokens": 70,
    "masked.max_length": 4,
    "masked.max_forms": 15,
    "masked.targets": 3,
    "masked.shape_targets": 1,
    "masked.projection": 5,
    "masked.learning_rate": 0.01,
    "masked.warm_up": 0,
    "masked.dropout": 0.2,
    "masked.average": 0.1,
    "masked.held_out": 0.3,
    "masked.evaluate_every": 4,
    "annotated.steps": 30,
    "annotated.batch_size": 3,
    "annotated.dense": 5,
    "annotated.learning_rate": 0.01,
    "annotated.warm_up": 0,
    "annotated.encoder_rate": 0.5,
    "annotated.dropout": 0.2,
    "annotated.word_dropout": 0.2,
    "annotated.lower_case": 0.9,
    "annotated.skip_empty": 0.9,
    "annotated.average": 0.1,
    "annotated.masked_every": 2,
    "annotated.evaluate_every": 3,
    "training.clip_at": 1.0,
    "training.seed": 2,
    "output.encoder": "other.enc",
}
USED_ELSEWHERE = {"data.start"}  # see test_pretraining_run
BASE: dict[str, object] = {
    "data__annotated": ["a.conll", "b.conll"],
    "masked__passes": 4.0,
    "masked__targets": 8,
    "annotated__steps": 25,
}


def test_every_setting_has_another_value() -> None:
    assert {*OTHERS, *USED_ELSEWHERE} == set(fields_of(EncoderConfig))


@pytest.fixture
def files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files that the settings name, in the working directory."""
    monkeypatch.chdir(folder)
    Path("other.txt").write_text("\n\n".join(LINES[:3] * 6))
    Path("other.txt.vectors").write_text((folder / "vectors.txt").read_text().replace(" -1", " 3"))
    Path("line.txt").write_text(LINES[1])
    with Path("b.conll").open("a") as stream:
        stream.write("\nNo\tO\nentity\tO\n" * 4)


@pytest.mark.slow
@pytest.mark.usefixtures("files")
def test_another_value_of_any_setting_changes_the_run(small: Make) -> None:
    config = small(**BASE)
    before = seen(config)
    assert seen(config) == before
    assert [name for name, value in OTHERS.items() if seen(config.updated({name: value})) == before] == []


def seen(config: EncoderConfig) -> str:
    """Return what a run does, as text: its folder, data, networks, schedules and first batches, and its card."""
    keras.utils.set_random_seed(config.training.seed)
    data = load_data(config, Path(), {"": json.dumps(config.model_dump())}, LoggingEncoderListener())
    members = encoder_members(config, data, {}, {})
    card = members["README.md"].decode()
    found: list[Any] = [run_folder(config), members["vocabulary.json"], members["weights.safetensors"], card]
    for stage in open_stages(config, data):
        network, heads = stage.network(), stage.heads()
        learner = Learner(network, heads, average=stage.average, clip_at=config.training.clip_at)
        rates = [stage.rates(step) for step in range(stage.steps)]
        tasks = [(task.head, *map(np.ndarray.tolist, task.inputs.values())) for task in stage.tasks(0)]
        held_out = [inputs["index"].tolist() for inputs in stage.held_out()]
        dropout = network.word_dropout.rate, network.stack.dropouts[0].rate
        shapes = [tuple(variable.shape) for variable in learner.variables]
        found += [stage.evaluate_every, learner.average, learner.clip_at, rates, tasks, held_out, dropout, shapes]
    return repr(found)
