"""The model file of the English tagger: small, without the word vectors, which are those of the encoder beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import safetensors.numpy

from nertagger.english.joining import VECTOR_TENSORS
from nertagger.export.quantization import int8_members
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Member, Tensor
from nertagger.modelfile.tensors import read_tensors
from nertagger.modelfile.writer import write_model

_LEAST_COUNT = 3
"""Tag frequencies of words that training has seen less often are left out."""


def store(model: ModelFile, path: Path, *, card: str) -> None:
    """Write a tagger with 8-bit graphs, weights in float16 to train other taggers from, and no word vectors."""
    members = int8_members(model)
    tensors = dict(read_tensors(memoryview(members[Member.WEIGHTS])))
    weights = {name: tensor.astype(np.float16) for name, tensor in model.tensors.items() if "/" in name}
    tensors = {**weights, **_with_frequent_words(tensors)}
    kept = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items() if name not in VECTOR_TENSORS}
    members |= {Member.WEIGHTS: safetensors.numpy.save(kept), Member.CARD: card.encode()}
    write_model(path, members)


def _with_frequent_words(tensors: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the tensors with the tag counts of frequent words alone; row 0, of all other words, stays."""
    counts, keys = tensors[Tensor.TAG_COUNTS], tensors[Tensor.TAG_KEYS]
    is_kept = counts[1:].sum(axis=1) >= _LEAST_COUNT
    return {
        **tensors,
        Tensor.TAG_COUNTS: np.concatenate([counts[:1], counts[1:][is_kept]]),
        Tensor.TAG_KEYS: keys[is_kept],
    }
