"""Sentences to emissions through ONNX Runtime, in batches of like length that run side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import NamedTuple

import numpy as np

from nertagger.runtime.batching import length_batches
from nertagger.runtime.model_file import ModelFile
from nertagger.runtime.session import Session, default_threads
from nertagger.runtime.windows import LONGEST, Window, windows
from nertagger.runtime.words import Encode, WordEncoder

# What one run computes stays in a core's cache: 4096 tokens take a fifth longer each, 512 save nothing more.
_TOKENS_PER_RUN = 1024


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


class Engine:
    """The two graphs of a model file as one function; safe to share between threads."""

    def __init__(self, model: ModelFile, encode: Encode, *, tags: int, threads: int | None = None) -> None:
        """Opens the graphs.

        Args:
            model: the file.
            encode: distinct words to the arrays that ``words.onnx`` takes.
            tags: K, which the network must give scores for.
            threads: how many batches to run at a time; None for `default_threads`.

        Raises:
            ModelFileError: if the parts of the file do not fit one another.
        """
        self._threads = threads or default_threads()
        self._words = WordEncoder(model, encode)
        self._network = Session(model, "network.onnx")
        self._tags = tags
        taken, given = self._network.inputs.get("words", ()), self._network.output_shape
        if set(self._network.inputs) != {"words", "lengths"} or len(taken) != 3 or taken[2] != self._words.width:
            raise model.error(f"network.onnx takes {self._network.inputs}, expected words of width {self._words.width}")
        if len(given) != 3 or given[2] != tags:
            raise model.error(f"network.onnx gives emissions of shape {given}, the vocabulary has {tags} tags")

    def run(self, sentences: Sequence[Sequence[str]]) -> Iterator[Emissions]:
        """The emissions of all sentences that are not empty, in batches that are not in the sentences' order.

        The words are encoded and the batches start to run when this is called, so that the caller may do something
        else before asking for the first one. A sentence longer than `windows.LONGEST` is run as overlapping windows.
        """
        lengths = np.fromiter(map(len, sentences), np.int32, len(sentences))
        is_short = lengths <= LONGEST
        rows, table = self._words.lookup([words for words, short in zip(sentences, is_short, strict=True) if short])
        numbers = np.flatnonzero(is_short)
        batches = list(length_batches(lengths[numbers], budget=_TOKENS_PER_RUN))
        long = [(number, windows(int(lengths[number]))) for number in np.flatnonzero(~is_short).tolist()]
        start = self._starter(len(batches) + sum(len(parts) for _, parts in long))
        short_runs = [
            (numbers[batch], start(partial(self._run_short, [rows[i] for i in batch.tolist()], table)))
            for batch in batches
        ]
        long_runs = [
            (number, parts, [start(self._windowed(sentences[number], window)) for window in parts])
            for number, parts in long
        ]
        return self._collect(lengths, short_runs, long_runs)

    def _collect(
        self,
        lengths: np.ndarray,
        short_runs: Sequence[tuple[np.ndarray, Callable[[], np.ndarray]]],
        long_runs: Sequence[tuple[int, Sequence[Window], Sequence[Callable[[], np.ndarray]]]],
    ) -> Iterator[Emissions]:
        """The results of the runs as they are asked for."""
        for batch, result in short_runs:
            yield Emissions(batch, result(), lengths[batch])
        for number, parts, results in long_runs:
            scores = np.empty((lengths[number], 1, self._tags), dtype=np.float32)
            for (start, _, first, stop), part in zip(parts, results, strict=True):
                scores[first:stop] = part()[first - start : stop - start]
            yield Emissions(np.array([number]), scores, lengths[[number]])

    def _starter(self, runs: int) -> Callable[[Callable[[], np.ndarray]], Callable[[], np.ndarray]]:
        """A function that starts a run and gives the function that waits for it; a single run waits to be asked."""
        if self._threads == 1 or runs == 1:
            return lambda run: run
        pool = self._pool
        return lambda run: pool.submit(run).result

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._threads, thread_name_prefix="nertagger")

    def _windowed(self, words: Sequence[str], window: Window) -> Callable[[], np.ndarray]:
        """The run of a part of a sentence; its words are looked up by themselves, for there may be any number."""
        rows, table = self._words.lookup([words[window.start : window.stop]])
        return partial(self._run_short, rows, table)

    def _run_short(self, rows: Sequence[np.ndarray], table: np.ndarray) -> np.ndarray:
        """The emissions, (T, B, K), of a batch of rows of a table of words, longest first."""
        lengths = np.fromiter(map(len, rows), np.int32, len(rows))
        ids = np.zeros((lengths[0], len(rows)), dtype=np.intp)  # (T, B)
        for column, row in enumerate(rows):
            ids[: len(row), column] = row
        return self._network.run({"words": table.take(ids, axis=0), "lengths": lengths})
