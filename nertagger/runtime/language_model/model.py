"""A language model through ONNX Runtime: the probability of text, and the network for reading it step by step."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from nertagger.errors import DataError, NerTaggerError
from nertagger.features.symbols import END_ID, Line, batch_streams, blocks, count_unknown, encode_lines, read_lines
from nertagger.features.vocabulary import Vocabulary
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.reader import checked_meanwhile
from nertagger.modelfile.schema import BACKWARD, DIRECTIONS, LanguageGraph, Member, VocabularyKey
from nertagger.parsing import distinct_strings
from nertagger.runtime.batching import length_batches
from nertagger.runtime.session import Session
from nertagger.text.arguments import check_sentences, check_several, checked, checked_sentences

_BLOCK = 1 << 20  # symbols that are cut into batch streams together
_WINDOW = 256  # time steps of one run
_NUMBERS_PER_RUN = 1 << 27  # log-probabilities: 512 MB
_MOST_STREAMS, _SHORTEST_STREAM = 32, 1000  # in which the missing context at the beginning counts for little
_SYMBOLS_PER_RUN = 1 << 13
_ROUNDING = 1e-3  # by which a log-probability may exceed 0
_GREATEST_EXPONENT = 709.0  # of e, in float64


@dataclass(frozen=True)
class TextScore:
    """The cross-entropy of a text under a language model.

    Attributes:
        symbols: how many symbols were predicted, including ends of lines.
        unknown: how many of them are not in the vocabulary.
        nats: the cross-entropy, the mean of ``-log P`` per symbol.
    """

    symbols: int
    unknown: int
    nats: float

    @property
    def bits(self) -> float:
        """The cross-entropy in bits per symbol."""
        return self.nats / math.log(2)

    @property
    def perplexity(self) -> float:
        """The perplexity, ``exp`` of the cross-entropy in nats."""
        return math.exp(self.nats) if self.nats < _GREATEST_EXPONENT else math.inf

    def to_dict(self) -> dict[str, int | float]:
        """Return the counts and the measures as JSON-ready values."""
        return {
            "symbols": self.symbols,
            "unknown": self.unknown,
            "cross_entropy": self.nats,
            "bits_per_symbol": self.bits,
            "perplexity": self.perplexity,
        }


class LanguageModel:
    """A trained language model; safe to share between threads.

    Attributes:
        model: the model file.
        level: the kind of symbols, ``characters`` or ``words``.
        tokens: for characters, whether a line is a sentence with a space between its tokens.
        symbols: the vocabulary of V symbols.
        directions: those in which it has a network.
    """

    def __init__(self, model: ModelFile) -> None:
        """Prepare a model file for scoring; see `load`."""
        self.model = model
        self.directions = tuple(name for name in DIRECTIONS if Member.language(name) in model.members)
        if not self.directions:
            raise model.error("is not a language model; nertagger lm train makes one")
        vocabulary = model.vocabulary
        self.symbols = read_symbols(vocabulary, model)
        level, tokens = vocabulary.get(VocabularyKey.LEVEL), vocabulary.get(VocabularyKey.TOKENS)
        if level not in ("characters", "words") or type(tokens) is not bool:
            got = f"the level {level!r:.60} and tokens {tokens!r:.60}"
            raise model.vocabulary_error(f"has {got}, expected characters or words, and true or false")
        self.level, self.tokens = str(level), tokens
        self._networks = {name: DirectionNetwork(model, name, len(self.symbols)) for name in self.directions}

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Return the language model in a file ``NAME.lm``.

        Raises:
            ModelFileError: if the file cannot be read, is damaged, or is not a language model.
        """
        with checked_meanwhile(path) as model:
            return cls(model)

    def __reduce__(self) -> tuple[type[Self], tuple[ModelFile]]:
        """A pickle holds the model itself, not its path."""
        return type(self), (self.model,)

    def read(self, path: str | Path) -> Iterator[Line]:
        """Yield the lines of a text file as this model reads them: strings, or lists of words."""
        return read_lines(path, level=self.level, tokens=self.tokens)

    def score(self, lines: Iterable[Line], *, direction: str = "") -> TextScore:
        """Return how well this model predicts a text, each symbol from all before it (backward: all after it).

        Args:
            lines: the characters or words of each line; any number of lines, read in blocks.
            direction: ``forward`` or ``backward``; "" for the first that the model has.

        Raises:
            DataError: if there is no line.
            NerTaggerError: if the model lacks the direction.
        """
        network = self.network(direction)
        symbols = unknown = 0
        nats = 0.0
        for block in blocks(self._checked(lines), _BLOCK):
            ids = np.concatenate([[END_ID], encode_lines(block, self.symbols)]).astype(np.int32)
            nats += network.score_block(ids[::-1] if network.name == BACKWARD else ids)
            symbols += len(ids) - 1
            unknown += count_unknown(ids)
        if not symbols:
            raise DataError("got a text without a line, expected at least one that is not blank")
        return TextScore(symbols, unknown, nats / symbols)

    def log_probabilities(self, lines: Sequence[Line], *, direction: str = "") -> np.ndarray:
        """Return the log-probability of each line by itself, including its end: float64 (B,), in nats.

        ``log P(y) = sum over t of log P(y<t> | y<1..t-1>)``; backward, the line is read from its end to its beginning.
        """
        network = self.network(direction)
        lines = list(self._checked(lines))
        results = np.zeros(len(lines))
        lengths = np.fromiter((len(line) + 1 for line in lines), np.int64, len(lines))
        budget = max(1, min(_SYMBOLS_PER_RUN, _NUMBERS_PER_RUN // len(self.symbols)))
        for members in length_batches(lengths, budget=budget):
            rows = [encode_lines([lines[i]], self.symbols) for i in members.tolist()]
            if network.name == BACKWARD:
                rows = [np.append(row[-2::-1], END_ID) for row in rows]
            results[members] = network.score_rows(rows)
        return results

    def _checked(self, lines: Iterable[Line]) -> Iterator[Line]:
        """Return the lines, each a string if symbols are characters, else a list of words."""
        if self.level == "words":
            check_sentences(lines)
            return checked_sentences(lines)
        check_several(lines, "lines", remedy="a text is cut into lines by text.splitlines()")
        return checked(lines, str, what="line", remedy="the symbols of this model are characters")

    def network(self, direction: str = "") -> DirectionNetwork:
        """Return the network of a direction, to read text step by step; "" for the first that the model has.

        Raises:
            NerTaggerError: if the model lacks the direction.
        """
        name = direction or self.directions[0]
        if name not in self._networks:
            raise NerTaggerError(
                f"{self.model.path}: has no direction {name!r}, only {', '.join(self.directions)}; train one"
            )
        return self._networks[name]


class DirectionNetwork:
    """The network of a language model in one direction.

    Attributes:
        name: the direction, ``forward`` or ``backward``.
    """

    def __init__(self, model: ModelFile, name: str, symbols: int) -> None:
        self.name, member = name, Member.language(name)
        self._session = Session(model, member)
        shape = self._session.inputs.get(LanguageGraph.STATE, ())
        given, *after = self._session.output_shapes
        inputs = set(self._session.inputs)
        if (
            inputs != {LanguageGraph.IDS, LanguageGraph.STATE}
            or after != [shape]
            or len(shape) != 3
            or None in (shape[0], shape[2])
        ):
            raise model.error(f"{member} takes {self._session.inputs}, expected ids and state")
        if len(given) != 3 or given[2] != symbols:
            raise model.error(f"{member} gives {given}, expected scores of the vocabulary's {symbols} symbols")
        self._symbols = symbols
        self._states, self._units = int(shape[0] or 0), int(shape[2] or 0)

    def start(self, streams: int) -> np.ndarray:
        """Return the state before the first symbol of B streams, zeros (S, B, H)."""
        return np.zeros((self._states, streams, self._units), np.float32)

    def read(self, ids: np.ndarray, state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return log-probabilities (T, B, V) of the symbol after each of ids (T, B), and the state after the last."""
        log_probabilities, after = self._session.run_all({LanguageGraph.IDS: ids, LanguageGraph.STATE: state})
        if log_probabilities.max(initial=0.0) > _ROUNDING:
            raise self._session.error("gives log-probabilities above 0")
        return log_probabilities, after

    def score_block(self, ids: np.ndarray) -> float:
        """Return the sum of ``-log P`` over all ids (N + 1,) but the first, cut into batch streams."""
        count = max(1, min(_MOST_STREAMS, (len(ids) - 1) // _SHORTEST_STREAM))
        used = (len(ids) - 1) // count * count
        total = self._score_streams(*batch_streams(ids[: used + 1], count))
        rest = ids[used:]
        return total + self._score_streams(rest[:-1, None], rest[1:, None]) if len(rest) > 1 else total

    def _score_streams(self, inputs: np.ndarray, targets: np.ndarray) -> float:
        """Return the sum over targets (T, B), window by window, each with the state after the one before."""
        state, total = self.start(inputs.shape[1]), 0.0
        window = max(1, min(_WINDOW, _NUMBERS_PER_RUN // (inputs.shape[1] * self._symbols)))
        for first in range(0, len(inputs), window):
            part = slice(first, first + window)
            log_probabilities, state = self.read(inputs[part], state)
            chosen = np.take_along_axis(log_probabilities, targets[part, :, None], axis=2)
            total -= float(chosen.sum(dtype=np.float64))
        return total

    def score_rows(self, rows: Sequence[np.ndarray]) -> np.ndarray:
        """Return ``log P`` of rows of ids, longest first, each read from the end of a line."""
        targets = np.zeros((len(rows[0]), len(rows)), np.int32)  # (T, B)
        for column, row in enumerate(rows):
            targets[: len(row), column] = row
        inputs = np.concatenate([np.full((1, len(rows)), END_ID, np.int32), targets[:-1]])
        real = np.arange(len(targets))[:, None] < np.array([len(row) for row in rows])
        log_probabilities, _ = self.read(inputs, self.start(len(rows)))
        chosen = np.take_along_axis(log_probabilities, targets[..., None], axis=2)[..., 0]
        sums: np.ndarray = (chosen * real).sum(axis=0, dtype=np.float64)
        return sums


def read_symbols(vocabulary: Mapping[str, Any], model: ModelFile, *, key: str = VocabularyKey.SYMBOLS) -> Vocabulary:
    """Return the symbols of a vocabulary; raises ModelFileError if they are invalid or do not begin with a line end."""
    try:
        items = distinct_strings(vocabulary, key)
    except ValueError as error:
        raise model.vocabulary_error(f"does not list {key}: {error}") from None
    if items[:1] != ["\n"]:
        raise model.vocabulary_error(f"does not list {key} that begin with the end of a line")
    return Vocabulary(items)
