"""The states of the hidden units of a trained network over a text, computed by the graphs that users run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nertagger.config.language_model import LanguageModelConfig
from nertagger.errors import NerTaggerError, requires_extra
from nertagger.features.symbols import END_ID, encode_lines
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import BACKWARD, Member, NetworkGraph
from nertagger.modelfile.tensors import members_of
from nertagger.runtime.engine import Engine
from nertagger.runtime.features import open_features
from nertagger.runtime.language_model.model import LanguageModel
from nertagger.runtime.tagger import Tagger

_INT8 = "DynamicQuantizeLSTM"
_RECURRENT = ("RNN", "GRU", "LSTM", _INT8)  # ONNX's nodes


@dataclass(frozen=True)
class Activations:
    """The states of hidden units over a text.

    Attributes:
        symbols: N characters or words.
        states: ``a<t>``, float32 (N, H), after each symbol was read; from -1 to 1 unless the cell is a ReLU.
    """

    symbols: tuple[str, ...]
    states: np.ndarray


def language_activations(
    model: LanguageModel, text: str, *, direction: str = "", layer: int | None = None
) -> Activations:
    """Return the states of a language model over a text, symbol by symbol.

    Args:
        model: a model of characters, or of words, which are separated by white space in the text.
        text: one line or several.
        direction: ``forward`` or ``backward``; "" for the first direction of the model.
        layer: from 0; None for the last.

    Raises:
        NerTaggerError: if there is no such direction or layer, or no text.
    """
    lines = [line.split() if model.level == "words" else line for line in text.splitlines() if line.strip()]
    if not lines:
        raise NerTaggerError("got a text without a symbol, expected at least one")
    ids = encode_lines(lines, model.symbols)[:-1]
    symbols = [symbol for line in lines for symbol in (*line, "\n")][:-1]
    states = _read_symbols(model, ids, direction=direction, layer=layer)
    return Activations(tuple(symbols), states)


def _read_symbols(model: LanguageModel, ids: np.ndarray, *, direction: str, layer: int | None) -> np.ndarray:
    """Return the states (N, H) of a layer after each of N symbols, in the order of the text."""
    network = model.network(direction)
    is_backward = network.name == BACKWARD
    state, states = network.start(1), []
    index = _index_of_state(model, layer, count=len(state))
    _, state = network.read(np.array([[END_ID]], np.int32), state)
    for number in ids[::-1] if is_backward else ids:
        _, state = network.read(np.array([[number]], np.int32), state)
        states.append(state[index, 0])
    return np.stack(states[::-1] if is_backward else states)


def _index_of_state(model: LanguageModel, layer: int | None, *, count: int) -> int:
    """Return the index of ``a<t>`` of a layer among the `count` states of a network; it is a cell's first state."""
    file = model.model
    layers = LanguageModelConfig.from_stored(file.text(Member.CONFIG), source=f"{file.path}: {Member.CONFIG}").layers
    if count not in (layers, 2 * layers):
        raise file.error(f"{Member.CONFIG} has {layers} layers, but the network has {count} states")
    return _layer(layer, layers) * (count // layers)


def text_activations(tagger: Tagger, text: str, *, layer: int | None = None) -> tuple[Activations, tuple[str, ...]]:
    """Return the states of a tagger over the first sentence of a text, and the predicted tags of its words.

    Raises:
        NerTaggerError: if there is no such layer, or the text has no word.
    """
    sentences = tagger(text).sentences
    if not sentences:
        raise NerTaggerError("got a text without a word, expected a sentence")
    return tagger_activations(tagger, sentences[0].words, layer=layer), sentences[0].tags or ()


def tagger_activations(tagger: Tagger, words: Sequence[str], *, layer: int | None = None) -> Activations:
    """Return the states of a recurrent layer of a tagger over a sentence, of both directions, forward first.

    Those of a committee are the states of its first network.

    Args:
        tagger: a tagger with a recurrent layer.
        words: N words, at least one.
        layer: from 0; None for the last.

    Raises:
        NerTaggerError: if there is no such layer, or no word.
    """
    if not words:
        raise NerTaggerError("got a sentence without a word, expected at least one")
    members = tagger.model.members
    graph, width = _graph_of_states(tagger.model, layer)
    model = replace(tagger.model, members={**members, Member.NETWORK: memoryview(graph)})
    features = open_features(model, tags=len(tagger.tags))
    (emissions,) = Engine(model, features, tags=width, threads=1).run([list(words)])  # states instead of emissions
    return Activations(tuple(words), emissions.scores[: len(words), 0])


def _graph_of_states(tagger: ModelFile, layer: int | None) -> tuple[bytes, int]:
    """Return the graph cut off after a recurrent layer, with its states (T, B, D) as output; and D."""
    with requires_extra("looking inside a tagger", "train"):
        import onnx
        from onnx import TensorProto, helper
    model = onnx.load_from_string(bytes(tagger.members[Member.NETWORK]))
    nodes = [node for node in model.graph.node if node.op_type in _RECURRENT]
    if not nodes:
        raise NerTaggerError("the model has no recurrent layer, and so no hidden units to look at")
    nodes = nodes[: len(nodes) // len(members_of(tagger.tensors))]
    node = nodes[_layer(layer, len(nodes))]
    attributes = {attribute.name: attribute for attribute in node.attribute}
    directions = 2 if attributes["direction"].s == b"bidirectional" else 1
    units, states = attributes["hidden_size"].i, node.output[0]
    if node.op_type == _INT8:
        units -= NetworkGraph.CONSTANT_UNITS
        bounds = {"first_unit": 0, "last_unit": units, "axis_of_units": 3}
        model.graph.initializer.extend(onnx.numpy_helper.from_array(np.array([n]), name) for name, n in bounds.items())
        model.graph.node.append(helper.make_node("Slice", [states, *bounds], ["states_of_units"]))
        states = "states_of_units"
    width = units * directions
    model.graph.initializer.append(onnx.numpy_helper.from_array(np.array([0, 0, width]), "shape_of_states"))
    model.graph.node.append(helper.make_node("Transpose", [states], ["transposed_states"], perm=[0, 2, 1, 3]))
    model.graph.node.append(helper.make_node("Reshape", ["transposed_states", "shape_of_states"], ["states"]))
    del model.graph.output[:]
    model.graph.output.append(helper.make_tensor_value_info("states", TensorProto.FLOAT, ["T", "B", width]))
    return model.SerializeToString(), width


def _layer(layer: int | None, count: int) -> int:
    if layer is not None and not 0 <= layer < count:
        raise NerTaggerError(f"got layer {layer}, expected one from 0 to {count - 1}")
    return count - 1 if layer is None else layer
