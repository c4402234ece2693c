"""The weights of an encoder by the names and in the layout that a tagger has: those of fused LSTM layers differ."""

from __future__ import annotations

import numpy as np

from nertagger.modelfile.schema import Layer, Tensor, tensor_name
from nertagger.training.loop.weights import Weights

_FUSED = tensor_name("", Layer.LOOP, "lstm_cell", "")
_NAMES = {
    "kernel": Tensor.KERNEL,
    "bias": Tensor.BIAS,
    "recurrent_kernel": tensor_name(Layer.LOOP, Layer.CELL, Tensor.RECURRENT),
}
_PARTS = (tensor_name(Layer.WORDS, ""), tensor_name(Layer.STACK, ""))


def tagger_weights(weights: Weights) -> Weights:
    """Return the weights of an `EncoderNetwork` as those of a tagger; what a tagger lacks is left out."""
    return {
        _tagger_name(name): _tagger_layout(name, array) for name, array in weights.items() if name.startswith(_PARTS)
    }


def encoder_weights(weights: Weights, *, like: Weights) -> Weights:
    """Return the weights of an `EncoderNetwork` that has some of a tagger's, and others `like` it has them now."""
    known = {name: weights.get(_tagger_name(name)) for name in like}
    return {
        name: now if (array := known[name]) is None else _tagger_layout(name, array).astype(np.float32)
        for name, now in like.items()
    }


def _tagger_name(name: str) -> str:
    layer, fused, weight = name.partition(_FUSED)
    return tensor_name(layer, _NAMES[weight]) if fused else name


def _tagger_layout(name: str, array: np.ndarray) -> np.ndarray:
    """Return a weight with the gates of a fused layer in the order i, f, o, c, or those back in Keras' order."""
    if _FUSED not in name:
        return array
    entering, forget, third, fourth = np.split(array, 4, axis=-1)
    return np.concatenate([entering, forget, fourth, third], axis=-1)
