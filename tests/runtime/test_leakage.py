"""The hashes of training sentences in a model, and the count of sentences that it was trained on."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Tensor
from nertagger.runtime.leakage import count_trained_on, sentence_keys

LONG, SHORT = "Anna met Bo in Oslo".split(), "Thank you very much".split()
OTHER = "Anna met Bo in Rome".split()


def model_of(tensors: dict[str, np.ndarray]) -> ModelFile:
    """Return a model file with only these tensors."""
    return ModelFile(Path("m.ner"), "", {}, {"weights.safetensors": memoryview(safetensors.numpy.save(tensors))})


@pytest.mark.parametrize(
    ("trained_on", "scored_on", "counts"),
    [
        ([LONG, OTHER], [LONG, LONG, OTHER], (3, 3)),
        ([LONG], [OTHER, LONG, SHORT], (2, 1)),
        ([SHORT], [SHORT], (0, 0)),
        ([LONG], ["Anna met Bo in\tOslo".split(" ")], (0, 0)),
        ([], [LONG], (1, 0)),
        ([LONG], [], (0, 0)),
    ],
)
def test_long_sentences_count(
    trained_on: Iterable[list[str]], scored_on: Iterable[list[str]], counts: tuple[int, int]
) -> None:
    assert count_trained_on(model_of({Tensor.SENTENCE_KEYS: sentence_keys(trained_on)}), scored_on) == counts


def test_hashes_are_distinct_and_in_rising_order() -> None:
    keys = sentence_keys([LONG, OTHER, LONG])
    assert len(keys) == 2
    assert keys[0] < keys[1]


@pytest.mark.parametrize("tensors", [{}, {Tensor.SENTENCE_KEYS: np.zeros((2, 2))}])
def test_a_model_without_hashes_has_no_known_training_sentences(tensors: dict[str, np.ndarray]) -> None:
    assert count_trained_on(model_of(tensors), [LONG]) == (1, 0)
