"""The trained network as two ONNX graphs with native recurrent nodes.

Weights are mapped by name, nothing is traced: a converter would turn each recurrent layer into a loop over single
steps. Both graphs are functions of the configuration and the weights alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from nertagger.config import Config, NetworkConfig, WordsConfig
from nertagger.modelfile.schema import (
    BACKWARD,
    DIRECTIONS,
    FORWARD,
    Layer,
    NetworkGraph,
    Tensor,
    WordsGraph,
    tensor_name,
)

Weights = Mapping[str, np.ndarray]
_OPSET, _IR_VERSION = 17, 8  # old enough for every ONNX Runtime that setup.cfg allows
_NODE = {
    "simple": "RNN",
    "simple-relu": "RNN",
    "simplified-gru": "GRU",
    "gru": "GRU",
    "lstm": "LSTM",
    "peephole": "LSTM",
}
# Where ONNX's gates (LSTM: i o f c, GRU: z r h) stand among ours (i f o c; update relevance candidate).
_GATE_ORDER = {"RNN": (0,), "GRU": (0, 1, 2), "LSTM": (0, 2, 1, 3)}
# ONNX's GRU keeps a share z of the old state, ours takes a share Gu = 1 - z of the new one: sigmoid(-x).
_GATE_SIGN = {"RNN": (1,), "GRU": (-1, 1, 1), "LSTM": (1, 1, 1, 1)}
_OPEN = 100.0  # the bias of a gate that is never anything but open: its sigmoid is 1 in float32


class _Graph:
    """Nodes and constants of a graph in the making; each method adds a node and returns the name of its result."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: np.ndarray) -> str:
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, *inputs: str, output: str = "", outputs: int = 1, **attributes: object) -> str:
        names = [f"value{len(self.nodes)}_{i}" for i in range(outputs)]
        names[-1] = output or names[-1]
        self.nodes.append(helper.make_node(kind, list(inputs), [*[""] * (outputs - 1), names[-1]], **attributes))
        return names[-1]

    def model(self, inputs: Sequence[onnx.ValueInfoProto], *outputs: onnx.ValueInfoProto) -> bytes:
        graph = helper.make_graph(self.nodes, "nertagger", list(inputs), list(outputs), self.constants)
        opset = helper.make_opsetid("", _OPSET)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=_IR_VERSION, producer_name="nertagger")
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString(deterministic=True))


def without_one_hot(config: NetworkConfig, weights: Weights, size: int) -> Weights:
    """The weights of the same network with a learned vector where the given one has the one-hot vector of `size` words.

    A one-hot vector times the kernel of the first layer is a row of that kernel: the row becomes the word's vector, and
    the layer takes it as it is. So nothing as wide as the vocabulary is ever computed.
    """
    names = [
        tensor_name(Layer.STACK, Layer.recurrent(0, direction), Tensor.KERNEL) for direction in config.directions[0]
    ]
    kernels = [weights[name] for name in names]
    width = kernels[0].shape[1]
    table = np.concatenate([kernel[:size] for kernel in kernels], axis=1)  # (V, directions * G * H)
    taken = np.split(np.eye(table.shape[1], dtype=table.dtype), range(width, table.shape[1], width), axis=1)
    folded = [np.concatenate([part, kernel[size:]]) for part, kernel in zip(taken, kernels, strict=True)]
    return {**weights, **dict(zip(names, folded, strict=True)), _embeddings(WordsGraph.WORD_IDS): table}


