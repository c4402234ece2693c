"""A model that is stored without its word vectors, joined with the encoder that holds them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Member, Tensor
from nertagger.modelfile.tensors import write_tensors

VECTOR_TENSORS = (Tensor.WORD_VECTORS, Tensor.VECTOR_SCALES, Tensor.WORD_KEYS)
"""The tensors that are stored once, in the encoder."""


def with_vectors(part: ModelFile, encoder: ModelFile, *, name: str) -> ModelFile:
    """Return a model in memory that has the word vectors of an encoder.

    Args:
        part: a tagger or an encoder without word vectors.
        encoder: the encoder with those that it was trained with.
        name: what errors call the result.

    Raises:
        ModelFileError: if the tensors of either cannot be read.
    """
    vectors = {tensor: encoder.tensors[tensor] for tensor in VECTOR_TENSORS if tensor in encoder.tensors}
    weights = write_tensors({**part.tensors, **vectors})
    hashes = {**part.hashes, Member.WEIGHTS: hashlib.sha256(weights).hexdigest()}
    return ModelFile(Path(name), part.version, hashes, {**part.members, Member.WEIGHTS: memoryview(weights)})
