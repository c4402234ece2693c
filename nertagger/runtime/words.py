"""The word encoder of a model, with a cache of the words encoded so far."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from functools import partial
from itertools import accumulate, chain, pairwise

import numpy as np

from nertagger.features.vectors.stored import open_vectors
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Member, WordsGraph
from nertagger.per_process import PerProcess
from nertagger.runtime.batching import length_batches
from nertagger.runtime.session import Session

Encode = Callable[[Sequence[str]], Mapping[str, np.ndarray]]
Forms = Callable[[Sequence[str]], Sequence[str]]

_CHARACTERS_PER_RUN = 1 << 13  # four times as many take the same time each, and 24 MB more
_CACHED_NUMBERS = 1 << 23  # 32 MB of float32
_CACHED_CHARACTERS = 1 << 23  # of the cached words themselves, which can have any length


class CachedWordEncoder:
    """Encodes each distinct word as one vector, by ``words.onnx``; safe to share between threads.

    Attributes:
        width: D, the width of the vectors.
    """

    def __init__(
        self,
        model: ModelFile,
        encode: Encode,
        *,
        forms: Forms | None = None,
        pool: Callable[[], Executor] | None = None,
        cached_words: int | None = None,
    ) -> None:
        """Open the encoder of a model file.

        Args:
            model: the file.
            encode: returns the inputs of the graph for distinct words, rows in the order of the words.
            forms: returns what to encode for the words of a sentence, see `Features.forms`; None for the words.
            pool: returns the threads that run the graph while the next words are prepared; None for no threads.
            cached_words: how many words to cache; None for 32 MB of vectors.

        Raises:
            ModelFileError: if the graph and the table of word vectors do not fit together.
        """
        self._model, self._encode, self._forms, self._pool = model, encode, forms, pool
        self._session = Session(model, Member.WORDS)
        if len(self._session.output_shape) != 2 or self._session.output_shape[1] is None:
            raise model.error(
                f"{Member.WORDS} gives an output of shape {self._session.output_shape}, expected (words, D)"
            )
        self.width: int = self._session.output_shape[1]
        self._vectors = _open_vectors(model, self._session)
        self._limit = cached_words or _CACHED_NUMBERS // self.width
        self._cache = PerProcess(lambda: _Cache(self.width))

    def lookup(self, sentences: Sequence[Sequence[str]]) -> tuple[list[np.ndarray], np.ndarray]:
        """Return the row of each word in a table of vectors, for each sentence, and the table, float32 (rows, D).

        Row 0 is zeros, for padding. Rows are never overwritten, so that the table stays valid during later calls.
        """
        if self._forms is not None:
            sentences = list(map(self._forms, sentences))
        cache = self._cache()
        with cache.lock:
            distinct = dict.fromkeys(chain.from_iterable(sentences))
            new = [word for word in distinct if word not in cache.rows]
            if new and self._is_too_much(cache, new):
                cache.forget()
                new = list(distinct)
            if new:
                self._add(new, cache)
            rows = list(map(cache.rows.__getitem__, chain.from_iterable(sentences)))
            table = cache.table
        ends = list(accumulate(map(len, sentences), initial=0))
        joined = np.array(rows, dtype=np.intp)
        return [joined[first:stop] for first, stop in pairwise(ends)], table

    def _is_too_much(self, cache: _Cache, new: Sequence[str]) -> bool:
        characters = cache.characters + sum(map(len, new))
        return len(cache.rows) + len(new) > self._limit or characters > _CACHED_CHARACTERS

    def _add(self, words: Sequence[str], cache: _Cache) -> None:
        """Encode words that have no row yet, in batches of similar length."""
        first = len(cache.rows) + 1
        table = cache.with_room(len(words))
        lengths = np.fromiter(map(len, words), np.intp, len(words))
        batches = list(length_batches(np.maximum(lengths, 1), budget=_CHARACTERS_PER_RUN))
        pool = self._pool() if self._pool is not None and len(batches) > 1 else None
        runs = [self._start([words[i] for i in batch.tolist()], pool) for batch in batches]
        for batch, result in zip(batches, runs, strict=True):
            table[first + batch] = result()
        cache.rows.update(zip(words, range(first, first + len(words)), strict=True))
        cache.characters += int(lengths.sum())

    def _start(self, words: Sequence[str], pool: Executor | None) -> Callable[[], np.ndarray]:
        """Start encoding words; returns a function that waits for their vectors."""
        inputs = dict(self._encode(words))
        if self._vectors is not None and WordsGraph.VECTOR_ROWS in inputs:
            inputs[WordsGraph.VECTORS] = self._vectors(inputs[WordsGraph.VECTOR_ROWS])
        if missing := [name for name in self._session.inputs if name not in inputs]:
            raise self._model.error(
                f"{Member.WORDS} expects the input {missing[0]!r}, the vocabulary has {sorted(map(str, inputs))}"
            )
        return partial(self._session.run, inputs) if pool is None else pool.submit(self._session.run, inputs).result


class _Cache:
    """The words encoded so far: the row of each in a table of vectors (rows, D), whose row 0 is zeros."""

    def __init__(self, width: int) -> None:
        self.lock = threading.Lock()
        self._width = width
        self.forget()

    def forget(self) -> None:
        """Drop all words."""
        self.rows: dict[str, int] = {}
        self.characters = 0
        self.table = np.zeros((1024, self._width), dtype=np.float32)

    def with_room(self, words: int) -> np.ndarray:
        """Return the table, enlarged if necessary, with rows for this many more words."""
        needed = len(self.rows) + 1 + words
        if needed > len(self.table):
            grown = np.zeros((2 * needed, self._width), dtype=np.float32)
            grown[: len(self.rows) + 1] = self.table[: len(self.rows) + 1]
            self.table = grown
        return self.table


def _open_vectors(model: ModelFile, session: Session) -> Callable[[np.ndarray], np.ndarray] | None:
    """Return a function from rows to pretrained vectors, float32 (rows, D); None if the graph has no such input."""
    if WordsGraph.VECTORS not in session.inputs:
        return None
    vectors, shape = open_vectors(model), session.inputs[WordsGraph.VECTORS]
    if vectors is None or shape[1:] != vectors.shape[1:]:
        got = "there is none" if vectors is None else f"it has shape {vectors.shape}"
        raise model.error(f"{Member.WORDS} expects a table of word vectors of shape {shape}, {got}")
    return vectors.lookup