def export_words(config: Config, weights: Weights, sizes: Mapping[str, int]) -> bytes:
    """The word encoder as ``words.onnx``.

    Inputs, those in `sizes` of: vectors float32 (W, V); word_ids, shapes int32 (W,); characters int32 (W, C);
    tag_shares float32 (W, K).
    Output: words float32 (W, D).
    """
    graph, inputs, parts, width = _Graph(), [], [], 0
    if WordsGraph.VECTORS in sizes:
        inputs.append(
            helper.make_tensor_value_info(WordsGraph.VECTORS, TensorProto.FLOAT, ["W", sizes[WordsGraph.VECTORS]])
        )
    if WordsGraph.WORD_IDS in sizes:
        inputs.append(helper.make_tensor_value_info(WordsGraph.WORD_IDS, TensorProto.INT32, ["W"]))
    if WordsGraph.VECTORS in sizes or WordsGraph.WORD_IDS in sizes:
        part, size = _known_words(graph, config.words, weights, sizes)
        parts.append(part)
        width += size
    if WordsGraph.CHARACTERS in sizes:
        inputs.append(helper.make_tensor_value_info(WordsGraph.CHARACTERS, TensorProto.INT32, ["W", "C"]))
        encoder = _character_cnn if config.characters.encoder == "cnn" else _character_bilstm
        parts.append(encoder(graph, weights))
        width += config.characters.units
    if WordsGraph.SHAPES in sizes:
        inputs.append(helper.make_tensor_value_info(WordsGraph.SHAPES, TensorProto.INT32, ["W"]))
        parts.append(_table(graph, weights, WordsGraph.SHAPES))
        width += config.shapes.size
    if WordsGraph.TAG_SHARES in sizes:
        inputs.append(
            helper.make_tensor_value_info(WordsGraph.TAG_SHARES, TensorProto.FLOAT, ["W", sizes[WordsGraph.TAG_SHARES]])
        )
        parts.append(WordsGraph.TAG_SHARES)
        width += sizes[WordsGraph.TAG_SHARES]
    graph.node("Concat", *parts, output=WordsGraph.WORDS, axis=1)
    return graph.model(inputs, helper.make_tensor_value_info(WordsGraph.WORDS, TensorProto.FLOAT, ["W", width]))


def _known_words(graph: _Graph, config: WordsConfig, weights: Weights, sizes: Mapping[str, int]) -> tuple[str, int]:
    """What is known of words as a whole, and how wide it is."""
    if WordsGraph.WORD_IDS not in sizes:
        return WordsGraph.VECTORS, sizes[WordsGraph.VECTORS]
    learned = _table(graph, weights, WordsGraph.WORD_IDS)
    if config.input == "pretrained":
        return graph.node("Add", WordsGraph.VECTORS, learned), sizes[WordsGraph.VECTORS]
    return learned, weights[_embeddings(WordsGraph.WORD_IDS)].shape[1]


def export_network(config: NetworkConfig, weights: Weights) -> bytes:
    """The sentence encoder as ``network.onnx``.

    Inputs: words float32 (T, B, D), lengths int32 (B,) and, where the weights project a language model's states,
    context float32 (T, B, C). Output: emissions float32 (T, B, K), log-probabilities where
    the output is a softmax.
    """
    graph = _Graph()
    width = weights[tensor_name(Layer.STACK, Layer.recurrent(0, config.directions[0][0]), Tensor.KERNEL)].shape[0]
    value: str = NetworkGraph.WORDS
    inputs = [helper.make_tensor_value_info(NetworkGraph.LENGTHS, TensorProto.INT32, ["B"])]
    projecting = tensor_name(Layer.PROJECT, Tensor.KERNEL)
    if projecting in weights:
        states, projection = weights[projecting].shape
        value = graph.node("Concat", value, _dense(graph, weights, Layer.PROJECT, NetworkGraph.CONTEXT), axis=-1)
        inputs.append(helper.make_tensor_value_info(NetworkGraph.CONTEXT, TensorProto.FLOAT, ["T", "B", states]))
        width -= projection
    for level, directions in enumerate(config.directions):
        names = [tensor_name(Layer.STACK, Layer.recurrent(level, direction)) for direction in directions]
        value = _recurrent(graph, config.cell, [_cell_weights(weights, name) for name in names], directions, value)
    for level in range(len(config.dense)):
        value = graph.node("Relu", _dense(graph, weights, Layer.dense(level), value))
    softmax = config.output == "softmax"
    value = _dense(graph, weights, Layer.EMIT, value, output="" if softmax else NetworkGraph.EMISSIONS)
    if softmax:
        graph.node("LogSoftmax", value, output=NetworkGraph.EMISSIONS, axis=-1)
    inputs.append(helper.make_tensor_value_info(NetworkGraph.WORDS, TensorProto.FLOAT, ["T", "B", width]))
    tags = weights[tensor_name(Layer.EMIT, Tensor.BIAS)].shape[0]
    return graph.model(
        inputs, helper.make_tensor_value_info(NetworkGraph.EMISSIONS, TensorProto.FLOAT, ["T", "B", tags])
    )


