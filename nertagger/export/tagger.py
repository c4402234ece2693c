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
    names = [f"stack/layer0_{direction}/kernel" for direction in config.directions[0]]
    kernels = [weights[name] for name in names]
    width = kernels[0].shape[1]
    table = np.concatenate([kernel[:size] for kernel in kernels], axis=1)  # (V, directions * G * H)
    taken = np.split(np.eye(table.shape[1], dtype=table.dtype), range(width, table.shape[1], width), axis=1)
    folded = [np.concatenate([part, kernel[size:]]) for part, kernel in zip(taken, kernels, strict=True)]
    return {**weights, **dict(zip(names, folded, strict=True)), "words/word_ids/embeddings": table}


def export_words(config: Config, weights: Weights, sizes: Mapping[str, int]) -> bytes:
    """The word encoder as ``words.onnx``.

    Inputs, those in `sizes` of: vectors float32 (W, V); word_ids, shapes int32 (W,); characters int32 (W, C);
    tag_shares float32 (W, K).
    Output: words float32 (W, D).
    """
    graph, inputs, parts, width = _Graph(), [], [], 0
    if "vectors" in sizes:
        inputs.append(helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["W", sizes["vectors"]]))
    if "word_ids" in sizes:
        inputs.append(helper.make_tensor_value_info("word_ids", TensorProto.INT32, ["W"]))
    if "vectors" in sizes or "word_ids" in sizes:
        part, size = _known_words(graph, config.words, weights, sizes)
        parts.append(part)
        width += size
    if "characters" in sizes:
        inputs.append(helper.make_tensor_value_info("characters", TensorProto.INT32, ["W", "C"]))
        encoder = _character_cnn if config.characters.encoder == "cnn" else _character_bilstm
        parts.append(encoder(graph, weights))
        width += config.characters.units
    if "shapes" in sizes:
        inputs.append(helper.make_tensor_value_info("shapes", TensorProto.INT32, ["W"]))
        parts.append(_table(graph, weights, "shapes"))
        width += config.shapes.size
    if "tag_shares" in sizes:
        inputs.append(helper.make_tensor_value_info("tag_shares", TensorProto.FLOAT, ["W", sizes["tag_shares"]]))
        parts.append("tag_shares")
        width += sizes["tag_shares"]
    graph.node("Concat", *parts, output="words", axis=1)
    return graph.model(inputs, helper.make_tensor_value_info("words", TensorProto.FLOAT, ["W", width]))


def _known_words(graph: _Graph, config: WordsConfig, weights: Weights, sizes: Mapping[str, int]) -> tuple[str, int]:
    """What is known of words as a whole, and how wide it is."""
    if "word_ids" not in sizes:
        return "vectors", sizes["vectors"]
    learned = _table(graph, weights, "word_ids")
    if config.input == "pretrained":
        return graph.node("Add", "vectors", learned), sizes["vectors"]
    return learned, weights["words/word_ids/embeddings"].shape[1]


def export_network(config: NetworkConfig, weights: Weights) -> bytes:
    """The sentence encoder as ``network.onnx``.

    Inputs: words float32 (T, B, D), lengths int32 (B,) and, where the weights project a language model's states,
    context float32 (T, B, C). Output: emissions float32 (T, B, K), log-probabilities where
    the output is a softmax.
    """
    graph = _Graph()
    width = weights[f"stack/layer0_{config.directions[0][0]}/kernel"].shape[0]
    value = "words"
    inputs = [helper.make_tensor_value_info("lengths", TensorProto.INT32, ["B"])]
    if "project/kernel" in weights:
        states, projection = weights["project/kernel"].shape
        value = graph.node("Concat", "words", _dense(graph, weights, "project", "context"), axis=-1)
        inputs.append(helper.make_tensor_value_info("context", TensorProto.FLOAT, ["T", "B", states]))
        width -= projection
    for level, directions in enumerate(config.directions):
        names = [f"stack/layer{level}_{direction}" for direction in directions]
        value = _recurrent(graph, config.cell, [_cell_weights(weights, name) for name in names], directions, value)
    for level in range(len(config.dense)):
        value = graph.node("Relu", _dense(graph, weights, f"dense{level}", value))
    softmax = config.output == "softmax"
    value = _dense(graph, weights, "emit", value, output="" if softmax else "emissions")
    if softmax:
        graph.node("LogSoftmax", value, output="emissions", axis=-1)
    inputs.append(helper.make_tensor_value_info("words", TensorProto.FLOAT, ["T", "B", width]))
    tags = weights["emit/bias"].shape[0]
    return graph.model(inputs, helper.make_tensor_value_info("emissions", TensorProto.FLOAT, ["T", "B", tags]))


