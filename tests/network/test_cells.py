"""Each cell against NumPy, step by step, and its gradients against finite differences."""

from __future__ import annotations

import numpy as np
import pytest
from keras import ops

from nertagger.network.cells import CELLS
from nertagger.network.recurrent import RecurrentLayer, reversal

T, B, D, H = 4, 3, 2, 3


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def simple_step(x, state, W, U, b):
    return (np.tanh(x @ W + b + state[0] @ U),)


def relu_step(x, state, W, U, b):
    return (np.maximum(x @ W + b + state[0] @ U, 0),)


def simplified_gru_step(x, state, W, U, b):
    (previous,) = state
    (Wu, Wc), (Uu, Uc), (bu, bc) = (np.split(a, 2, axis=-1) for a in (W, U, b))
    update = sigmoid(x @ Wu + previous @ Uu + bu)
    return (update * np.tanh(x @ Wc + previous @ Uc + bc) + (1 - update) * previous,)


def gru_step(x, state, W, U, b):
    (previous,) = state
    (Wu, Wr, Wc), (Uu, Ur, Uc), (bu, br, bc) = (np.split(a, 3, axis=-1) for a in (W, U, b))
    update = sigmoid(x @ Wu + previous @ Uu + bu)
    reset = sigmoid(x @ Wr + previous @ Ur + br)
    candidate = np.tanh(x @ Wc + (reset * previous) @ Uc + bc)
    return (update * candidate + (1 - update) * previous,)


def lstm_step(x, state, W, U, b):
    previous, memory = state
    (Wi, Wf, Wo, Wc), (Ui, Uf, Uo, Uc), (bi, bf, bo, bc) = (np.split(a, 4, axis=-1) for a in (W, U, b))
    input_gate = sigmoid(x @ Wi + previous @ Ui + bi)
    forget = sigmoid(x @ Wf + previous @ Uf + bf)
    output = sigmoid(x @ Wo + previous @ Uo + bo)
    memory = forget * memory + input_gate * np.tanh(x @ Wc + previous @ Uc + bc)
    return output * np.tanh(memory), memory


def peephole_step(x, state, W, U, b, P):
    previous, memory = state
    (Wi, Wf, Wo, Wc), (Ui, Uf, Uo, Uc), (bi, bf, bo, bc) = (np.split(a, 4, axis=-1) for a in (W, U, b))
    input_gate = sigmoid(x @ Wi + previous @ Ui + bi + memory * P[0])
    forget = sigmoid(x @ Wf + previous @ Uf + bf + memory * P[1])
    memory = forget * memory + input_gate * np.tanh(x @ Wc + previous @ Uc + bc)
    output = sigmoid(x @ Wo + previous @ Uo + bo + memory * P[2])
    return output * np.tanh(memory), memory


STEPS = {
    "simple": (simple_step, 1),
    "simple-relu": (relu_step, 1),
    "simplified-gru": (simplified_gru_step, 1),
    "gru": (gru_step, 1),
    "lstm": (lstm_step, 2),
    "peephole": (peephole_step, 2),
}


def run_numpy(cell: str, sequence: np.ndarray, weights: list[np.ndarray]) -> np.ndarray:
    """Return the outputs (T, H) of a cell for one sentence (T, D)."""
    step, states = STEPS[cell]
    state, outputs = (np.zeros(H),) * states, []
    for x in sequence:
        state = step(x, state, *weights)
        outputs.append(state[0])
    return np.array(outputs)


def variables_of(layer: RecurrentLayer) -> list:
    """Return the weights of a layer in the order in which the functions above take them."""
    cell = layer.loop.cell
    return [layer.kernel, cell.recurrent, layer.bias, *([cell.peephole] if layer.cell_name == "peephole" else [])]


def layer_and_weights(cell: str, *, backward: bool = False) -> tuple[RecurrentLayer, list[np.ndarray]]:
    layer = RecurrentLayer(cell, H, backward=backward)
    layer.build((None, None, D))
    rng = np.random.default_rng(3)
    variables = variables_of(layer)
    weights = [rng.normal(0, 0.7, v.shape) for v in variables]
    for variable, value in zip(variables, weights, strict=True):
        variable.assign(value)
    return layer, weights


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_layer_equals_numpy_step_by_step(cell: str, backward: bool) -> None:
    layer, weights = layer_and_weights(cell, backward=backward)
    sequences = np.random.default_rng(1).normal(size=(T, B, D)).astype(np.float32)
    lengths = np.array([4, 1, 3], np.int32)
    outputs = np.array(layer(sequences, reversal(ops.convert_to_tensor(lengths), T)))
    for b, length in enumerate(lengths):
        sentence = sequences[:length, b]
        expected = run_numpy(cell, sentence[::-1], weights)[::-1] if backward else run_numpy(cell, sentence, weights)
        np.testing.assert_allclose(outputs[:length, b], expected, atol=1e-5)


