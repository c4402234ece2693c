"""The sentence encoder of a tagger as an ONNX graph, a function of the configuration and the weights alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nertagger.config import NetworkConfig
from nertagger.export.graph import GraphBuilder, NamedArrays, float_value
from nertagger.export.int8_lstm import add_int8_layer, with_constants
from nertagger.export.recurrent import CellWeights, add_layer
from nertagger.modelfile.schema import Layer, NetworkGraph, Tensor, WordsGraph, tensor_name


def without_one_hot(config: NetworkConfig, weights: NamedArrays, size: int) -> NamedArrays:
    """Return the weights of an equal network that has an embedding in place of one-hot vectors of `size` words.

    A one-hot vector times the kernel of the first layer is a row of that kernel: the row becomes the word's vector, and
    the layer passes it on as it is. So nothing as wide as the vocabulary is ever computed.
    """
    names = [tensor_name(_recurrent(0, direction), Tensor.KERNEL) for direction in config.directions[0]]
    kernels = [weights[name] for name in names]
    width = kernels[0].shape[1]
    table = np.concatenate([kernel[:size] for kernel in kernels], axis=1)  # (V, directions * G * H)
    taken = np.split(np.eye(table.shape[1], dtype=table.dtype), range(width, table.shape[1], width), axis=1)
    folded = [np.concatenate([part, kernel[size:]]) for part, kernel in zip(taken, kernels, strict=True)]
    embeddings = tensor_name(Layer.WORDS, WordsGraph.WORD_IDS, Tensor.EMBEDDINGS)
    return {**weights, **dict(zip(names, folded, strict=True)), embeddings: table}


def with_limited_words(config: NetworkConfig, weights: NamedArrays, limits: np.ndarray) -> NamedArrays:
    """Return the weights of an equal network whose words, float32 (W, D), are divided by limits (D,)."""
    names = [tensor_name(_recurrent(0, direction), Tensor.KERNEL) for direction in config.directions[0]]
    return {**weights, **{name: weights[name] * limits[:, None] for name in names}}


def export_network(config: NetworkConfig, members: Sequence[NamedArrays], *, int8: bool = False) -> bytes:
    """Return the sentence encoder as the graph ``network.onnx``.

    Inputs: words float32 (T, B, D), those of all members side by side, lengths int32 (B,) and, if the weights have a
    projection of a language model's states, context float32 (T, B, C).
    Output: emissions float32 (T, B, K), log-probabilities if the output layer is a softmax: the mean of the members'
    emissions, before the softmax.

    Args:
        config: the settings.
        members: the weights of each network of a committee, or of the only one.
        int8: whether LSTM layers multiply 8-bit integers, see `int8_lstm`.
    """
    if int8:
        members = [with_constants(config, member) for member in members]
    graph = GraphBuilder()
    lengths = graph.int_input(NetworkGraph.LENGTHS, "B")
    values = [
        _sentence_encoder(graph, config, member, words, lengths, int8=int8)
        for member, words in zip(members, _inputs(graph, config, members), strict=True)
    ]
    value = values[0] if len(values) == 1 else graph.node("Concat", *values, axis=-1)
    emit = _mean_output(members)
    if config.output == "softmax":
        graph.node("LogSoftmax", graph.dense(emit, Layer.EMIT, value), output=NetworkGraph.EMISSIONS, axis=-1)
    else:
        graph.dense(emit, Layer.EMIT, value, output=NetworkGraph.EMISSIONS)
    tags = emit[tensor_name(Layer.EMIT, Tensor.BIAS)].shape[0]
    return graph.to_bytes(float_value(NetworkGraph.EMISSIONS, "T", "B", tags))


def _sentence_encoder(
    graph: GraphBuilder, config: NetworkConfig, weights: NamedArrays, value: str, lengths: str, *, int8: bool
) -> str:
    """Add the recurrent stack and the dense layers of one network; return the name of their output."""
    for level, directions in enumerate(config.directions):
        layers = [CellWeights.of_layer(weights, _recurrent(level, direction)) for direction in directions]
        if int8:
            value = add_int8_layer(graph, layers, directions, value, lengths=lengths)
        else:
            value = add_layer(graph, config.cell, layers, directions, value, lengths=lengths)
    for level in range(len(config.dense)):
        value = graph.node("Relu", graph.dense(weights, Layer.dense(level), value))
    return value


def _mean_output(members: Sequence[NamedArrays]) -> NamedArrays:
    """Return the output layer over the members' last values side by side that gives the mean of their emissions."""
    kernel, bias = tensor_name(Layer.EMIT, Tensor.KERNEL), tensor_name(Layer.EMIT, Tensor.BIAS)
    if len(members) == 1:
        return members[0]
    count = np.float32(len(members))
    return {
        kernel: np.concatenate([member[kernel] for member in members]) / count,
        bias: np.sum([member[bias] for member in members], axis=0) / count,
    }


def _recurrent(level: int, direction: str) -> str:
    """Return the name of a recurrent layer of the stack."""
    return tensor_name(Layer.STACK, Layer.recurrent(level, direction))


def _inputs(graph: GraphBuilder, config: NetworkConfig, members: Sequence[NamedArrays]) -> list[str]:
    """Add each member's encoded words, with the projected states of a language model beside them if there is one."""
    kernel = members[0][tensor_name(_recurrent(0, config.directions[0][0]), Tensor.KERNEL)]
    projections = [member.get(tensor_name(Layer.PROJECT, Tensor.KERNEL)) for member in members]
    width = kernel.shape[0]
    if projections[0] is not None:
        width -= projections[0].shape[1]
    words = graph.float_input(NetworkGraph.WORDS, "T", "B", width * len(members))
    parts = [words]
    if len(members) > 1:
        parts = [graph.part(words, i * width, (i + 1) * width, axis=2) for i in range(len(members))]
    if projections[0] is None:
        return parts
    context = graph.float_input(NetworkGraph.CONTEXT, "T", "B", projections[0].shape[0])
    projected = [graph.dense(member, Layer.PROJECT, context) for member in members]
    return [graph.node("Concat", *pair, axis=-1) for pair in zip(parts, projected, strict=True)]
