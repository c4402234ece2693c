"""The schedules of both stages, and the order of the batches of the second."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from nertagger.training.pretraining.data import load_data
from nertagger.training.pretraining.masking import MaskedText
from nertagger.training.pretraining.reports import LoggingEncoderListener
from nertagger.training.pretraining.stages import MASKED_WORDS, AnnotatedStage, MaskedStage, Stage
from tests.training.pretraining.small_encoders import Make

OpenStages = tuple[MaskedStage, AnnotatedStage]


@pytest.fixture
def open_stages(small: Make, folder: Path):
    """Return a function that makes both stages of a small run with other settings."""

    def make(**values: object) -> OpenStages:
        corpora = [str(folder / "a.conll"), str(folder / "b.conll")]
        config = small(data__annotated=corpora, **values)
        data = load_data(config, folder, {}, LoggingEncoderListener())
        assert data.text is not None
        text = MaskedText(config, data.text, data.features, data.vectors)
        return MaskedStage(config, data, text), AnnotatedStage(config, data, text)

    return make


def rates(stage: Stage) -> list[float]:
    return [stage.rates(step).head for step in range(stage.steps)]


def test_learning_rates_rise_and_fall(open_stages) -> None:
    masked, annotated = open_stages(masked__passes=30.0, masked__warm_up=5, annotated__steps=100, annotated__warm_up=4)
    first, second = rates(masked), rates(annotated)
    assert np.argmax(first) == 4
    assert first[0] == pytest.approx(0.003 / 5, rel=0.1)
    assert np.allclose(np.diff(first[5:], 2), 0)
    assert first[-1] == pytest.approx(0.003 / masked.steps)
    assert second[4:50] == pytest.approx([0.003] * 46)
    assert second[75] == pytest.approx(0.0015)
    assert second[-1] == pytest.approx(0.00006)


def test_the_encoder_may_learn_at_another_rate(open_stages) -> None:
    _, annotated = open_stages(annotated__encoder_rate=0.3)
    assert annotated.rates(2).encoder == pytest.approx(0.3 * annotated.rates(2).head)


def test_corpora_are_drawn_by_the_root_of_their_size(open_stages) -> None:
    _, annotated = open_stages(annotated__steps=4000)
    names = Counter(task.head for task in islice(annotated.tasks(0), 4000))
    (_, first), (_, second) = sorted(names.items())
    assert first / second == pytest.approx((7 / 3) ** 0.5, rel=0.1)


def test_masked_words_come_in_between(open_stages) -> None:
    _, annotated = open_stages(annotated__steps=7, annotated__masked_every=3)
    assert annotated.steps == 9
    heads = [task.head == MASKED_WORDS for task in annotated.tasks(0)]
    assert heads == [False, False, False, True, False, False, False, True, False]


@pytest.mark.parametrize("done", [1, 4, 9])
def test_tasks_continue_where_they_stopped(done: int, open_stages) -> None:
    _, annotated = open_stages(annotated__steps=12, annotated__masked_every=3)
    tasks = list(annotated.tasks(0))
    for task, again in zip(tasks[done:], annotated.tasks(done), strict=True):
        assert task.head == again.head
        assert all(np.array_equal(task.inputs[name], again.inputs[name]) for name in task.inputs)