@pytest.mark.parametrize("cell", CELLS)
def test_gradients_equal_finite_differences(cell: str) -> None:
    tf = pytest.importorskip("tensorflow")
    layer, weights = layer_and_weights(cell)
    sequences = np.random.default_rng(2).normal(size=(T, 1, D)).astype(np.float32)
    places = reversal(ops.convert_to_tensor([T], dtype="int32"), T)
    mix = np.random.default_rng(4).normal(size=(T, H))
    with tf.GradientTape() as tape:
        loss = ops.sum(layer(sequences, places)[:, 0] * ops.cast(mix, "float32"))
    gradients = tape.gradient(loss, [variable.value for variable in variables_of(layer)])

    def numpy_loss(values: list[np.ndarray]) -> float:
        return float((run_numpy(cell, sequences[:, 0].astype(np.float64), values) * mix).sum())

    for which, gradient in enumerate(gradients):
        for place in np.ndindex(weights[which].shape):
            up, down = ([w.copy() for w in weights] for _ in range(2))
            up[which][place] += 1e-5
            down[which][place] -= 1e-5
            expected = (numpy_loss(up) - numpy_loss(down)) / 2e-5
            assert float(gradient[place]) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("cell", CELLS)
def test_bfloat16_products_are_close_to_float32(cell: str) -> None:
    """bfloat16 has a precision of 8 bits: the outputs differ, but only slightly."""
    layer, weights = layer_and_weights(cell)
    reduced = RecurrentLayer(cell, H, precision="bfloat16")
    reduced.build((None, None, D))
    for variable, value in zip(variables_of(reduced), weights, strict=True):
        variable.assign(value)
    sequences = np.random.default_rng(1).normal(size=(T, B, D)).astype(np.float32)
    places = reversal(ops.convert_to_tensor([T] * B, dtype="int32"), T)
    exact, rounded = (np.array(each(sequences, places)) for each in (layer, reduced))
    assert rounded.dtype == np.float32
    assert not np.array_equal(rounded, exact)
    np.testing.assert_allclose(rounded, exact, rtol=0.05, atol=0.05)


def test_lstm_starts_with_open_forget_gates() -> None:
    layer = RecurrentLayer("lstm", H)
    layer.build((None, None, D))
    assert layer.bias.numpy().reshape(4, H).tolist() == [[0] * H, [1] * H, [0] * H, [0] * H]


@pytest.mark.parametrize("cell", STEPS)
def test_the_state_decays_to_1_over_e_within_the_memory(cell: str) -> None:
    """With zero recurrent weights, the state of an untrained cell decays to 1 / e over `memory` steps."""
    layer = RecurrentLayer(cell, H, memory=40)
    layer.build((None, None, D))
    layer.loop.cell.recurrent.assign(np.zeros_like(layer.loop.cell.recurrent.numpy()))
    projected = np.zeros((1, 1), np.float32) + layer.bias.numpy()
    states = [np.full((1, H), 0.1, np.float32) for _ in layer.loop.cell.state_size]
    for _ in range(40):
        _, states = layer.loop.cell(projected, states)
    kept = np.array(states[-1]) / 0.1
    expected = 0.0 if cell.startswith("simple") and cell != "simplified-gru" else np.exp(-1)
    np.testing.assert_allclose(kept, expected, atol=0.01)


def test_recurrent_weights_start_orthogonal_for_every_gate() -> None:
    layer = RecurrentLayer("gru", H)
    layer.build((None, None, D))
    for square in np.split(layer.loop.cell.recurrent.numpy(), 3, axis=1):
        np.testing.assert_allclose(square @ square.T, np.eye(H), atol=1e-5)


def test_units_must_be_positive() -> None:
    with pytest.raises(ValueError, match="positive integer, got 0"):
        RecurrentLayer("lstm", 0)
