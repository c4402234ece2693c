"""The states of a trained network's hidden units over a text, read from the graphs that users run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nertagger.config.language_model import LanguageModelConfig
from nertagger.errors import NerTaggerError, requires_extra
from nertagger.features.symbols import END_ID, encode_lines
from nertagger.modelfile.schema import BACKWARD, Member
from nertagger.runtime.engine import Engine
from nertagger.runtime.features import open_features
from nertagger.runtime.language_model.model import LanguageModel
from nertagger.runtime.tagger import Tagger

_RECURRENT = ("RNN", "GRU", "LSTM")  # ONNX's nodes


@dataclass(frozen=True)
class Activations:
    """What hidden units say of each symbol of a text.

    Attributes:
        symbols: N characters or words.
        states: ``a<t>``, float32 (N, H), after the symbol was read; within -1 and 1 but for a ReLU.
    """

    symbols: tuple[str, ...]
    states: np.ndarray


def language_activations(
    model: LanguageModel, text: str, *, direction: str = "", layer: int | None = None
) -> Activations:
    """The states of a language model over a text, symbol by symbol.

    Args:
        model: of characters, or of words; then the text is its words with white space between them.
        text: a line of it, or several.
        direction: ``forward`` or ``backward``; "" for the first that the model has.
        layer: from 0; None for the last.

    Raises:
        NerTaggerError: if there is no such direction or layer, or no text.
    """
    lines = [line.split() if model.level == "words" else line for line in text.splitlines() if line.strip()]
    if not lines:
        raise NerTaggerError("got a text without a symbol, expected at least one")
    ids = encode_lines(lines, model.symbols)[:-1]
    symbols = [symbol for line in lines for symbol in (*line, "\n")][:-1]
    network = model.network(direction)
    backward = network.name == BACKWARD
    state, read = network.start(1), []
    layers = LanguageModelConfig.from_stored(
        model.model.text(Member.CONFIG), source=f"{model.model.path}: {Member.CONFIG}"
    ).layers
    if len(state) not in (layers, 2 * layers):
        raise model.model.error(
            f"{Member.CONFIG} says that there are {layers} layers, the network has {len(state)} states"
        )
    place = _layer(layer, layers) * (len(state) // layers)  # a<t> is the first state of a cell
    _, state = network.read(np.array([[END_ID]], np.int32), state)
    for number in ids[::-1] if backward else ids:
        _, state = network.read(np.array([[number]], np.int32), state)
        read.append(state[place, 0])
    return Activations(tuple(symbols), np.stack(read[::-1] if backward else read))


def tagger_activations(tagger: Tagger, words: Sequence[str], *, layer: int | None = None) -> Activations:
    """The states of a tagger's recurrent layer over a sentence: both directions side by side, forward first.

    Args:
        tagger: any.
        words: N of them, at least one.
        layer: from 0; None for the last.

    Raises:
        NerTaggerError: if there is no such layer, or no word.
    """
    if not words:
        raise NerTaggerError("got a sentence without a word, expected at least one")
    members = tagger.model.members
    graph, width = _graph_of_states(bytes(members[Member.NETWORK]), layer)
    model = replace(tagger.model, members={**members, Member.NETWORK: memoryview(graph)})
    encode = open_features(model, tags=len(tagger.tags)).encode
    (emissions,) = Engine(model, encode, tags=width, threads=1).run([list(words)])  # states in the place of emissions
    return Activations(tuple(words), emissions.scores[: len(words), 0])


def _graph_of_states(network: bytes, layer: int | None) -> tuple[bytes, int]:
    """The graph cut off behind a recurrent layer, whose states (T, B, D) it gives; and D."""
    with requires_extra("looking inside a tagger", "train"):
        import onnx
        from onnx import TensorProto, helper
    model = onnx.load_from_string(network)
    nodes = [node for node in model.graph.node if node.op_type in _RECURRENT]
    if not nodes:
        raise NerTaggerError("the model has no recurrent layer, whose units could be looked at")
    node = nodes[_layer(layer, len(nodes))]
    attributes = {one.name: one for one in node.attribute}
    both = attributes["direction"].s == b"bidirectional"
    width = attributes["hidden_size"].i * (2 if both else 1)
    shape = onnx.numpy_helper.from_array(np.array([0, 0, width]), "width_of_states")
    added = [
        helper.make_node("Transpose", [node.output[0]], ["states_side_by_side"], perm=[0, 2, 1, 3]),
        helper.make_node("Reshape", ["states_side_by_side", "width_of_states"], ["states"]),
    ]
    model.graph.initializer.append(shape)
    model.graph.node.extend(added)
    del model.graph.output[:]
    model.graph.output.append(helper.make_tensor_value_info("states", TensorProto.FLOAT, ["T", "B", width]))
    return model.SerializeToString(), width


def _layer(layer: int | None, count: int) -> int:
    if layer is not None and not 0 <= layer < count:
        raise NerTaggerError(f"got layer {layer}, expected one from 0 to {count - 1}")
    return count - 1 if layer is None else layer
