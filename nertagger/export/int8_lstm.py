"""LSTM layers that multiply 8-bit integers, more than twice as fast as in float32.

ONNX Runtime's ``DynamicQuantizeLSTM`` rounds the inputs of a layer, and its states at each step, to 255 steps between
the least and the greatest number that occur in the batch, so that a sentence's emissions would depend on the other
sentences. Here that range is the same in every batch, and emissions depend on the sentence alone:

- inputs of the first layer are from -1 to 1, and its last two are -1 and 1;
- each layer has two more units whose states are 1 and -1 from the first step on, because their gates are open and their
  cell states begin far from zero. No other unit can exceed them, and no weight takes them up.

Sums of products of integers are exact, so that the order of additions has no influence either.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nertagger.config import NetworkConfig
from nertagger.export.graph import GraphBuilder, NamedArrays
from nertagger.export.recurrent import GATE_ORDER, ONNX_DIRECTION, CellWeights, side_by_side
from nertagger.modelfile.onnx_format import RUNTIME_DOMAIN
from nertagger.modelfile.schema import Layer, Tensor, tensor_name

_SIGNS = np.array([1, -1], np.float32)  # of the `NetworkGraph.CONSTANT_UNITS`

# Processors without VNNI add products in pairs of 16 bits, which may overflow with weights above 6 bits and sign.
_GREATEST = 63
_OPEN = 30.0  # a bias with which a gate is 1, and a candidate 1 or -1, in float32
_BEGIN = 20.0  # a cell state whose tanh is 1 in float32


def with_constants(config: NetworkConfig, weights: NamedArrays) -> NamedArrays:
    """Return the weights of a network with the constant inputs and units that hold the range of rounding."""
    changed: dict[str, np.ndarray] = {}
    parts = 1  # of the inputs of a layer, each with the constants at its end
    for level, directions in enumerate(config.directions):
        for direction in directions:
            layer = tensor_name(Layer.STACK, Layer.recurrent(level, direction))
            kernel, bias = tensor_name(layer, Tensor.KERNEL), tensor_name(layer, Tensor.BIAS)
            recurrent = tensor_name(layer, Layer.LOOP, Layer.CELL, Tensor.RECURRENT)
            changed[kernel] = _with_units(_with_inputs(weights[kernel], parts))
            changed[recurrent] = _with_units(_with_inputs(weights[recurrent], 1))
            changed[bias] = _with_units(weights[bias], _OPEN * np.stack([np.abs(_SIGNS)] * 3 + [_SIGNS]))
        parts = len(directions)
    above = tensor_name(Layer.dense(0) if config.dense else Layer.EMIT, Tensor.KERNEL)
    return {**weights, **changed, above: _with_inputs(weights[above], parts)}


def add_bounded(graph: GraphBuilder, value: str, limits: np.ndarray) -> str:
    """Add a division by limits (D,), cut off at -1 and 1, and the constants. Shape: (W, D) -> (W, D + 2)."""
    kernel = np.pad(np.diag(1 / limits), ((0, 0), (0, len(_SIGNS)))).astype(np.float32)
    bias = np.concatenate([np.zeros(len(limits), np.float32), _SIGNS])
    scaled = graph.node("Add", graph.node("MatMul", value, graph.constant(kernel)), graph.constant(bias))
    return graph.node("Clip", scaled, *(graph.constant(np.array(bound)) for bound in _SIGNS[::-1]))


def add_int8_layer(
    graph: GraphBuilder, layers: Sequence[CellWeights], directions: Sequence[str], sequences: str, *, lengths: str
) -> str:
    """Add an LSTM layer in one or both directions and return the name of its output, (T, B, H) or (T, B, 2 H).

    Args:
        graph: where it is added.
        layers: the weights of each direction, see `with_constants`.
        directions: as of `recurrent.add_layer`.
        sequences: the name of the inputs, (T, B, D).
        lengths: the name of the lengths of the sequences, (B,).
    """
    kernel, kernel_scales = _rounded(np.stack([_in_order(layer.kernel) for layer in layers]))
    recurrent, recurrent_scales = _rounded(np.stack([_in_order(layer.recurrent) for layer in layers]))
    bias = np.stack([_in_order(layer.bias) for layer in layers])
    weights = [kernel, recurrent, np.concatenate([bias, np.zeros_like(bias)], axis=1)]
    cells = _add_cell_states(graph, sequences, directions=len(layers), units=recurrent.shape[1])
    zeros = graph.constant(np.zeros(kernel_scales.shape, np.int8))
    scales = [graph.constant(kernel_scales), zeros, graph.constant(recurrent_scales), zeros]
    states = graph.next_name()
    graph.add(
        "DynamicQuantizeLSTM",
        [sequences, *map(graph.constant, weights), lengths, "", cells, "", *scales],
        [states],
        hidden_size=recurrent.shape[1],
        direction=ONNX_DIRECTION[tuple(directions)],
        domain=RUNTIME_DOMAIN,
    )
    return side_by_side(graph, states)


def _add_cell_states(graph: GraphBuilder, sequences: str, *, directions: int, units: int) -> str:
    """Add the initial cell states, zero but for the constant units. Shape: (directions, B, H)."""
    begin = np.zeros((directions, 1, units), np.float32)
    begin[..., -len(_SIGNS) :] = _BEGIN * _SIGNS
    batch = graph.node("Shape", sequences, start=1, end=2)
    ends = (graph.constant(np.array([size])) for size in (directions, units))
    shape = graph.node("Concat", next(ends), batch, next(ends), axis=0)
    return graph.node("Expand", graph.constant(begin), shape)


def _with_inputs(kernel: np.ndarray, parts: int) -> np.ndarray:
    """Return a kernel (D, units) that ignores the constants at the end of each part of its inputs."""
    rows = [np.pad(part, ((0, len(_SIGNS)), (0, 0))) for part in np.split(kernel, parts)]
    return np.concatenate(rows)


def _with_units(weight: np.ndarray, values: np.ndarray | None = None) -> np.ndarray:
    """Return a weight (..., 4 H) of a layer with the constant units; `values` (4, 2) are theirs, by default zeros."""
    gates = np.split(weight, 4, axis=-1)
    more = np.zeros((4, len(_SIGNS)), np.float32) if values is None else values.astype(np.float32)
    wider = [
        np.concatenate([gate, np.broadcast_to(own, (*gate.shape[:-1], len(_SIGNS)))], axis=-1)
        for gate, own in zip(gates, more, strict=True)
    ]
    return np.concatenate(wider, axis=-1)


def _in_order(weight: np.ndarray) -> np.ndarray:
    """Return a weight (..., 4 H) with the gates in ONNX's order."""
    gates = np.split(weight, 4, axis=-1)
    return np.concatenate([gates[i] for i in GATE_ORDER["LSTM"]], axis=-1)


def _rounded(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return weights (directions, D, 4 H) as int8, and their scales (directions, 4 H): ``weight ~ scale * integer``."""
    largest = np.abs(weight).max(axis=1)
    scales = (np.where(largest > 0, largest, 1.0) / _GREATEST).astype(np.float32)
    return np.rint(weight / scales[:, None, :]).astype(np.int8), scales
