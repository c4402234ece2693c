"""The sentence encoder of a tagger as an ONNX graph, a function of the configuration and the weights alone."""

from __future__ import annotations

import numpy as np

from nertagger.config import NetworkConfig
from nertagger.export.graph import GraphBuilder, NamedArrays, float_value
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


def export_network(config: NetworkConfig, weights: NamedArrays) -> bytes:
    """Return the sentence encoder as the graph ``network.onnx``.

    Inputs: words float32 (T, B, D), lengths int32 (B,) and, if the weights have a projection of a language model's
    states, context float32 (T, B, C).
    Output: emissions float32 (T, B, K), log-probabilities if the output layer is a softmax.
    """
    graph = GraphBuilder()
    lengths = graph.int_input(NetworkGraph.LENGTHS, "B")
    value = _inputs(graph, config, weights)
    for level, directions in enumerate(config.directions):
        layers = [CellWeights.of_layer(weights, _recurrent(level, direction)) for direction in directions]
        value = add_layer(graph, config.cell, layers, directions, value, lengths=lengths)
    for level in range(len(config.dense)):
        value = graph.node("Relu", graph.dense(weights, Layer.dense(level), value))
    if config.output == "softmax":
        graph.node("LogSoftmax", graph.dense(weights, Layer.EMIT, value), output=NetworkGraph.EMISSIONS, axis=-1)
    else:
        graph.dense(weights, Layer.EMIT, value, output=NetworkGraph.EMISSIONS)
    tags = weights[tensor_name(Layer.EMIT, Tensor.BIAS)].shape[0]
    return graph.to_bytes(float_value(NetworkGraph.EMISSIONS, "T", "B", tags))


def _recurrent(level: int, direction: str) -> str:
    """Return the name of a recurrent layer of the stack."""
    return tensor_name(Layer.STACK, Layer.recurrent(level, direction))


def _inputs(graph: GraphBuilder, config: NetworkConfig, weights: NamedArrays) -> str:
    """Add the encoded words, with the projected states of a language model beside them if there is one."""
    width = weights[tensor_name(_recurrent(0, config.directions[0][0]), Tensor.KERNEL)].shape[0]
    kernel = weights.get(tensor_name(Layer.PROJECT, Tensor.KERNEL))
    if kernel is None:
        return graph.float_input(NetworkGraph.WORDS, "T", "B", width)
    context = graph.float_input(NetworkGraph.CONTEXT, "T", "B", kernel.shape[0])
    words = graph.float_input(NetworkGraph.WORDS, "T", "B", width - kernel.shape[1])
    return graph.node("Concat", words, graph.dense(weights, Layer.PROJECT, context), axis=-1)
