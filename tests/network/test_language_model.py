"""The network of language models: states are carried over, and the scores are those of a softmax layer."""

from __future__ import annotations

import numpy as np
import pytest
from keras import ops

from nertagger.config.language_model import LanguageModelConfig
from nertagger.network.cells import CELLS
from nertagger.network.language_model import LanguageNetwork, next_loss

V, B = 7, 3


def make_network(cell: str, layers: int = 2) -> LanguageNetwork:
    return LanguageNetwork(LanguageModelConfig(cell=cell, layers=layers, units=5, size=4, dropout=0.0), V, name="lm")


@pytest.mark.parametrize("cell", CELLS)
def test_windows_with_the_state_carried_over_equal_one_long_window(cell: str) -> None:
    network = make_network(cell)
    ids = np.random.default_rng(0).integers(0, V, (11, B)).astype(np.int32)
    whole, ended = network(ids, network.reader.start(B))
    assert ended.shape == (2 * CELLS[cell].states, B, 5)
    state, parts = network.reader.start(B), []
    for first, stop in ((0, 4), (4, 5), (5, 11)):
        scores, state = network(ids[first:stop], state)
        parts.append(np.array(scores))
    np.testing.assert_allclose(np.concatenate(parts), np.array(whole), atol=1e-6)
    np.testing.assert_allclose(np.array(state), np.array(ended), atol=1e-6)
    alone, _ = network(ids[4:5], network.reader.start(B))
    assert np.abs(np.array(alone) - np.array(whole)[4]).max() > 1e-4  # otherwise no state was carried over


def test_scores_do_not_depend_on_later_symbols() -> None:
    network = make_network("lstm")
    ids = np.zeros((6, 1), np.int32)
    changed = ids.copy()
    changed[3] = 1
    before, after = (np.array(network(x, network.reader.start(1))[0]) for x in (ids, changed))
    np.testing.assert_array_equal(before[:3], after[:3])
    assert np.abs(before[3:] - after[3:]).max() > 1e-5


def test_the_loss_is_the_cross_entropy_of_the_softmax() -> None:
    scores = np.random.default_rng(1).normal(size=(4, B, V)).astype(np.float32)
    targets = np.random.default_rng(2).integers(0, V, (4, B))
    probabilities = np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True)
    expected = [[-np.log(probabilities[t, b, targets[t, b]]) for b in range(B)] for t in range(4)]
    np.testing.assert_allclose(np.array(next_loss(ops.convert_to_tensor(scores), targets)), expected, atol=1e-5)
