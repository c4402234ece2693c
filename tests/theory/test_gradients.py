"""Gradients through time equal those of manual backpropagation, and only clipping prevents their explosion."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from nertagger.network.cells import CELLS
from nertagger.network.recurrent import RecurrentLayer
from nertagger.theory.exploding import explode
from nertagger.theory.gradients import gradient_frame, random_directions, state_gradients
from nertagger.training.loop.weights import to_numpy

T, B, D, H = 7, 3, 4, 5


def make_layer(cell: str) -> RecurrentLayer:
    keras.utils.set_random_seed(1)
    layer = RecurrentLayer(cell, H)
    layer.build((T, B, D))
    return layer


def sequences() -> np.ndarray:
    return np.random.default_rng(3).normal(size=(T, B, D)).astype(np.float32)


def test_simple_cell_against_manual_backpropagation() -> None:
    layer = make_layer("simple")
    W, U, b = (to_numpy(w).astype(np.float64) for w in (layer.kernel, layer.loop.cell.recurrent, layer.bias))
    states = [np.zeros((B, H))]
    for x in sequences():
        states.append(np.tanh(x @ W + states[-1] @ U + b))
    gradient = random_directions(B, H).astype(np.float64)
    norms = [np.linalg.norm(gradient, axis=1).mean()]
    for state in states[:1:-1]:  # a<T> to a<2>
        gradient = (gradient * (1 - state**2)) @ U.T
        norms.append(np.linalg.norm(gradient, axis=1).mean())
    np.testing.assert_allclose(state_gradients(layer, sequences())["a"], norms[::-1], rtol=1e-4)


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_against_finite_differences(cell: str) -> None:
    """Perturbing a state in the middle of the sequence changes the loss as its gradient predicts."""
    layer = make_layer(cell)
    norms = state_gradients(layer, sequences())
    assert set(norms) == set("ac"[: len(layer.loop.cell.state_size)])
    projected = sequences() @ to_numpy(layer.kernel) + to_numpy(layer.bias)
    middle, step = 4, 1e-2 if cell != "simple-relu" else 1e-3  # less likely to cross the kink of a ReLU
    states = [np.zeros((B, H), np.float32) for _ in layer.loop.cell.state_size]
    for x in projected[:middle]:
        _, states = layer.loop.cell(x, states)

    def losses(perturbed: list[np.ndarray]) -> np.ndarray:
        for x in projected[middle:]:
            _, perturbed = layer.loop.cell(x, perturbed)
        return (np.array(perturbed[0], dtype=np.float64) * random_directions(B, H)).sum(axis=1)

    for place, name in enumerate(norms):
        gradient = np.zeros((B, H))
        for unit in range(H):
            sides = []
            for sign in (1, -1):
                perturbed = [np.array(state) for state in states]
                perturbed[place][:, unit] += sign * step
                if name == "c":  # the hidden state depends on the memory cell
                    perturbed[0] = np.array(states[0]) / np.tanh(states[1]) * np.tanh(perturbed[1])
                sides.append(losses(perturbed))
            gradient[:, unit] = (sides[0] - sides[1]) / (2 * step)
        expected = np.linalg.norm(gradient, axis=1).mean()
        assert norms[name][middle - 1] == pytest.approx(expected, rel=0.02, abs=1e-4)


def test_the_gradient_of_a_simple_cell_vanishes_before_that_of_an_lstm() -> None:
    frame = gradient_frame(["simple", "lstm"], steps=40)
    assert list(frame.columns) == ["simple a", "lstm a", "lstm c"]
    assert len(frame) == 40
    assert frame["simple a"].iloc[-1] == pytest.approx(1)
    assert frame["simple a"].iloc[0] < 1e-4
    assert (gradient_frame(["simple"], steps=40)["simple a"] == frame["simple a"]).all()


def test_a_backward_layer_is_rejected() -> None:
    with pytest.raises(ValueError, match="expected a forward layer"):
        state_gradients(RecurrentLayer("gru", H, backward=True), sequences())


def test_without_clipping_the_loss_explodes() -> None:
    frame = explode("none", steps=10)
    assert frame["gradient"].iloc[0] > 1e5
    assert not np.isfinite(frame["loss"].iloc[-1])


@pytest.mark.parametrize(("clip", "clip_at", "numbers"), [("norm", 1.0, 1), ("value", 0.1, 16 * 16 + 16 * 3 + 1)])
def test_clipping_prevents_the_explosion(clip: Any, clip_at: float, numbers: int) -> None:
    frame = explode(clip, clip_at=clip_at)
    assert frame["gradient"].iloc[0] > 1e5
    assert np.isfinite(frame).all().all()
    assert frame["loss"].iloc[-30:].median() < 2 * 40 / 3  # 40 / 3: the variance of the sum
    assert frame["change"].max() <= 10 * 0.02 * clip_at * np.sqrt(numbers) * 1.001
