"""Emissions of sentences through ONNX Runtime, in batches of similar length that run in parallel."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from typing import NamedTuple

import numpy as np

from nertagger.features import Features
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Member, NetworkGraph
from nertagger.per_process import PerProcess
from nertagger.runtime.batching import length_batches, runs
from nertagger.runtime.language_model.contexts import Contexts, open_contexts
from nertagger.runtime.session import Session, default_threads
from nertagger.runtime.windows import LONGEST, WindowRange, windows
from nertagger.runtime.words import CachedWordEncoder

# The results of one run fit in a core's cache: 4096 tokens take a fifth longer each, 512 save nothing more.
_TOKENS_PER_RUN = 1024
# Decoding is many small NumPy operations: on 1024 tokens at a time they take two and a half times as long.
_TOKENS_PER_BATCH = 8192

_Run = Callable[[], np.ndarray]


class Emissions(NamedTuple):
    """The emissions of a batch of sentences.

    Attributes:
        sentences: (B,) indices of the sentences.
        scores: (T, B, K) float32; values at or after a sentence's length are arbitrary.
        lengths: (B,) in tokens, longest first.
    """

    sentences: np.ndarray
    scores: np.ndarray
    lengths: np.ndarray


class _Plan(NamedTuple):
    """The runs of the network for a batch, and where in the batch the result of each belongs.

    Attributes:
        sentences: (B,) indices of the sentences of the batch.
        runs: each returns emissions (t, b, K).
        places: the tokens and sentences of the batch that each run is for.
    """

    sentences: np.ndarray
    runs: list[_Run]
    places: list[tuple[slice, slice]]


class Engine:
    """Computes emissions with the graphs of a model file; safe to share between threads."""

    def __init__(
        self,
        model: ModelFile,
        features: Features,
        *,
        tags: int,
        threads: int | None = None,
        contexts: Contexts | None = None,
    ) -> None:
        """Open the graphs.

        Args:
            model: the file.
            features: gives the inputs of ``words.onnx`` for distinct words.
            tags: K, the number of tags that the network must score.
            threads: how many batches to run at a time; None for `default_threads`.
            contexts: computes the states of the model's language model, if it has one; None for that model itself.

        Raises:
            ModelFileError: if the parts of the file do not fit together.
        """
        self._threads = threads or default_threads()
        self._pool = PerProcess(partial(ThreadPoolExecutor, self._threads, "nertagger"))  # no thread before first use
        forms = None if features.gazetteer is None else features.forms
        pool = self._pool if self._threads > 1 else None
        self._words = CachedWordEncoder(model, features.encode, forms=forms, pool=pool)
        self._network = Session(model, Member.NETWORK)
        self._tags = tags
        own = open_contexts(model)
        self._contexts = contexts or own
        widths = {NetworkGraph.WORDS: self._words.width} | (
            {NetworkGraph.CONTEXT: own.width} if own is not None else {}
        )
        if {name: shape[2:] for name, shape in self._network.inputs.items()} != {
            NetworkGraph.LENGTHS: (),
            **{name: (width,) for name, width in widths.items()},
        }:
            wanted = " and ".join(f"{name} of width {width}" for name, width in widths.items())
            raise model.error(f"{Member.NETWORK} takes {self._network.inputs}, expected {wanted}")
        given = self._network.output_shape
        if len(given) != 3 or given[2] != tags:
            raise model.error(f"{Member.NETWORK} gives emissions of shape {given}, the vocabulary has {tags} tags")

    def run(self, sentences: Sequence[Sequence[str]]) -> Iterator[Emissions]:
        """Return an iterator over the emissions of all sentences that are not empty, in batches in any order.

        Words are encoded and the network is started by the call itself, so that it runs while the caller does
        something else before asking for the first batch. A sentence longer than `windows.LONGEST` is run as overlapping
        windows.
        """
        lengths = np.fromiter(map(len, sentences), np.int32, len(sentences))
        is_short = lengths <= LONGEST
        short, long = np.flatnonzero(is_short), np.flatnonzero(~is_short)
        rows, table = self._words.lookup([sentences[i] for i in short.tolist()])
        plans = [
            self._plan_batch(
                [sentences[i] for i in short[batch].tolist()], short[batch], [rows[i] for i in batch.tolist()], table
            )
            for batch in length_batches(lengths[short], budget=_TOKENS_PER_BATCH)
        ]
        is_small = lengths.sum() <= _TOKENS_PER_RUN
        found = self._collect(plans, self._start([run for plan in plans for run in plan.runs], is_small), lengths)
        return chain(found, (self._run_windows(i, sentences[i]) for i in long.tolist()))

    def mean_vectors(self, sentences: Sequence[Sequence[str]]) -> np.ndarray:
        """Return the mean of the word encoder's vectors of each sentence, float32 (B, D); zeros for an empty one."""
        rows, table = self._words.lookup(sentences)
        means = np.zeros((len(rows), self._words.width), dtype=np.float32)
        for mean, row in zip(means, rows, strict=True):
            if len(row):
                mean[:] = table[row].mean(axis=0)
        return means

    def _plan_batch(
        self, words: Sequence[Sequence[str]], numbers: np.ndarray, rows: Sequence[np.ndarray], table: np.ndarray
    ) -> _Plan:
        """Plan a batch of whole sentences, longest first."""
        plan = _Plan(numbers, [], [])
        for first, stop in runs([*map(len, rows)], budget=_TOKENS_PER_RUN):
            plan.runs.append(partial(self._run_rows, words[first:stop], rows[first:stop], table))
            plan.places.append((slice(len(rows[first])), slice(first, stop)))
        return plan

    def _collect(
        self, plans: Sequence[_Plan], results: Iterator[np.ndarray], lengths: np.ndarray
    ) -> Iterator[Emissions]:
        """Yield the results of the runs, joined into batches when asked for."""
        for sentences, _, places in plans:
            scores = np.zeros((lengths[sentences[0]], len(sentences), self._tags), dtype=np.float32)
            for place, part in zip(places, results, strict=False):
                scores[place] = part
            yield Emissions(sentences, scores, lengths[sentences])

    def _run_windows(self, number: int, words: Sequence[str]) -> Emissions:
        """Return the emissions of a sentence that is too long to be run in one piece."""
        scores = np.zeros((len(words), 1, self._tags), dtype=np.float32)
        ranges = windows(len(words))
        for (start, _, keep_start, keep_stop), part in zip(ranges, self._start_windows(words, ranges), strict=True):
            scores[keep_start:keep_stop] = part[keep_start - start : keep_stop - start]
        return Emissions(np.array([number]), scores, np.array([len(words)]))

    def _start_windows(self, words: Sequence[str], ranges: Sequence[WindowRange]) -> Iterator[np.ndarray]:
        """Yield the results of the windows; only a few run ahead, because their number is unlimited."""
        started: deque[_Run] = deque()
        for start, stop, _, _ in ranges:
            part = [words[start:stop]]
            run = partial(self._run_rows, part, *self._words.lookup(part))
            started.append(run if self._threads == 1 else self._pool().submit(run).result)
            if len(started) > self._threads:
                yield started.popleft()()
        yield from (result() for result in started)

    def _start(self, runs: Sequence[_Run], is_small: bool) -> Iterator[np.ndarray]:
        """Return the results of the runs, which start now, or when results are asked for if they are few or small."""
        if self._threads == 1 or len(runs) == 1 or is_small:
            return (run() for run in runs)
        futures = [self._pool().submit(run) for run in runs]
        return (future.result() for future in futures)

    def _run_rows(self, words: Sequence[Sequence[str]], rows: Sequence[np.ndarray], table: np.ndarray) -> np.ndarray:
        """Return the emissions (T, B, K) of sentences, longest first, whose words have these rows in `table`."""
        lengths = np.fromiter(map(len, rows), np.int32, len(rows))
        ids = np.zeros((lengths[0], len(rows)), dtype=np.intp)  # (T, B)
        for column, row in enumerate(rows):
            ids[: len(row), column] = row
        inputs = {NetworkGraph.WORDS: table.take(ids, axis=0), NetworkGraph.LENGTHS: lengths}
        if self._contexts is not None:
            inputs[NetworkGraph.CONTEXT] = self._contexts(words)
        return self._network.run(inputs)


def columns(scores: np.ndarray, lengths: np.ndarray) -> list[np.ndarray]:
    """Return the part of a batch (T, B, K) that belongs to each sentence, (T, K)."""
    return [scores[:length, column].copy() for column, length in enumerate(lengths.tolist())]