class _CellWeights(NamedTuple):
    """A layer's weights in one direction: (D, G H), (H, G H), (G H,) and, of a peephole LSTM, (3, H)."""

    kernel: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray
    peephole: np.ndarray | None


def _cell_weights(weights: Weights, name: str) -> _CellWeights:
    cell = tensor_name(name, Layer.LOOP, Layer.CELL)
    return _CellWeights(
        weights[tensor_name(name, Tensor.KERNEL)],
        weights[tensor_name(cell, Tensor.RECURRENT)],
        weights[tensor_name(name, Tensor.BIAS)],
        weights.get(tensor_name(cell, Tensor.PEEPHOLE)),
    )


def _recurrent(
    graph: _Graph,
    cell: str,
    layers: Sequence[_CellWeights],
    directions: Sequence[str],
    sequences: str,
) -> str:
    """A layer in one or both directions. Shape: (T, B, D) -> (T, B, H) or (T, B, 2 H)."""
    node = _recurrent_node(graph, cell, layers, directions, sequences, lengths=NetworkGraph.LENGTHS, last_state=False)
    side_by_side = graph.node("Transpose", node, perm=[0, 2, 1, 3])  # (T, B, directions, H)
    return graph.node("Reshape", side_by_side, graph.constant(np.array([0, 0, -1])))


def _recurrent_node(
    graph: _Graph,
    cell: str,
    layers: Sequence[_CellWeights],
    directions: Sequence[str],
    sequences: str,
    *,
    lengths: str,
    last_state: bool,
) -> str:
    kind = _NODE[cell]
    if cell == "simplified-gru":
        layers = [_with_open_relevance(layer) for layer in layers]
    kernel, recurrent, bias = (np.stack(parts) for parts in zip(*(_to_onnx(kind, one) for one in layers), strict=True))
    bias = np.concatenate([bias, np.zeros_like(bias)], axis=1)  # ONNX has a second bias for the recurrent product
    constants = [graph.constant(value) for value in (kernel, recurrent, bias)]
    direction = "bidirectional" if len(directions) == 2 else {FORWARD: "forward", BACKWARD: "reverse"}[directions[0]]
    activations: dict[str, Any] = {"activations": ["Relu"] * len(layers)} if cell == "simple-relu" else {}
    return graph.node(
        kind,
        sequences,
        *constants,
        lengths,
        *_peepholes(graph, layers),
        outputs=2 if last_state else 1,
        hidden_size=recurrent.shape[2],
        direction=direction,
        **activations,
    )


def _with_open_relevance(layer: _CellWeights) -> _CellWeights:
    """The full GRU that does what a simplified one does: its relevance gate lets all of ``c<t-1>`` through."""
    (update, candidate), (update_state, candidate_state) = (np.split(w, 2, axis=1) for w in layer[:2])
    update_bias, candidate_bias = np.split(layer.bias, 2)
    return _CellWeights(
        np.concatenate([update, np.zeros_like(update), candidate], axis=1),
        np.concatenate([update_state, np.zeros_like(update_state), candidate_state], axis=1),
        np.concatenate([update_bias, np.full_like(update_bias, _OPEN), candidate_bias]),
        None,
    )


