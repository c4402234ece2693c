"""Whether a model has learned from the very text that it is to be scored on, in which case the scores say little.

A model keeps eight bytes of each sentence that it has learned from. Sentences of a few words are left out of account:
"Thank you !" stands in every corpus.
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
    """What is kept of the sentences of five words or more: int64, each sentence's key once, in rising order."""
    return np.unique(word_keys(map("\t".join, _long(sentences))))


def count_learned(model: ModelFile, sentences: Iterable[Sequence[str]]) -> tuple[int, int]:
    """How many sentences of five words or more there are, and how many of these the model has learned from."""
    asked = _long(sentences)
    keys = model.tensors.get(Tensor.SENTENCE_KEYS)
    if keys is None or keys.dtype != np.int64 or keys.ndim != 1:
        return len(asked), 0
    return len(asked), int(np.count_nonzero(WordIndex(keys).exact_rows(["\t".join(words) for words in asked])))


def _long(sentences: Iterable[Sequence[str]]) -> list[Sequence[str]]:
    return [words for words in sentences if len(words) >= _SHORTEST]
