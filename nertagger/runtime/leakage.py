"""Leakage: whether a model was trained on the sentences that it is scored on, which would make the scores meaningless.

A model file holds a hash of eight bytes for each sentence that the model was trained on. Sentences of a few words are
ignored, because "Thank you !" is in every corpus.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from nertagger.features import WordIndex
from nertagger.features.word_index import word_keys
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Tensor

_SHORTEST = 5  # words


def sentence_keys(sentences: Iterable[Sequence[str]]) -> np.ndarray:
    """Return the distinct hashes of the sentences of five words or more, int64 in rising order."""
    return np.unique(word_keys(map("\t".join, _long(sentences))))


def count_learned(model: ModelFile, sentences: Iterable[Sequence[str]]) -> tuple[int, int]:
    """Return how many sentences have five words or more, and how many of these the model was trained on."""
    asked = _long(sentences)
    keys = model.tensors.get(Tensor.SENTENCE_KEYS)
    if keys is None or keys.dtype != np.int64 or keys.ndim != 1:
        return len(asked), 0
    return len(asked), int(np.count_nonzero(WordIndex(keys).exact_rows(["\t".join(words) for words in asked])))


def _long(sentences: Iterable[Sequence[str]]) -> list[Sequence[str]]:
    return [words for words in sentences if len(words) >= _SHORTEST]
