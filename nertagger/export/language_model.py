"""Language models as ONNX graphs: one direction by itself, or both as the contextual embeddings of a tagger."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nertagger.config.language_model import LanguageModelConfig
from nertagger.export.graph import GraphBuilder, NamedArrays, float_value
from nertagger.export.recurrent import CellWeights, add_continued_layer
from nertagger.modelfile.schema import DIRECTIONS, ContextGraph, LanguageGraph, Layer, Tensor, tensor_name
from nertagger.modelfile.tensors import below


def export_language_network(config: LanguageModelConfig, weights: NamedArrays) -> bytes:
    """Return one direction of a language model as a graph.

    Inputs: ids int32 (T, B) in the order in which they are read, state float32 (S, B, H).
    Outputs: log_probabilities float32 (T, B, V) of the symbol after each id, state_after float32 (S, B, H).
    """
    graph = GraphBuilder()
    states = config.layers * (2 if config.cell in ("lstm", "peephole") else 1)
    ids, state = (
        graph.int_input(LanguageGraph.IDS, "T", "B"),
        graph.float_input(LanguageGraph.STATE, states, "B", config.units),
    )
    before = [_state(graph, state, i) for i in range(states)]
    value, after = _reader(graph, config, below(weights, Layer.READER), ids, before)
    graph.node("LogSoftmax", graph.dense(weights, Layer.NEXT, value), output=LanguageGraph.LOG_PROBABILITIES, axis=-1)
    graph.node("Concat", *after, output=LanguageGraph.STATE_AFTER, axis=0)
    return graph.to_bytes(
        float_value(LanguageGraph.LOG_PROBABILITIES, "T", "B", weights[tensor_name(Layer.NEXT, Tensor.BIAS)].shape[0]),
        float_value(LanguageGraph.STATE_AFTER, states, "B", config.units),
    )


def export_contexts(config: LanguageModelConfig, weights: NamedArrays, *, scale: float) -> bytes:
    """Return both directions as the graph ``context.onnx`` of a tagger.

    Inputs: those of `contextual_inputs`, ids int32 (C, B) and places int32 (T, B) for each direction.
    Output: states float32 (T, B, 2 H).

    Args:
        config: the settings of the language model.
        weights: the weights of its recurrent layers and embeddings, by direction and name.
        scale: by which states are multiplied.
    """
    graph, edges = GraphBuilder(), []
    for name in DIRECTIONS:
        ids, places = graph.int_input(name, "C", "B"), graph.int_input(ContextGraph.places(name), "T", "B")
        states, _ = _reader(graph, config, below(weights, name), ids)
        flat = graph.node("Reshape", states, graph.constant(np.array([-1, config.units])))
        edges.append(graph.node("Gather", flat, places))
    factor = graph.constant(np.array(scale, np.float32))
    graph.node("Mul", graph.node("Concat", *edges, axis=-1), factor, output=ContextGraph.STATES)
    return graph.to_bytes(float_value(ContextGraph.STATES, "T", "B", 2 * config.units))


def _reader(
    graph: GraphBuilder, config: LanguageModelConfig, weights: NamedArrays, ids: str, states: Sequence[str] = ()
) -> tuple[str, list[str]]:
    """Add the recurrent layers over `ids`; return the names of their output (T, B, H) and of their last states.

    States are (1, B, H), those of the first layer first. None are returned if none are given.
    """
    per_layer = len(states) // config.layers
    value = graph.embedding(weights, Layer.TABLE, ids)  # (T, B, D)
    after: list[str] = []
    for level in range(config.layers):
        layer = CellWeights.of_layer(weights, Layer.recurrent(level))
        before = states[level * per_layer : (level + 1) * per_layer]
        value, last = add_continued_layer(graph, config.cell, layer, value, states=before)
        after += last
    return value, after


def _state(graph: GraphBuilder, states: str, number: int) -> str:
    """Add one of the states (S, B, H), as (1, B, H)."""
    return graph.part(states, number, number + 1, axis=0)
