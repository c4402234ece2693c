"""Sentences to emissions through ONNX Runtime, in batches of like length that run side by side."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from typing import NamedTuple

import numpy as np

from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Member, NetworkGraph
from nertagger.runtime.batching import length_batches
from nertagger.runtime.language_model.contexts import Contexts, open_contexts
from nertagger.runtime.per_process import PerProcess
from nertagger.runtime.session import Session, default_threads
from nertagger.runtime.windows import LONGEST, Window, windows
from nertagger.runtime.words import Encode, WordEncoder

# What one run computes stays in a core's cache: 4096 tokens take a fifth longer each, 512 save nothing more.
_TOKENS_PER_RUN = 1024
# Decoding is many small steps of NumPy: over 1024 tokens at a time they take two and a half times as long.
_TOKENS_PER_BATCH = 8192

_Run = Callable[[], np.ndarray]


class Emissions(NamedTuple):
    """What the network says of a batch of sentences.

    Attributes:
        sentences: (B,) which of the given sentences these are.
        scores: (T, B, K) float32; positions at or after a sentence's length hold anything.
        lengths: (B,) in tokens, longest first.
    """

    sentences: np.ndarray
    scores: np.ndarray
    lengths: np.ndarray


class _Plan(NamedTuple):
    """A batch as runs of the network, and where in it the result of each belongs.

    Attributes:
        sentences: (B,) of the batch.
        runs: each gives emissions (t, b, K).
        places: the tokens and sentences of the batch that they are for.
    """

    sentences: np.ndarray
    runs: list[_Run]
    places: list[tuple[slice, slice]]


class Engine:
    """The graphs of a model file as one function; safe to share between threads."""

    def __init__(
        self,
        model: ModelFile,
        encode: Encode,
        *,
        tags: int,
        threads: int | None = None,
        contexts: Contexts | None = None,
    ) -> None:
        """Opens the graphs.

        Args:
            model: the file.
            encode: distinct words to the arrays that ``words.onnx`` takes.
            tags: K, which the network must give scores for.
            threads: how many batches to run at a time; None for `default_threads`.
            contexts: what gives the states of the model's language model, if it has one; None for that model itself.

        Raises:
            ModelFileError: if the parts of the file do not fit one another.
        """
        self._threads = threads or default_threads()
        self._pool = PerProcess(partial(ThreadPoolExecutor, self._threads, "nertagger"))  # no thread until it is used
        self._words = WordEncoder(model, encode, pool=self._pool if self._threads > 1 else None)
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
        """The emissions of all sentences that are not empty, in batches that are not in the sentences' order.

        The words are encoded and the network starts to run when this is called, so that the caller may do something
        else before asking for the first batch. A sentence longer than `windows.LONGEST` is run as overlapping windows.
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
        found = self._collect(plans, self._start([run for plan in plans for run in plan.runs]), lengths)
        return chain(found, (self._run_windows(i, sentences[i]) for i in long.tolist()))

    def _plan_batch(
        self, words: Sequence[Sequence[str]], numbers: np.ndarray, rows: Sequence[np.ndarray], table: np.ndarray
    ) -> _Plan:
        """A batch of whole sentences, longest first, side by side."""
        plan = _Plan(numbers, [], [])
        for part in length_batches(np.array([len(row) for row in rows]), budget=_TOKENS_PER_RUN):
            first, stop = int(part[0]), int(part[-1]) + 1
            length = len(rows[first])
            plan.runs.append(partial(self._run_rows, words[first:stop], rows[first:stop], table))
            plan.places.append((slice(length), slice(first, stop)))
        return plan

    def _collect(
        self, plans: Sequence[_Plan], results: Iterator[np.ndarray], lengths: np.ndarray
    ) -> Iterator[Emissions]:
        """The results of the runs, put together as they are asked for."""
        for sentences, _, places in plans:
            scores = np.zeros((lengths[sentences[0]], len(sentences), self._tags), dtype=np.float32)
            for place, part in zip(places, results, strict=False):
                scores[place] = part
            yield Emissions(sentences, scores, lengths[sentences])

    def _run_windows(self, number: int, words: Sequence[str]) -> Emissions:
        """A sentence that is too long to be run whole."""
        scores = np.zeros((len(words), 1, self._tags), dtype=np.float32)
        ranges = windows(len(words))
        for (start, _, keep_start, keep_stop), part in zip(ranges, self._start_windows(words, ranges), strict=True):
            scores[keep_start:keep_stop] = part[keep_start - start : keep_stop - start]
        return Emissions(np.array([number]), scores, np.array([len(words)]))

    def _start_windows(self, words: Sequence[str], ranges: Sequence[Window]) -> Iterator[np.ndarray]:
        """The results of the windows, of which a few are started ahead: there may be any number of them."""
        started: deque[_Run] = deque()
        for start, stop, _, _ in ranges:
            part = [words[start:stop]]
            run = partial(self._run_rows, part, *self._words.lookup(part))
            started.append(run if self._threads == 1 else self._pool().submit(run).result)
            if len(started) > self._threads:
                yield started.popleft()()
        yield from (result() for result in started)

    def _start(self, runs: Sequence[_Run]) -> Iterator[np.ndarray]:
        """The results of the runs, which start at once; a single one waits to be asked."""
        if self._threads == 1 or len(runs) == 1:
            return (run() for run in runs)
        futures = [self._pool().submit(run) for run in runs]
        return (future.result() for future in futures)

    def _run_rows(self, words: Sequence[Sequence[str]], rows: Sequence[np.ndarray], table: np.ndarray) -> np.ndarray:
        """The emissions, (T, B, K), of a batch of sentences, longest first, and their rows of a table of words."""
        lengths = np.fromiter(map(len, rows), np.int32, len(rows))
        ids = np.zeros((lengths[0], len(rows)), dtype=np.intp)  # (T, B)
        for column, row in enumerate(rows):
            ids[: len(row), column] = row
        inputs = {NetworkGraph.WORDS: table.take(ids, axis=0), NetworkGraph.LENGTHS: lengths}
        if self._contexts is not None:
            inputs[NetworkGraph.CONTEXT] = self._contexts(words)
        return self._network.run(inputs)
