"""Batches of masked words: every token once in an epoch, some of them hidden, the targets those that are hidden."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np

from nertagger.config import EncoderConfig
from nertagger.training.pretraining.data import load_data
from nertagger.training.pretraining.masking import Inputs, MaskedText, Targets
from nertagger.training.pretraining.reports import LoggingEncoderListener
from tests.training.pretraining.small_encoders import Make


def open_text(config: EncoderConfig, folder: Path) -> MaskedText:
    data = load_data(config, folder, {}, LoggingEncoderListener())
    assert data.text is not None
    return MaskedText(config, data.text, data.features, data.vectors)


def test_targets_are_frequent_forms_and_the_shapes_of_others() -> None:
    forms = ["the", "of", "Oslo", "Rome", "1999", "x", "2001"]
    targets = Targets.of(forms, np.array([9, 8, 3, 2, 2, 2, 1]), frequent=2, shapes=2)
    assert targets.of_forms.tolist() == [0, 1, 3, 3, 4, 2, 4]
    assert targets.count == 5


def test_an_epoch_has_every_sentence_once_but_those_held_out(small: Make, folder: Path) -> None:
    text = open_text(small(), folder)
    batches = list(islice(text.batches(0), text.steps_per_epoch))
    held_out = list(text.held_out())
    lengths = [n for inputs, _ in batches for n in inputs["lengths"].tolist()]
    assert len(lengths) + sum(len(inputs["lengths"]) for inputs in held_out) == 24
    assert sum(len(inputs["lengths"]) for inputs in held_out) == 2
    for inputs, tokens in batches:
        assert inputs["index"].size <= 48  # 40 tokens, and the last batch with its padding
        assert tokens == inputs["lengths"].sum()


def test_what_is_masked_is_asked_for(small: Make, folder: Path) -> None:
    text = open_text(small(masked__mask=0.5), folder)
    seen = 0
    for inputs, _ in islice(text.batches(0), 30):
        places = inputs["places"][inputs["counted"] > 0]
        assert np.flatnonzero(inputs["masked"]).tolist() == places.tolist()
        rows = places % len(inputs["lengths"])
        assert (places // len(inputs["lengths"]) < inputs["lengths"][rows]).all()
        assert inputs["targets"].max() < text.targets.count
        _check_targets(inputs, places)
        seen += len(places)
    total = sum(inputs["lengths"].sum() for inputs, _ in islice(text.batches(0), 30))
    assert 0.4 < seen / total < 0.6


def _check_targets(inputs: Inputs, places: np.ndarray) -> None:
    """Tokens of the same word have the same target."""
    words = inputs["index"].reshape(-1)[places]
    pairs = set(zip(words.tolist(), inputs["targets"][: len(places)].tolist(), strict=True))
    assert len(pairs) == len(set(words.tolist()))


def test_batches_continue_where_they_stopped_and_differ_between_epochs(small: Make, folder: Path) -> None:
    text = open_text(small(), folder)
    steps = text.steps_per_epoch
    every = [inputs for inputs, _ in islice(text.batches(0), 3 * steps)]
    for done in (1, steps, steps + 2):
        again, _ = next(text.batches(done))
        assert all(np.array_equal(again[name], every[done][name]) for name in again)
    assert not np.array_equal(every[0]["masked"], every[steps]["masked"])


def test_another_seed_gives_other_batches(small: Make, folder: Path) -> None:
    masks = [next(open_text(small(training__seed=seed), folder).batches(0))[0]["masked"] for seed in (1, 2)]
    assert not np.array_equal(*masks)
