"""The word encoder of a tagger as an ONNX graph, a function of the configuration and the weights alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from onnx import TensorProto

from nertagger.config import Config
from nertagger.export.graph import GraphBuilder, NamedArrays, float_value
from nertagger.export.int8_lstm import add_bounded
from nertagger.export.recurrent import CellWeights, add_encoder
from nertagger.modelfile.schema import DIRECTIONS, Layer, NetworkGraph, Tensor, WordsGraph, tensor_name

_CHARACTERS = tensor_name(Layer.WORDS, WordsGraph.CHARACTERS)
_UNCHANGED = (WordsGraph.TAG_SHARES, WordsGraph.GAZETTEER)  # inputs from 0 to 1 that are part of the output
_PADDED = -1e9  # in place of what the filters give for padding: never a maximum


def export_words(
    config: Config,
    members: Sequence[NamedArrays],
    sizes: Mapping[str, int],
    *,
    limits: Sequence[np.ndarray] = (),
) -> bytes:
    """Return the word encoder as the graph ``words.onnx``.

    Inputs, those of the following that `sizes` names: vectors float32 (W, V); word_ids, shapes int32 (W,); characters
    int32 (W, C); tag_shares float32 (W, K); gazetteer float32 (W, 4 L).
    Output: words float32 (W, D), those of all members side by side.

    Args:
        config: the settings.
        members: the weights of each network of a committee, or of the only one.
        sizes: see `Dataset.sizes`.
        limits: (D,) for each of them, by which the words of an 8-bit network are divided; empty for a float network.
    """
    graph = GraphBuilder()
    words, width = [], 0
    for member, weights in enumerate(members):
        parts = [*_known_words(graph, config, weights, sizes), *_spelling(graph, config, weights, sizes)]
        parts += [(graph.float_input(name, "W", sizes[name]), sizes[name]) for name in _UNCHANGED if name in sizes]
        names = [name for name, _ in parts]
        if limits:
            names = [add_bounded(graph, graph.node("Concat", *names, axis=1), limits[member])]
            width += NetworkGraph.CONSTANT_UNITS
        words += names
        width += sum(part for _, part in parts)
    graph.node("Concat", *words, output=WordsGraph.WORDS, axis=1)
    return graph.to_bytes(float_value(WordsGraph.WORDS, "W", width))


def word_limits(
    config: Config, weights: NamedArrays, sizes: Mapping[str, int], *, vectors: np.ndarray | None
) -> np.ndarray:
    """Return the greatest absolute value of each number of an encoded word, (D,); `vectors` are those of the input."""
    parts = []
    if vectors is not None:
        parts.append(vectors)
    elif WordsGraph.WORD_IDS in sizes:
        parts.append(_largest(weights, WordsGraph.WORD_IDS))
    if WordsGraph.CHARACTERS in sizes:
        parts.append(np.ones(config.characters.units, np.float32))
    if WordsGraph.SHAPES in sizes:
        parts.append(_largest(weights, WordsGraph.SHAPES))
    parts += [np.ones(sizes[name], np.float32) for name in _UNCHANGED if name in sizes]
    limits: np.ndarray = np.maximum(np.concatenate(parts), np.finfo(np.float32).tiny)
    return limits


def _largest(weights: NamedArrays, part: str) -> np.ndarray:
    largest: np.ndarray = np.abs(weights[tensor_name(Layer.WORDS, part, Tensor.EMBEDDINGS)]).max(axis=0)
    return largest


def _known_words(
    graph: GraphBuilder, config: Config, weights: NamedArrays, sizes: Mapping[str, int]
) -> list[tuple[str, int]]:
    """Add the vectors of whole words, pretrained, trained or their sum; return their name and width, if there are."""
    width = sizes.get(WordsGraph.VECTORS, 0)
    vectors = graph.float_input(WordsGraph.VECTORS, "W", width) if width else ""
    if WordsGraph.WORD_IDS not in sizes:
        return [(vectors, width)] if width else []
    layer = tensor_name(Layer.WORDS, WordsGraph.WORD_IDS)
    learned = graph.embedding(weights, layer, graph.int_input(WordsGraph.WORD_IDS, "W"))
    if config.words.input == "pretrained":
        return [(graph.node("Add", vectors, learned), width)]
    return [(learned, weights[tensor_name(layer, Tensor.EMBEDDINGS)].shape[1])]


def _spelling(
    graph: GraphBuilder, config: Config, weights: NamedArrays, sizes: Mapping[str, int]
) -> list[tuple[str, int]]:
    """Add what is computed from the characters of a word; return names and widths."""
    parts = []
    if WordsGraph.CHARACTERS in sizes:
        characters = graph.int_input(WordsGraph.CHARACTERS, "W", "C")
        encoder = _character_cnn if config.characters.encoder == "cnn" else _character_bilstm
        parts.append((encoder(graph, weights, characters), config.characters.units))
    if WordsGraph.SHAPES in sizes:
        layer = tensor_name(Layer.WORDS, WordsGraph.SHAPES)
        shapes = graph.embedding(weights, layer, graph.int_input(WordsGraph.SHAPES, "W"))
        parts.append((shapes, config.shapes.size))
    return parts


def _character_cnn(graph: GraphBuilder, weights: NamedArrays, characters: str) -> str:
    table = weights[tensor_name(_CHARACTERS, Layer.TABLE, Tensor.EMBEDDINGS)].copy()
    table[0] = 0  # padding has no vector
    kernel = weights[tensor_name(_CHARACTERS, Layer.FILTERS, Tensor.KERNEL)]  # (width, size, units)
    bias = weights[tensor_name(_CHARACTERS, Layer.FILTERS, Tensor.BIAS)]
    pads = [(len(kernel) - 1) // 2, len(kernel) // 2]
    vectors = graph.node("Transpose", graph.node("Gather", graph.constant(table), characters), perm=[0, 2, 1])
    filters = graph.constant(kernel.transpose(2, 1, 0))
    answers = graph.node("Conv", vectors, filters, graph.constant(bias), pads=pads)
    padding = graph.node("Equal", characters, graph.constant(np.array(0, np.int32)))
    padding = graph.node("Unsqueeze", padding, graph.constant(np.array([1])))  # (W, 1, C)
    hidden = graph.node("Where", padding, graph.constant(np.array(_PADDED, np.float32)), answers)
    return graph.node("Tanh", graph.node("ReduceMax", hidden, axes=[2], keepdims=0))


def _character_bilstm(graph: GraphBuilder, weights: NamedArrays, characters: str) -> str:
    layers = [CellWeights.of_layer(weights, tensor_name(_CHARACTERS, name)) for name in DIRECTIONS]
    spelling = graph.node("Transpose", characters, perm=[1, 0])
    vectors = graph.embedding(weights, tensor_name(_CHARACTERS, Layer.TABLE), spelling)  # (C, W, size)
    real = graph.node("Cast", graph.node("Cast", characters, to=TensorProto.BOOL), to=TensorProto.INT32)
    lengths = graph.node("ReduceSum", real, graph.constant(np.array([1])), keepdims=0)
    ends = add_encoder(graph, "lstm", layers, DIRECTIONS, vectors, lengths=lengths)  # (2, W, H)
    return graph.node("Reshape", graph.node("Transpose", ends, perm=[1, 0, 2]), graph.constant(np.array([0, -1])))