class _CellWeights(NamedTuple):
    """A layer's weights in one direction: (D, G H), (H, G H), (G H,) and, of a peephole LSTM, (3, H)."""

    kernel: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray
    peephole: np.ndarray | None


def _cell_weights(weights: Weights, name: str) -> _CellWeights:
    cell = f"{name}/loop/cell"
    return _CellWeights(
        weights[f"{name}/kernel"],
        weights[f"{cell}/recurrent"],
        weights[f"{name}/bias"],
        weights.get(f"{cell}/peephole"),
    )


def _recurrent(
    graph: _Graph,
    cell: str,
    layers: Sequence[_CellWeights],
    directions: Sequence[str],
    sequences: str,
) -> str:
    """A layer in one or both directions. Shape: (T, B, D) -> (T, B, H) or (T, B, 2 H)."""
    node = _recurrent_node(graph, cell, layers, directions, sequences, lengths="lengths", last_state=False)
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
    direction = (
        "bidirectional" if len(directions) == 2 else {"forward": "forward", "backward": "reverse"}[directions[0]]
    )
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
    product = graph.node("MatMul", value, graph.constant(weights[f"{name}/kernel"]))
    return graph.node("Add", product, graph.constant(weights[f"{name}/bias"]), output=output)


def _table(graph: _Graph, weights: Weights, name: str) -> str:
    return graph.node("Gather", graph.constant(weights[f"words/{name}/embeddings"]), name)


def _character_cnn(graph: _Graph, weights: Weights) -> str:
    table = weights["words/characters/table/embeddings"].copy()
    table[0] = 0  # padding has no vector
    kernel = weights["words/characters/filters/kernel"]  # (width, size, units)
    pads = [(len(kernel) - 1) // 2, len(kernel) // 2]
    vectors = graph.node("Transpose", graph.node("Gather", graph.constant(table), "characters"), perm=[0, 2, 1])
    filters = graph.constant(kernel.transpose(2, 1, 0))
    answers = graph.node("Conv", vectors, filters, graph.constant(weights["words/characters/filters/bias"]), pads=pads)
    padding = graph.node("Equal", "characters", graph.constant(np.array(0, np.int32)))
    padding = graph.node("Unsqueeze", padding, graph.constant(np.array([1])))  # (W, 1, C)
    hidden = graph.node("Where", padding, graph.constant(np.array(-1e9, np.float32)), answers)
    return graph.node("Tanh", graph.node("ReduceMax", hidden, axes=[2], keepdims=0))


def _character_bilstm(graph: _Graph, weights: Weights) -> str:
    names = ("forward", "backward")
    layers = [_cell_weights(weights, f"words/characters/{name}") for name in names]
    spelling = graph.node("Transpose", "characters", perm=[1, 0])
    vectors = graph.node(
        "Gather", graph.constant(weights["words/characters/table/embeddings"]), spelling
    )  # (C, W, size)
    real = graph.node("Cast", graph.node("Cast", "characters", to=TensorProto.BOOL), to=TensorProto.INT32)
    lengths = graph.node("ReduceSum", real, graph.constant(np.array([1])), keepdims=0)
    ends = _recurrent_node(graph, "lstm", layers, names, vectors, lengths=lengths, last_state=True)  # (2, W, H)
    return graph.node("Reshape", graph.node("Transpose", ends, perm=[1, 0, 2]), graph.constant(np.array([0, -1])))
