"""Leakage: training sentences among those that a model is scored on, which make its scores meaningless.

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


def count_trained_on(model: ModelFile, sentences: Iterable[Sequence[str]]) -> tuple[int, int]:
    """Return the number of sentences of five words or more, and of those of them that the model was trained on."""
    checked = _long(sentences)
    keys = model.tensors.get(Tensor.SENTENCE_KEYS)
    if keys is None or keys.dtype != np.int64 or keys.ndim != 1:
        return len(checked), 0
    return len(checked), int(np.count_nonzero(WordIndex(keys).exact_rows(["\t".join(words) for words in checked])))


def _long(sentences: Iterable[Sequence[str]]) -> list[Sequence[str]]:
    return [words for words in sentences if len(words) >= _SHORTEST]
