"""Recurrent stacks: the outputs of a sentence depend on that sentence alone."""

from __future__ import annotations

import numpy as np
import pytest
from keras import ops

from nertagger.network.cells import CELLS
from nertagger.network.recurrent import RecurrentStack, reversal, reverse, variational_dropout, word_dropout

D, H = 3, 4


def make_stack(cell: str = "lstm", **settings: object) -> RecurrentStack:
    stack = RecurrentStack(cell, H, **settings)
    stack.build((None, None, D))
    return stack


def sentences(*lengths: int) -> list[np.ndarray]:
    rng = np.random.default_rng(5)
    return [rng.normal(size=(length, D)).astype(np.float32) for length in lengths]


def pad(members: list[np.ndarray], *, steps: int | None = None, filler: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    lengths = np.array([len(s) for s in members], np.int32)
    batch = np.full((steps or max(lengths), len(members), D), filler, np.float32)
    for b, sentence in enumerate(members):
        batch[: len(sentence), b] = sentence
    return batch, lengths


def test_reversal_mirrors_within_each_length() -> None:
    batch = np.arange(6, dtype=np.float32).reshape(3, 2, 1)  # columns 0 2 4 and 1 3 5
    mirrored = np.array(reverse(ops.convert_to_tensor(batch), reversal(ops.convert_to_tensor([3, 2]), 3)))
    assert mirrored[:, 0, 0].tolist() == [4, 2, 0]
    assert mirrored[:, 1, 0].tolist() == [3, 1, 5]


@pytest.mark.parametrize("direction", ["forward", "backward", "both"])
@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("layers", [1, 3])
def test_outputs_do_not_depend_on_padding_or_other_sentences(cell: str, direction: str, layers: int) -> None:
    stack = make_stack(cell, layers=layers, direction=direction)
    members = sentences(5, 1, 3)
    together = np.array(stack(*pad(members)))
    padded = np.array(stack(*pad(members[::-1], steps=9, filler=7.0)))[:, ::-1]
    width = 2 * H if direction == "both" else H
    for b, sentence in enumerate(members):
        alone = np.array(stack(*pad([sentence])))[:, 0]
        assert alone.shape == (len(sentence), width)
        np.testing.assert_allclose(together[: len(sentence), b], alone, atol=1e-6)
        np.testing.assert_allclose(padded[: len(sentence), b], alone, atol=1e-6)


@pytest.mark.parametrize(
    ("direction", "sees_left", "sees_right"), [("forward", 1, 0), ("backward", 0, 1), ("both", 1, 1)]
)
def test_the_direction_determines_which_context_is_seen(direction: str, sees_left: int, sees_right: int) -> None:
    stack = make_stack(direction=direction)
    (sentence,) = sentences(3)
    before = np.array(stack(*pad([sentence])))[1, 0]
    for place, seen in ((0, sees_left), (2, sees_right)):
        changed = sentence.copy()
        changed[place] += 1
        after = np.array(stack(*pad([changed])))[1, 0]
        assert bool(np.abs(after - before).max() > 1e-6) == bool(seen)


def test_each_layer_may_have_a_direction_of_its_own() -> None:
    stack = make_stack(layers=3, direction=["both", "forward", "backward"])
    assert [[layer.name for layer in level] for level in stack.levels] == [
        ["layer0_forward", "layer0_backward"],
        ["layer1_forward"],
        ["layer2_backward"],
    ]
    assert np.array(stack(*pad(sentences(4, 2)))).shape == (4, 2, H)


def test_dropout_is_active_only_in_training() -> None:
    stack = make_stack(dropout=0.5)
    batch = pad(sentences(4, 2))
    np.testing.assert_array_equal(np.array(stack(*batch)), np.array(stack(*batch)))
    assert not np.array_equal(np.array(stack(*batch, training=True)), np.array(stack(*batch)))


def test_variational_dropout_drops_the_same_units_at_every_step() -> None:
    dropped = np.array(variational_dropout(0.5, seed=1)(np.ones((6, 4, 20), np.float32), training=True))
    assert set(np.unique(dropped)) == {0.0, 2.0}
    assert (dropped == dropped[:1]).all()
    assert not (dropped == dropped[:, :1]).all()


def test_word_dropout_drops_whole_tokens() -> None:
    dropped = np.array(word_dropout(0.5, seed=1)(np.ones((6, 4, 20), np.float32), training=True))
    assert (dropped == dropped[:, :, :1]).all()
    assert set(np.unique(dropped)) == {0.0, 2.0}
