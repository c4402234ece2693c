"""Sentences to emissions through ONNX Runtime, in batches of like length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from nertagger.runtime.batching import length_batches
from nertagger.runtime.model_file import ModelFile
from nertagger.runtime.session import Session, default_threads
from nertagger.runtime.words import Encode, WordEncoder

# More does not make the network faster (beyond some 64 sentences its matrix products are large enough) and less does.
_TOKENS_PER_RUN = 4096


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
            threads: for one graph to run on; None for `default_threads`.

        Raises:
            ModelFileError: if the parts of the file do not fit one another.
        """
        threads = threads or default_threads()
        self._words = WordEncoder(model, encode, threads=threads)
        self._network = Session(model, "network.onnx", threads=threads)
        taken, given = self._network.inputs.get("words", ()), self._network.output_shape
        if set(self._network.inputs) != {"words", "lengths"} or len(taken) != 3 or taken[2] != self._words.width:
            raise model.error(f"network.onnx takes {self._network.inputs}, expected words of width {self._words.width}")
        if len(given) != 3 or given[2] != tags:
            raise model.error(f"network.onnx gives emissions of shape {given}, the vocabulary has {tags} tags")

    def run(self, sentences: Sequence[Sequence[str]]) -> Iterator[Emissions]:
        """The emissions of all sentences that are not empty, in batches that are not in the sentences' order."""
        rows, table = self._words.lookup(sentences)
        lengths = np.fromiter(map(len, sentences), np.int32, len(sentences))
        for batch in length_batches(lengths, budget=_TOKENS_PER_RUN):
            ids = np.zeros((lengths[batch[0]], len(batch)), dtype=np.intp)  # (T, B)
            for column, sentence in enumerate(batch):
                ids[: lengths[sentence], column] = rows[sentence]
            scores = self._network.run({"words": table[ids], "lengths": lengths[batch]})
            yield Emissions(batch, scores, lengths[batch])
