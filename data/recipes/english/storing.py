"""The model file of the English tagger: small, without the word vectors, which are those of the encoder beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import safetensors.numpy

from nertagger.config import Config
from nertagger.english.joining import VECTOR_TENSORS
from nertagger.export.quantization import int8_members
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Member, Tensor, tensor_name
from nertagger.modelfile.tensors import read_tensors
from nertagger.modelfile.writer import write_model

_LEAST_COUNT = 8
"""Tag frequencies of words that training has seen less often are left out."""


def store(model: ModelFile, path: Path, *, card: str) -> None:
    """Write a tagger with 8-bit graphs, 8-bit weights to train other taggers from, and no word vectors."""
    members = int8_members(model)
    tensors = _with_frequent_words(dict(read_tensors(memoryview(members[Member.WEIGHTS]))))
    for name, tensor in model.tensors.items():
        if "/" in name and name not in tensors:
            tensors |= _in_int8(name, tensor) if tensor.ndim > 1 else {name: tensor.astype(np.float16)}
    kept = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items() if name not in VECTOR_TENSORS}
    config = Config.from_stored(model.text(Member.CONFIG), source=str(model.path)).updated(
        {"encoder.source": "english.enc"}
    )  # without its folder
    members |= {
        Member.CONFIG: config.to_toml().encode(),
        Member.WEIGHTS: safetensors.numpy.save(kept),
        Member.CARD: card.encode(),
    }
    write_model(path, members)


def _in_int8(name: str, weight: np.ndarray) -> dict[str, np.ndarray]:
    """Return a weight as 8-bit integers and the scale of each column."""
    largest = np.abs(weight).max(axis=tuple(range(weight.ndim - 1)))
    scales = np.maximum(largest / 127, np.finfo(np.float32).tiny).astype(np.float32)
    return {name: np.rint(weight / scales).astype(np.int8), tensor_name(name, Tensor.SCALES): scales}


def _with_frequent_words(tensors: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the tensors with the tag counts of frequent words alone; row 0, of all other words, stays."""
    counts, keys = tensors[Tensor.TAG_COUNTS], tensors[Tensor.TAG_KEYS]
    is_kept = counts[1:].sum(axis=1) >= _LEAST_COUNT
    return {
        **tensors,
        Tensor.TAG_COUNTS: np.concatenate([counts[:1], counts[1:][is_kept]]),
        Tensor.TAG_KEYS: keys[is_kept],
    }