def _peepholes(graph: _Graph, layers: Sequence[_CellWeights]) -> list[str]:
    """The last inputs of an LSTM with peepholes: two initial states, left out, and weights (directions, 3 H)."""
    given = [layer.peephole for layer in layers if layer.peephole is not None]
    if not given:
        return []
    # Ours stand in the order i f o, ONNX's in i o f.
    return ["", "", graph.constant(np.stack([weights[[0, 2, 1]].reshape(-1) for weights in given]))]


def _to_onnx(kind: str, layer: _CellWeights) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Our kernel, recurrent kernel and bias as ONNX's (G H, D), (G H, H), (G H,), gates in its order."""

    def gates(weight: np.ndarray) -> np.ndarray:
        parts = np.split(weight, len(_GATE_ORDER[kind]), axis=-1)
        return np.concatenate([_GATE_SIGN[kind][i] * parts[i] for i in _GATE_ORDER[kind]], axis=-1)

    return gates(layer.kernel).T, gates(layer.recurrent).T, gates(layer.bias)


def _dense(graph: _Graph, weights: Weights, name: str, value: str, *, output: str = "") -> str:
    product = graph.node("MatMul", value, graph.constant(weights[tensor_name(name, Tensor.KERNEL)]))
    return graph.node("Add", product, graph.constant(weights[tensor_name(name, Tensor.BIAS)]), output=output)


def _table(graph: _Graph, weights: Weights, name: str) -> str:
    return graph.node("Gather", graph.constant(weights[_embeddings(name)]), name)


def _embeddings(*layers: str) -> str:
    """The name of an embedding table below the word encoder."""
    return tensor_name(Layer.WORDS, *layers, Tensor.EMBEDDINGS)


def _character_cnn(graph: _Graph, weights: Weights) -> str:
    table = weights[_embeddings(WordsGraph.CHARACTERS, Layer.TABLE)].copy()
    table[0] = 0  # padding has no vector
    filtering = tensor_name(Layer.WORDS, WordsGraph.CHARACTERS, Layer.FILTERS)
    kernel = weights[tensor_name(filtering, Tensor.KERNEL)]  # (width, size, units)
    pads = [(len(kernel) - 1) // 2, len(kernel) // 2]
    vectors = graph.node(
        "Transpose", graph.node("Gather", graph.constant(table), WordsGraph.CHARACTERS), perm=[0, 2, 1]
    )
    filters = graph.constant(kernel.transpose(2, 1, 0))
    answers = graph.node(
        "Conv", vectors, filters, graph.constant(weights[tensor_name(filtering, Tensor.BIAS)]), pads=pads
    )
    padding = graph.node("Equal", WordsGraph.CHARACTERS, graph.constant(np.array(0, np.int32)))
    padding = graph.node("Unsqueeze", padding, graph.constant(np.array([1])))  # (W, 1, C)
    hidden = graph.node("Where", padding, graph.constant(np.array(-1e9, np.float32)), answers)
    return graph.node("Tanh", graph.node("ReduceMax", hidden, axes=[2], keepdims=0))


def _character_bilstm(graph: _Graph, weights: Weights) -> str:
    layers = [_cell_weights(weights, tensor_name(Layer.WORDS, WordsGraph.CHARACTERS, name)) for name in DIRECTIONS]
    spelling = graph.node("Transpose", WordsGraph.CHARACTERS, perm=[1, 0])
    vectors = graph.node(
        "Gather", graph.constant(weights[_embeddings(WordsGraph.CHARACTERS, Layer.TABLE)]), spelling
    )  # (C, W, size)
    real = graph.node("Cast", graph.node("Cast", WordsGraph.CHARACTERS, to=TensorProto.BOOL), to=TensorProto.INT32)
    lengths = graph.node("ReduceSum", real, graph.constant(np.array([1])), keepdims=0)
    ends = _recurrent_node(graph, "lstm", layers, DIRECTIONS, vectors, lengths=lengths, last_state=True)  # (2, W, H)
    return graph.node("Reshape", graph.node("Transpose", ends, perm=[1, 0, 2]), graph.constant(np.array([0, -1])))
