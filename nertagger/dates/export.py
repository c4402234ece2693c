"""The encoder-decoder of dates as an ONNX graph that holds its greedy search.

The steps of the decoder are written out one after the other, each with the most probable symbol of the step before as
its input. Weights are stored as float16, which halves the file and costs no accuracy after training.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from onnx import TensorProto

from nertagger.dates.normalizer import STEPS
from nertagger.export.graph import GraphBuilder, NamedArrays, float_value
from nertagger.export.recurrent import CellWeights, add_encoder, add_weights
from nertagger.modelfile.schema import DIRECTIONS, FORWARD, DatesGraph, Layer, Tensor, tensor_name


def export_dates(weights: NamedArrays) -> bytes:
    """Return the network with these weights as one graph.

    Inputs: source int32 (T, B), lengths int32 (B,).
    Output: probabilities float32 (steps, B, V) of the symbols at each step, after the most probable ones before.
    """
    graph = _HalfPrecisionGraph()
    source, lengths = graph.int_input(DatesGraph.SOURCE, "T", "B"), graph.int_input(DatesGraph.LENGTHS, "B")
    layers = [CellWeights.of_layer(weights, tensor_name("encoder", Layer.recurrent(0, name))) for name in DIRECTIONS]
    symbols, units = layers[0].kernel.shape[0], layers[0].recurrent.shape[0]
    letters = graph.node("Gather", graph.constant(np.eye(symbols, dtype=np.float32)), source)
    last = add_encoder(graph, "gru", layers, DIRECTIONS, letters, lengths=lengths)  # (2, B, H)
    side_by_side = graph.node("Transpose", last, perm=[1, 0, 2])
    context = graph.node("Reshape", side_by_side, graph.constant(np.array([1, -1, 2 * units])))  # (1, B, 2 H)
    graph.node("Concat", *_decode(graph, weights, context, units), output=DatesGraph.PROBABILITIES, axis=0)
    return graph.to_bytes(float_value(DatesGraph.PROBABILITIES, STEPS, "B", len(_answer(weights)[1])))


class _HalfPrecisionGraph(GraphBuilder):
    """A graph that stores weights as float16 and computes in float32."""

    def constant(self, value: np.ndarray) -> str:
        if value.dtype != np.float32:
            return super().constant(value)
        return self.node("Cast", super().constant(value.astype(np.float16)), to=TensorProto.FLOAT)


def _decode(graph: GraphBuilder, weights: NamedArrays, context: str, units: int) -> Iterator[str]:
    """Yield the names of the probabilities of each step, (1, B, V), from the context (1, B, 2 H)."""
    decoder = add_weights(
        graph, "gru", [CellWeights.of_layer(weights, tensor_name("decoder", Layer.recurrent(0, FORWARD)))]
    )
    kernel, bias = map(graph.constant, _answer(weights))
    one_hot = graph.constant(np.eye(len(_answer(weights)[1]), dtype=np.float32))
    ones, rows = graph.constant(np.array([1])), graph.node("Shape", context, start=1, end=2)
    symbol = graph.node("Expand", graph.constant(np.array([[0]])), graph.node("Concat", ones, rows, axis=0))  # (1, B)
    shape = graph.node("Concat", ones, rows, graph.constant(np.array([units])), axis=0)
    state = graph.node("Expand", graph.constant(np.zeros(1, np.float32)), shape)  # (1, B, H)
    for _ in range(STEPS):
        inputs = graph.node("Concat", graph.node("Gather", one_hot, symbol), context, axis=2)
        after = graph.next_name(1)
        graph.add("GRU", [inputs, *decoder, "", state], ["", after], hidden_size=units)
        state = after
        scores = graph.node("Add", graph.node("MatMul", state, kernel), bias)
        probabilities = graph.node("Softmax", scores, axis=-1)
        yield probabilities
        symbol = graph.node("ArgMax", probabilities, axis=2, keepdims=0)  # (1, B)


def _answer(weights: NamedArrays) -> tuple[np.ndarray, np.ndarray]:
    """Return the kernel (H, V) and the bias (V,) of the output layer."""
    kernel, bias = (weights[tensor_name("readout", "answer", name)] for name in (Tensor.KERNEL, Tensor.BIAS))
    return kernel, bias
