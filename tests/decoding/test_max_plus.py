"""The max-plus product for large tag sets against the maximum over all pairs of tags."""

from __future__ import annotations

import numpy as np
import pytest

from nertagger.decoding import max_plus
from nertagger.decoding.max_plus import MaxPlus
from nertagger.decoding.transitions import Transitions
from nertagger.decoding.viterbi import viterbi
from nertagger.text.schemes import bioes_tags


@pytest.fixture
def sparse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the method for large tag sets with small ones too."""
    monkeypatch.setattr(max_plus, "_DENSE_TAGS", 0)
    monkeypatch.setattr(max_plus, "_DENSE_SIZE", 0)


def all_pairs(matrix: np.ndarray, scores: np.ndarray) -> np.ndarray:
    return (scores[:, None] + matrix[:, :, None]).max(axis=0)


@pytest.mark.usefixtures("sparse")
@pytest.mark.parametrize("labels", [1, 2, 5, 40])
@pytest.mark.parametrize("spread", [0.0, 0.1, 5.0])
def test_product_is_the_maximum_over_all_pairs(labels: int, spread: float) -> None:
    rng = np.random.default_rng(labels)
    tags = bioes_tags(map(str, range(labels)))
    K = len(tags)
    matrix = Transitions.masked(tags, rng.normal(0, spread, (K, K)), np.zeros(K), np.zeros(K)).between
    for scale in (0.0, 0.5, 20.0):
        scores = rng.normal(0, scale, (K, 7))
        np.testing.assert_array_equal(MaxPlus(matrix).carry(scores), all_pairs(matrix, scores))


@pytest.mark.usefixtures("sparse")
@pytest.mark.parametrize("tags", [["O", "S-A", "S-B"], ["O", "B-A", "I-A"], ["O", "E-A", "B-B", "S-C"], ["O"]])
def test_tag_sets_with_gaps(tags: list[str]) -> None:
    rng = np.random.default_rng(0)
    K = len(tags)
    matrix = Transitions.masked(tags, rng.normal(size=(K, K)), np.zeros(K), np.zeros(K)).between
    scores = rng.normal(size=(K, 5))
    scores[0] = -np.inf
    np.testing.assert_array_equal(MaxPlus(matrix).carry(scores), all_pairs(matrix, scores))


@pytest.mark.usefixtures("sparse")
@pytest.mark.parametrize("seed", range(3))
def test_any_matrix(seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = np.where(rng.random((9, 9)) < 0.4, -np.inf, rng.normal(size=(9, 9)))
    scores = rng.normal(0, 3, (9, 4))
    np.testing.assert_array_equal(MaxPlus(matrix).carry(scores), all_pairs(matrix, scores))


def test_paths_are_the_same_with_both_methods(monkeypatch: pytest.MonkeyPatch) -> None:
    tags = bioes_tags(map(str, range(30)))
    K = len(tags)
    rng = np.random.default_rng(1)
    transitions = Transitions.masked(tags, rng.normal(size=(K, K)), rng.normal(size=K), rng.normal(size=K))
    emissions, lengths = (
        rng.normal(0, 3, (6, 50, K)).round(),
        rng.integers(1, 7, 50),
    )  # rounded: many equal paths
    paths = viterbi(emissions, lengths, transitions)
    monkeypatch.setattr(max_plus, "_DENSE_SIZE", np.inf)
    np.testing.assert_array_equal(viterbi(emissions, lengths, transitions), paths)
