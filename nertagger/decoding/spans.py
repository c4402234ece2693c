"""The entities of the tag sequences of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nertagger.text.schemes import read_spans


class BatchSpans(NamedTuple):
    """N token spans in a batch of sentences as arrays of equal length, intp, in order.

    Attributes:
        sentences: the index of the sentence in the batch.
        firsts: the first token.
        lasts: the last token, inclusive.
    """

    sentences: np.ndarray
    firsts: np.ndarray
    lasts: np.ndarray


class SpanReader:
    """Reads entities from paths, (T, B) ids of K BIOES tags, 0 (for O) at and after a sentence's length."""

    def __init__(self, tags: Sequence[str]) -> None:
        self._tags = list(tags)
        self._labels = [tag[2:] for tag in tags]
        prefixes = np.array([tag[0] for tag in tags])
        self._begins, self._ends = np.isin(prefixes, ["B", "S"]), np.isin(prefixes, ["E", "S"])

    def proper(self, paths: np.ndarray) -> tuple[BatchSpans, list[str]]:
        """Return the spans and labels of sequences that BIOES allows: each entity has one B and one E, or one S."""
        by_sentence = np.ascontiguousarray(paths.T)  # (B, T)
        sentences, firsts = self._begins[by_sentence].nonzero()
        _, lasts = self._ends[by_sentence].nonzero()
        labels = by_sentence[sentences, firsts].tolist()
        return BatchSpans(sentences, firsts, lasts), [self._labels[k] for k in labels]

    def lenient(self, paths: np.ndarray) -> tuple[BatchSpans, list[str]]:
        """Return the spans and labels of any sequences by the rules of conlleval."""
        found = [
            (sentence, span)
            for sentence in np.flatnonzero(paths.any(axis=0)).tolist()
            for span in read_spans([self._tags[k] for k in paths[:, sentence].tolist()])
        ]
        columns = np.array([(b, span.first, span.stop - 1) for b, span in found], dtype=np.intp).reshape(-1, 3)
        return BatchSpans(*columns.T), [span.label for _, span in found]
