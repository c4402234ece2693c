"""Recurrent layers as native ONNX nodes, their weights rearranged into ONNX's order of gates.

Nothing is traced: a converter would turn each recurrent layer into a loop over single steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Self

import numpy as np

from nertagger.export.graph import GraphBuilder, NamedArrays
from nertagger.modelfile.schema import BACKWARD, DIRECTIONS, FORWARD, Layer, Tensor, tensor_name

_OPERATOR = {
    "simple": "RNN",
    "simple-relu": "RNN",
    "simplified-gru": "GRU",
    "gru": "GRU",
    "lstm": "LSTM",
    "peephole": "LSTM",
}
# Where ONNX's gates (LSTM: i o f c, GRU: z r h) are among ours (i f o c; update reset candidate).
GATE_ORDER = {"RNN": (0,), "GRU": (0, 1, 2), "LSTM": (0, 2, 1, 3)}
# ONNX's GRU keeps a fraction z of the old state, ours takes a fraction Gu = 1 - z of the new one: sigmoid(-x).
_GATE_SIGN = {"RNN": (1,), "GRU": (-1, 1, 1), "LSTM": (1, 1, 1, 1)}
_PEEPHOLE_ORDER = [0, 2, 1]  # ours i f o, ONNX's i o f
ONNX_DIRECTION = {(FORWARD,): "forward", (BACKWARD,): "reverse", DIRECTIONS: "bidirectional"}
_OPEN = 100.0  # the bias of a gate that is always open: its sigmoid is 1 in float32


class CellWeights(NamedTuple):
    """The weights of a recurrent layer in one direction.

    Attributes:
        kernel: (D, G H).
        recurrent: (H, G H).
        bias: (G H,).
        peephole: (3, H) of a peephole LSTM, None of other cells.
    """

    kernel: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray
    peephole: np.ndarray | None

    @classmethod
    def of_layer(cls, weights: NamedArrays, layer: str) -> Self:
        """Select the weights of a layer by its name, such as ``stack/layer0_forward``."""
        cell = tensor_name(layer, Layer.LOOP, Layer.CELL)
        return cls(
            weights[tensor_name(layer, Tensor.KERNEL)],
            weights[tensor_name(cell, Tensor.RECURRENT)],
            weights[tensor_name(layer, Tensor.BIAS)],
            weights.get(tensor_name(cell, Tensor.PEEPHOLE)),
        )


def add_layer(
    graph: GraphBuilder,
    cell: str,
    layers: Sequence[CellWeights],
    directions: Sequence[str],
    sequences: str,
    *,
    lengths: str,
) -> str:
    """Add a recurrent layer in one or both directions.

    Args:
        graph: where it is added.
        cell: the name of the cell.
        layers: the weights of each direction.
        directions: ``forward``, ``backward`` or both, in this order.
        sequences: the name of the input, (T, B, D).
        lengths: the name of the lengths of the sequences, (B,).

    Returns:
        The name of the output, (T, B, H) or (T, B, 2 H).
    """
    (outputs,) = _add(graph, cell, layers, directions, sequences, lengths=lengths)
    return side_by_side(graph, outputs)


def side_by_side(graph: GraphBuilder, outputs: str) -> str:
    """Add the rearrangement of the outputs of a layer. Shape: (T, directions, B, H) -> (T, B, directions * H)."""
    transposed = graph.node("Transpose", outputs, perm=[0, 2, 1, 3])  # (T, B, directions, H)
    return graph.node("Reshape", transposed, graph.constant(np.array([0, 0, -1])))


def add_encoder(
    graph: GraphBuilder,
    cell: str,
    layers: Sequence[CellWeights],
    directions: Sequence[str],
    sequences: str,
    *,
    lengths: str,
) -> str:
    """Add a recurrent layer and return the name of its last states, (directions, B, H); see `add_layer`."""
    (last,) = _add(graph, cell, layers, directions, sequences, lengths=lengths, last_only=True)
    return last


def add_continued_layer(
    graph: GraphBuilder, cell: str, layer: CellWeights, sequences: str, *, states: Sequence[str]
) -> tuple[str, list[str]]:
    """Add a forward layer over whole sequences that starts from given states.

    Args:
        graph: where it is added.
        cell: the name of the cell.
        layer: its weights.
        sequences: the name of the input, (T, B, D).
        states: the names of the initial states of the cell, (1, B, H) each; empty to start from zeros.

    Returns:
        The name of the output, (T, B, H), and those of the last states, (1, B, H) each, as many as were given.
    """
    outputs, *after = _add(graph, cell, [layer], (FORWARD,), sequences, states=states)
    return graph.node("Squeeze", outputs, graph.constant(np.array([1]))), after


def add_weights(graph: GraphBuilder, cell: str, layers: Sequence[CellWeights]) -> list[str]:
    """Add the kernels, recurrent kernels and biases of the directions of a layer as constants in ONNX's form.

    Shapes: (directions, G H, D), (directions, G H, H), (directions, 2 G H).
    """
    operator = _OPERATOR[cell]
    parts = zip(*(_to_onnx(operator, layer) for layer in layers), strict=True)
    kernel, recurrent, bias = (np.stack(part) for part in parts)
    bias = np.concatenate([bias, np.zeros_like(bias)], axis=1)  # ONNX has a second bias for the recurrent product
    return [graph.constant(value) for value in (kernel, recurrent, bias)]


def _add(
    graph: GraphBuilder,
    cell: str,
    layers: Sequence[CellWeights],
    directions: Sequence[str],
    sequences: str,
    *,
    lengths: str = "",
    states: Sequence[str] = (),
    last_only: bool = False,
) -> list[str]:
    """Add the node; return the names of its outputs and of as many last states as there are initial ones."""
    if cell == "simplified-gru":
        layers = [_with_open_reset_gate(layer) for layer in layers]
    inputs = [sequences, *add_weights(graph, cell, layers), lengths, *states]
    peepholes = [layer.peephole[_PEEPHOLE_ORDER].reshape(-1) for layer in layers if layer.peephole is not None]
    if peepholes:
        inputs += [*([] if states else ["", ""]), graph.constant(np.stack(peepholes))]
    name = graph.next_name(int(last_only))
    outputs = [name, *(f"{name}_after{i}" for i in range(len(states)))]
    attributes: dict[str, object] = {"activations": ["Relu"] * len(layers)} if cell == "simple-relu" else {}
    graph.add(
        _OPERATOR[cell],
        inputs,
        ["", *outputs] if last_only else outputs,
        hidden_size=layers[0].recurrent.shape[0],
        direction=ONNX_DIRECTION[tuple(directions)],
        **attributes,
    )
    return outputs


def _with_open_reset_gate(layer: CellWeights) -> CellWeights:
    """Return the full GRU that computes the same as a simplified one: its reset gate lets all of ``c<t-1>`` through."""
    (update, candidate), (update_state, candidate_state) = (np.split(w, 2, axis=1) for w in layer[:2])
    update_bias, candidate_bias = np.split(layer.bias, 2)
    return CellWeights(
        np.concatenate([update, np.zeros_like(update), candidate], axis=1),
        np.concatenate([update_state, np.zeros_like(update_state), candidate_state], axis=1),
        np.concatenate([update_bias, np.full_like(update_bias, _OPEN), candidate_bias]),
        None,
    )


def _to_onnx(operator: str, layer: CellWeights) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return kernel (G H, D), recurrent kernel (G H, H) and bias (G H,) with the gates in ONNX's order."""

    def gates(weight: np.ndarray) -> np.ndarray:
        parts = np.split(weight, len(GATE_ORDER[operator]), axis=-1)
        return np.concatenate([_GATE_SIGN[operator][i] * parts[i] for i in GATE_ORDER[operator]], axis=-1)

    return gates(layer.kernel).T, gates(layer.recurrent).T, gates(layer.bias)
