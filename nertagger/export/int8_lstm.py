"""LSTM layers that multiply 8-bit integers, two to three times as fast as in float32.

ONNX Runtime's ``DynamicQuantizeLSTM`` rounds the inputs of a layer, and its states at each step, to 255 steps between
the least and the greatest number that occur in the batch, so that a sentence's emissions would depend on the other
sentences. Here the range is always the same, and emissions depend on the sentence alone:

- inputs are from -1 to 1, and two constant inputs are just outside of that range;
- the states of two additional units have the greatest absolute values possible, because their gates are always open and
  their candidates 1 and -1: at the t-th step ``tanh(t)`` and ``-tanh(t)``. No other unit can exceed them.

Sums of products of integers are exact, so that the order of additions has no influence either.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nertagger.export.graph import GraphBuilder
from nertagger.export.recurrent import GATE_ORDER, ONNX_DIRECTION, CellWeights, side_by_side
from nertagger.modelfile.onnx_format import RUNTIME_DOMAIN

CONSTANTS = np.array(
    [1, -1], np.float32
)  # the signs of the last inputs of each layer, and of the states of the last units
_LIMIT = np.float32(1.0001)  # of inputs; states may exceed 1 by rounding
# Processors without VNNI add products in pairs of 16 bits, which may overflow with weights above 6 bits and sign.
_GREATEST = 63
_OPEN = 30.0  # a bias with which a gate is 1, and a candidate 1 or -1, in float32


def add_constants(graph: GraphBuilder, value: str, width: int) -> str:
    """Add the constant inputs after the others. Shape: (..., D) -> (..., D + 2)."""
    zeros = graph.node("MatMul", value, graph.constant(np.zeros((width, len(CONSTANTS)), np.float32)))
    return graph.node("Concat", value, graph.node("Add", zeros, graph.constant(_LIMIT * CONSTANTS)), axis=-1)


def add_bounded(graph: GraphBuilder, value: str, limits: np.ndarray) -> str:
    """Add a division by limits (D,), with larger quotients cut to 1, and the constants. Shape: (W, D) -> (W, D + 2)."""
    kernel = np.pad(np.diag(1 / limits), ((0, 0), (0, len(CONSTANTS)))).astype(np.float32)
    bias = np.concatenate([np.zeros(len(limits), np.float32), _LIMIT * CONSTANTS])
    scaled = graph.node("Add", graph.node("MatMul", value, graph.constant(kernel)), graph.constant(bias))
    return graph.node("Clip", scaled, *(graph.constant(np.array(bound)) for bound in (-_LIMIT, _LIMIT)))


def add_int8_layer(
    graph: GraphBuilder, layers: Sequence[CellWeights], directions: Sequence[str], sequences: str, *, lengths: str
) -> str:
    """Add an LSTM layer in one or both directions and return the name of its output, (T, B, H) or (T, B, 2 H).

    Args:
        graph: where it is added.
        layers: the weights of each direction, without those of the constants.
        directions: as of `recurrent.add_layer`.
        sequences: the name of the inputs, (T, B, D + 2), from -1 to 1, with the constants at the end.
        lengths: the name of the lengths of the sequences, (B,).
    """
    extended = [_with_constant_units(layer) for layer in layers]
    kernel, kernel_scales = _rounded(np.stack([_in_order(layer.kernel) for layer in extended]))
    recurrent, recurrent_scales = _rounded(np.stack([_in_order(layer.recurrent) for layer in extended]))
    bias = np.stack([_in_order(layer.bias) for layer in extended])
    zeros = graph.constant(np.zeros(kernel_scales.shape, np.int8))
    weights = [kernel, recurrent, np.concatenate([bias, np.zeros_like(bias)], axis=1)]
    states = graph.next_name()
    graph.add(
        "DynamicQuantizeLSTM",
        [
            *(sequences, *map(graph.constant, weights), lengths, "", "", ""),
            *(graph.constant(kernel_scales), zeros, graph.constant(recurrent_scales), zeros),
        ],
        [states],
        hidden_size=extended[0].recurrent.shape[0],
        direction=ONNX_DIRECTION[tuple(directions)],
        domain=RUNTIME_DOMAIN,
    )
    return side_by_side(graph, graph.part(states, 0, layers[0].recurrent.shape[0], axis=3))


def _with_constant_units(layer: CellWeights) -> CellWeights:
    """Return the layer with the constant inputs, of weight zero, and with two more units of constant states."""
    more = len(CONSTANTS)

    def wider(weight: np.ndarray, fill: np.ndarray) -> np.ndarray:
        gates = [
            np.concatenate([gate, value], axis=-1) for gate, value in zip(np.split(weight, 4, -1), fill, strict=True)
        ]
        return np.concatenate(gates, axis=-1)

    rows = [np.pad(weight, ((0, more), (0, 0))) for weight in layer[:2]]
    biases = np.stack([*[np.ones_like(CONSTANTS)] * 3, CONSTANTS]) * np.float32(_OPEN)  # of i, f and o, and of c
    kernel, recurrent = (wider(weight, np.zeros((4, len(weight), more), np.float32)) for weight in rows)
    return CellWeights(kernel, recurrent, wider(layer.bias, biases), None)


def _in_order(weight: np.ndarray) -> np.ndarray:
    """Return a weight (..., 4 H) with the gates in ONNX's order."""
    gates = np.split(weight, 4, axis=-1)
    return np.concatenate([gates[i] for i in GATE_ORDER["LSTM"]], axis=-1)


def _rounded(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return weights (directions, D, 4 H) as int8, and their scales (directions, 4 H): ``weight ~ scale * integer``."""
    largest = np.abs(weight).max(axis=1)
    scales = (np.where(largest > 0, largest, 1.0) / _GREATEST).astype(np.float32)
    return np.rint(weight / scales[:, None, :]).astype(np.int8), scales
