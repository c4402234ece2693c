"""A model that is stored without its word vectors, joined with the encoder that holds them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Member, Tensor, tensor_name
from nertagger.modelfile.tensors import write_tensors

VECTOR_TENSORS = (Tensor.WORD_VECTORS, Tensor.VECTOR_SCALES, Tensor.WORD_KEYS)
"""The tensors that are stored once, in the encoder."""
_SCALES = tensor_name("", Tensor.SCALES)


def with_vectors(part: ModelFile, encoder: ModelFile, *, name: str) -> ModelFile:
    """Return a model in memory that has the word vectors of an encoder, and weights in float16 for those in int8.

    Args:
        part: a tagger or an encoder without word vectors.
        encoder: the encoder with those that it was trained with.
        name: what errors call the result.

    Raises:
        ModelFileError: if the tensors of either cannot be read.
    """
    vectors = {tensor: encoder.tensors[tensor] for tensor in VECTOR_TENSORS if tensor in encoder.tensors}
    weights = write_tensors({**_in_float(part.tensors), **vectors})
    hashes = {**part.hashes, Member.WEIGHTS: hashlib.sha256(weights).hexdigest()}
    return ModelFile(Path(name), part.version, hashes, {**part.members, Member.WEIGHTS: memoryview(weights)})


def _in_float(tensors: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the tensors with weights in float16 for those that are stored as int8 with a scale for each column."""
    scales = {name.removesuffix(_SCALES): tensor for name, tensor in tensors.items() if name.endswith(_SCALES)}
    restored = {name: (tensors[name] * scale).astype(np.float16) for name, scale in scales.items()}
    return {name: tensor for name, tensor in tensors.items() if not name.endswith(_SCALES)} | restored
