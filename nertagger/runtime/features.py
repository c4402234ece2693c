"""The word features of a model, from its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nertagger.features import Features, Gazetteer, TagCounts, WordIndex
from nertagger.features.gazetteer import ARRAYS, MOST_LABELS
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Tensor, VocabularyKey, tensor_name
from nertagger.parsing import distinct_strings
from nertagger.printable import counted

_SHORTEST_LIMIT = 2  # characters of a word that are encoded: at least its first and its last


def open_features(model: ModelFile, *, tags: int = 0) -> Features:
    """Return the features of a tagger with this many tags, or of an encoder; their tables are views of the file.

    Raises:
        ModelFileError: if the vocabulary or the tensors that belong to it are invalid.
    """
    vocabulary = model.vocabulary
    vectors, counts, gazetteer = _word_index(model), _tag_counts(model, tags), _gazetteer(model)
    try:
        _check_vocabulary(vocabulary)
        return Features.from_dict(vocabulary, vectors=vectors, tag_counts=counts, gazetteer=gazetteer)
    except (KeyError, TypeError, ValueError) as error:
        problem = f"it lacks {error}" if isinstance(error, KeyError) else error
        raise model.vocabulary_error(f"does not describe features: {problem}") from error


def _check_vocabulary(vocabulary: Mapping[str, Any]) -> None:
    """Raise ValueError for a value that `Features.to_dict` does not write."""
    for name in (VocabularyKey.WORDS, VocabularyKey.CHARACTERS, VocabularyKey.SHAPES):
        if name in vocabulary:
            distinct_strings(vocabulary, name)
    longest = vocabulary.get(VocabularyKey.MAX_LENGTH, _SHORTEST_LIMIT)
    if type(longest) is not int or longest < _SHORTEST_LIMIT:
        raise ValueError(
            f"{VocabularyKey.MAX_LENGTH} is {longest!r:.60}, expected a whole number from {_SHORTEST_LIMIT}"
        )


def _word_index(model: ModelFile) -> WordIndex | None:
    """Return the index of the words with pretrained vectors; its keys are int64, or int32 in an 8-bit export."""
    dtype = np.dtype(np.int32 if Tensor.WORD_SCALES in model.tensors else np.int64)
    return _index(model, Tensor.WORD_KEYS, Tensor.WORD_VECTORS, dtype)


def _tag_counts(model: ModelFile, tags: int) -> TagCounts | None:
    index = _index(model, Tensor.TAG_KEYS, Tensor.TAG_COUNTS, np.dtype(np.int64))
    if index is None:
        return None
    counts = model.tensors[Tensor.TAG_COUNTS]
    if counts.dtype != np.int32 or counts.shape[1:] != (tags,) or counts.min() < 0:
        got, wanted = f"{counts.dtype} of shape {counts.shape}", f"int32 from 0 on, a column for each of {tags} tags"
        raise model.tensor_error(f"{Tensor.TAG_COUNTS} is {got} from {counts.min()} on, expected {wanted}")
    return TagCounts(index, counts)


def _gazetteer(model: ModelFile) -> Gazetteer | None:
    """Return the names in lists that a model was trained with; None without any."""
    if VocabularyKey.GAZETTEER not in model.vocabulary:
        return None
    try:
        labels = distinct_strings(model.vocabulary, VocabularyKey.GAZETTEER)
    except ValueError as error:
        raise model.vocabulary_error(str(error)) from error
    if len(labels) > MOST_LABELS:
        raise model.vocabulary_error(f"has a gazetteer of {len(labels)} labels, expected at most {MOST_LABELS}")
    arrays = {name: model.tensors.get(tensor_name(Tensor.GAZETTEER, name)) for name in ARRAYS}
    checked = {name: array for name, array in arrays.items() if array is not None and array.ndim == 1}
    sizes = [len(array) for array in checked.values()]
    if [array.dtype for array in checked.values()] != [np.int64, np.int32] * 2 or sizes[::2] != sizes[1::2]:
        got = {name: None if array is None else f"{array.dtype} {array.shape}" for name, array in arrays.items()}
        raise model.tensor_error(f"the arrays of the gazetteer are {got}, expected pairs of int64 and int32 (N,)")
    if checked["marks"].min(initial=0) < 0 or checked["marks"].max(initial=0) >= 1 << len(labels):
        raise model.tensor_error(f"the gazetteer has marks beyond those of its {counted(len(labels), 'label')}")
    if checked["lengths"].min(initial=0) < 0:
        raise model.tensor_error("the gazetteer has negative lengths")
    return Gazetteer(labels, checked)


def _index(model: ModelFile, name: str, table: str, dtype: np.dtype) -> WordIndex | None:
    """Return the index with the keys in tensor `name`, one per row of a table after the first; None without both."""
    keys, rows = model.tensors.get(name), model.tensors.get(table)
    if keys is None and rows is None:
        return None
    count = len(rows) if rows is not None and rows.ndim else 0
    if keys is None or keys.dtype != dtype or keys.shape != (count - 1,):
        got = "missing" if keys is None else f"{keys.dtype} of shape {keys.shape}"
        wanted = f"{dtype}, one for each of the {count} rows of {table} but the first"
        raise model.tensor_error(f"{name} is {got}, expected {wanted}")
    if not (keys[:-1] < keys[1:] if dtype == np.int64 else keys[:-1] <= keys[1:]).all():
        raise model.tensor_error(f"{name} is not in rising order, in which words are searched")
    return WordIndex(keys)
