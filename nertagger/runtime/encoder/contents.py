"""The parts of an encoder, from its file, after checking that they fit together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from nertagger.config import EncoderConfig
from nertagger.errors import ConfigError
from nertagger.features import Features
from nertagger.features.vectors.stored import VectorTable, open_vectors
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import DIRECTIONS, Layer, Member, Tensor, WordsGraph, tensor_name
from nertagger.runtime.features import open_features

Shapes = dict[str, tuple[int, ...]]
_GATES = {"simple": 1, "simple-relu": 1, "simplified-gru": 2, "gru": 3, "lstm": 4, "peephole": 4}


@dataclass(frozen=True, slots=True)
class EncoderContents:
    """The parts of an encoder.

    Attributes:
        config: its settings.
        features: encode words as inputs of the word encoder.
        vectors: the pretrained vectors, or None.
        weights: those of characters, shapes and the recurrent stack by name, float16 or float32.
    """

    config: EncoderConfig
    features: Features
    vectors: VectorTable | None
    weights: Mapping[str, np.ndarray]


def open_encoder(model: ModelFile) -> EncoderContents:
    """Return the parts of the encoder in a model file.

    Raises:
        ModelFileError: if the file is not an encoder, or its parts do not fit together.
    """
    model.expect("encoder")
    try:
        config = EncoderConfig.from_stored(model.text(Member.CONFIG), source=f"{model.path}: {Member.CONFIG}")
    except ConfigError as error:
        raise model.error(str(error).removeprefix(f"{model.path}: ")) from None
    if config.network.layers > len(model.tensors):  # the work that follows is proportional to it
        raise model.error(
            f"{Member.CONFIG} says {config.network.layers} layers, there are {len(model.tensors)} tensors"
        )
    features, vectors = open_features(model), open_vectors(model)
    wanted = weight_shapes(config, features, width=vectors.shape[1] if vectors is not None else 0)
    return EncoderContents(config, features, vectors, {name: _weight(model, name, wanted[name]) for name in wanted})


def weight_shapes(config: EncoderConfig, features: Features, *, width: int) -> Shapes:
    """Return the shape of each weight of an encoder by its name.

    Args:
        config: its settings.
        features: its characters and shapes.
        width: D of its pretrained vectors, 0 if it has none.
    """
    shapes: Shapes = {}
    if features.characters is not None:
        shapes |= _character_shapes(config, len(features.characters))
        width += config.characters.units
    if features.shapes is not None:
        name = tensor_name(Layer.WORDS, WordsGraph.SHAPES, Tensor.EMBEDDINGS)
        shapes[name] = (len(features.shapes), config.shapes.size)
        width += config.shapes.size
    net = config.network
    for level, directions in enumerate(net.directions):
        for direction in directions:
            layer = tensor_name(Layer.STACK, Layer.recurrent(level, direction))
            shapes |= _recurrent_shapes(layer, net.cell, width, net.units)
        width = net.units * len(directions)
    return shapes


def _character_shapes(config: EncoderConfig, alphabet: int) -> Shapes:
    settings, layer = config.characters, tensor_name(Layer.WORDS, WordsGraph.CHARACTERS)
    shapes: Shapes = {tensor_name(layer, Layer.TABLE, Tensor.EMBEDDINGS): (alphabet, settings.size)}
    if settings.encoder == "bilstm":
        for direction in DIRECTIONS:
            shapes |= _recurrent_shapes(tensor_name(layer, direction), "lstm", settings.size, settings.units // 2)
        return shapes
    filters = tensor_name(layer, Layer.FILTERS)
    kernel = (settings.width, settings.size, settings.units)
    return shapes | {tensor_name(filters, Tensor.KERNEL): kernel, tensor_name(filters, Tensor.BIAS): kernel[-1:]}


def _recurrent_shapes(layer: str, cell: str, width: int, units: int) -> Shapes:
    """Return the shapes of the weights of one direction of a recurrent layer (width D, units H, G gates)."""
    gates, inner = _GATES[cell] * units, tensor_name(layer, Layer.LOOP, Layer.CELL)
    shapes: Shapes = {
        tensor_name(layer, Tensor.KERNEL): (width, gates),
        tensor_name(layer, Tensor.BIAS): (gates,),
        tensor_name(inner, Tensor.RECURRENT): (units, gates),
    }
    return shapes | ({tensor_name(inner, Tensor.PEEPHOLE): (3, units)} if cell == "peephole" else {})


def _weight(model: ModelFile, name: str, shape: tuple[int, ...]) -> np.ndarray:
    weight = model.tensors.get(name)
    if weight is None:
        raise model.tensor_error(f"lacks {name}, expected of shape {shape}")
    if weight.dtype not in (np.float16, np.float32) or weight.shape != shape:
        got = f"{weight.dtype} of shape {weight.shape}"
        raise model.tensor_error(f"{name} is {got}, expected float16 or float32 of shape {shape}")
    if not np.isfinite(weight).all():
        raise model.tensor_error(f"{name} has numbers that are not finite")
    return weight
