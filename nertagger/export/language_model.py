"""A language model's network as an ONNX graph with native recurrent nodes, weights mapped by name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import TensorProto, helper

from nertagger.config.language_model import DIRECTIONS, LanguageModelConfig
from nertagger.export.tagger import Weights, _cell_weights, _Graph, _recurrent_node
from nertagger.modelfile.schema import FORWARD, ContextGraph, LanguageGraph, Layer, Tensor, tensor_name
from nertagger.network.language_model import CONTEXT_SCALE

_FIRST_STATE, _PEEPHOLES = 5, 7  # where the states and the peepholes stand among the inputs of a recurrent node


def export_language_network(config: LanguageModelConfig, weights: Weights) -> bytes:
    """One direction as a graph.

    Inputs: ids int32 (T, B) in the order in which they are read, state float32 (S, B, H). Outputs: log_probabilities
    float32 (T, B, V) of the next symbol, the state to go on from (S, B, H).
    """
    graph = _Graph()
    each = 2 if config.cell in ("lstm", "peephole") else 1
    before = [_state(graph, i) for i in range(config.layers * each)]
    prefix = tensor_name(Layer.READER, "")
    reader = {name.removeprefix(prefix): w for name, w in weights.items() if name.startswith(prefix)}
    top, after = _reader(graph, config, reader, LanguageGraph.IDS, before)
    scores = graph.node("MatMul", top, graph.constant(weights[tensor_name(Layer.NEXT, Tensor.KERNEL)]))
    bias = weights[tensor_name(Layer.NEXT, Tensor.BIAS)]
    scores = graph.node("Add", scores, graph.constant(bias))
    graph.node("LogSoftmax", scores, output=LanguageGraph.LOG_PROBABILITIES, axis=-1)
    graph.node("Concat", *after, output=LanguageGraph.STATE_AFTER, axis=0)
    symbols, state = bias.shape[0], [len(after), "B", config.units]
    return graph.model(
        [
            helper.make_tensor_value_info(LanguageGraph.IDS, TensorProto.INT32, ["T", "B"]),
            helper.make_tensor_value_info(LanguageGraph.STATE, TensorProto.FLOAT, state),
        ],
        helper.make_tensor_value_info(LanguageGraph.LOG_PROBABILITIES, TensorProto.FLOAT, ["T", "B", symbols]),
        helper.make_tensor_value_info(LanguageGraph.STATE_AFTER, TensorProto.FLOAT, state),
    )


def export_contexts(config: LanguageModelConfig, weights: Weights) -> bytes:
    """Both directions as the ``context.onnx`` of a tagger; `weights` are those that read, by direction and name.

    Inputs: those of `context_inputs`, ids int32 (C, B) and places int32 (T, B). Output: states float32 (T, B, 2 H),
    at `CONTEXT_SCALE` of their size.
    """
    graph, edges, inputs = _Graph(), [], []
    for name in DIRECTIONS:
        below = {key.removeprefix(f"{name}/"): w for key, w in weights.items() if key.startswith(f"{name}/")}
        states, _ = _reader(graph, config, below, name)
        flat = graph.node("Reshape", states, graph.constant(np.array([-1, config.units])))
        edges.append(graph.node("Gather", flat, ContextGraph.places(name)))
        inputs.append(helper.make_tensor_value_info(name, TensorProto.INT32, ["C", "B"]))
        inputs.append(helper.make_tensor_value_info(ContextGraph.places(name), TensorProto.INT32, ["T", "B"]))
    scale = graph.constant(np.array(CONTEXT_SCALE, np.float32))
    graph.node("Mul", graph.node("Concat", *edges, axis=-1), scale, output=ContextGraph.STATES)
    return graph.model(
        inputs, helper.make_tensor_value_info(ContextGraph.STATES, TensorProto.FLOAT, ["T", "B", 2 * config.units])
    )


def _reader(
    graph: _Graph, config: LanguageModelConfig, weights: Weights, ids: str, states: Sequence[str] = ()
) -> tuple[str, list[str]]:
    """The recurrent layers over `ids`, from `states` or from nothing: their output (T, B, H), the states they end in.

    States are (1, B, H), those of the first layer first; there are none to end in where none are given.
    """
    each = len(states) // config.layers
    value = graph.node("Gather", graph.constant(weights[tensor_name(Layer.TABLE, Tensor.EMBEDDINGS)]), ids)  # (T, B, D)
    after: list[str] = []
    for level in range(config.layers):
        layer = _cell_weights(weights, Layer.recurrent(level))
        value = _recurrent_node(graph, config.cell, [layer], (FORWARD,), value, lengths="", last_state=False)
        after += _go_on(graph, states[level * each : (level + 1) * each])
        value = graph.node("Squeeze", value, graph.constant(np.array([1])))
    return value, after


def _state(graph: _Graph, number: int) -> str:
    """One state of the input of all of them, (1, B, H)."""
    bounds = (graph.constant(np.array([bound])) for bound in (number, number + 1, 0))
    return graph.node("Slice", LanguageGraph.STATE, *bounds)


def _go_on(graph: _Graph, states: Sequence[str]) -> list[str]:
    """Let the recurrent node just added begin with these states; returns those it ends in."""
    node = graph.nodes[-1]
    peepholes = node.input[_PEEPHOLES:]
    inputs = [*node.input[:_FIRST_STATE], *states]
    if peepholes:
        inputs += [*[""] * (_PEEPHOLES - len(inputs)), *peepholes]
    after = [f"{node.output[0]}_after{i}" for i in range(len(states))]
    del node.input[:]
    node.input.extend(inputs)
    node.output.extend(after)
    return after
