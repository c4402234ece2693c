"""A language model through ONNX Runtime: how probable text is, and text made up of it."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from nertagger.errors import DataError, NerTaggerError
from nertagger.features.symbols import END_ID, Line, blocks, count_unknown, encode_lines, lanes, read_lines
from nertagger.features.vocabulary import Vocabulary
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.reader import checked_meanwhile
from nertagger.modelfile.schema import BACKWARD, DIRECTIONS, LanguageGraph, Member, VocabularyKey
from nertagger.parsing import distinct_strings
from nertagger.runtime.batching import length_batches
from nertagger.runtime.session import Session
from nertagger.text.arguments import check_sentences, check_several, checked, checked_sentences

_BLOCK = 1 << 20  # symbols that are cut into lanes together
_WINDOW = 256  # steps of one run
_NUMBERS_PER_RUN = 1 << 27  # log-probabilities: 512 MB
_MOST_LANES, _LEAST_LANE = 32, 1000  # what a lane's beginning lacks is soon made up for
_SYMBOLS_PER_RUN = 1 << 13
_ROUNDING = 1e-3


_GREATEST_EXPONENT = 709.0  # of e, in float64


@dataclass(frozen=True)
class TextScore:
    """How well a language model foretells a text.

    Attributes:
        symbols: how many were foretold, ends of lines included.
        unknown: how many of them have no id of their own.
        nats: the mean of ``-log P`` of a symbol, the cross-entropy.
    """

    symbols: int
    unknown: int
    nats: float

    @property
    def bits(self) -> float:
        """The cross-entropy in bits: bits per character, where symbols are characters."""
        return self.nats / math.log(2)

    @property
    def perplexity(self) -> float:
        """``exp`` of the cross-entropy: of how many equally probable symbols each is one."""
        return math.exp(self.nats) if self.nats < _GREATEST_EXPONENT else math.inf


class LanguageModel:
    """A trained language model; safe to share between threads.

    Attributes:
        model: the file it was loaded from.
        level: what a symbol is, ``characters`` or ``words``.
        tokens: characters: whether a line is a sentence with a space between its tokens.
        symbols: the V ids.
        directions: those that it has a network of.
    """

    def __init__(self, model: ModelFile) -> None:
        """Makes a model file ready to run; see `load`."""
        self.model = model
        self.directions = tuple(name for name in DIRECTIONS if Member.language(name) in model.members)
        if not self.directions:
            raise model.error("is no language model; nertagger lm train makes one")
        vocabulary = model.vocabulary
        self.symbols = read_symbols(vocabulary, model)
        level, tokens = vocabulary.get(VocabularyKey.LEVEL), vocabulary.get(VocabularyKey.TOKENS)
        if level not in ("characters", "words") or type(tokens) is not bool:
            got = f"the level {level!r:.60} and tokens {tokens!r:.60}"
            raise model.vocabulary_error(f"has {got}, expected characters or words, and true or false")
        self.level, self.tokens = str(level), tokens
        self._networks = {name: _Network(model, name, len(self.symbols)) for name in self.directions}

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """The language model in a file ``NAME.lm``.

        Raises:
            ModelFileError: if the file cannot be read, is damaged, or is no language model.
        """
        with checked_meanwhile(path) as model:
            return cls(model)

    def __reduce__(self) -> tuple[type[Self], tuple[ModelFile]]:
        """A pickle holds the model itself, as that of a tagger does."""
        return type(self), (self.model,)

    def read(self, path: str | Path) -> Iterator[Line]:
        """The lines of a text file as this model takes them: strings, or the words of a sentence."""
        return read_lines(path, level=self.level, tokens=self.tokens)

    def score(self, lines: Iterable[Line], *, direction: str = "") -> TextScore:
        """How probable a text is, each symbol after all those before it (backward: after it).

        Args:
            lines: characters or words of each line; any number of them, read in blocks.
            direction: ``forward`` or ``backward``; "" for the first that the model has.

        Raises:
            DataError: if there is no line.
        """
        network = self._network(direction)
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
        """The logarithm of the probability of each line by itself, its end included: float64 (B,), in nats.

        ``log P(y) = sum over t of log P(y<t> | y<1..t-1>)``; backward, of the line read from its end to its beginning.
        """
        network = self._network(direction)
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
        """The lines, each a text where symbols are characters, else a list of words."""
        if self.level == "words":
            check_sentences(lines)
            return checked_sentences(lines)
        check_several(lines, "lines", remedy="a text is cut into lines by text.splitlines()")
        return checked(lines, str, "line", remedy="the symbols of this model are characters")

    def steps(self, direction: str = "") -> _Network:
        """The network of a direction, for reading symbol by symbol."""
        return self._network(direction)

    def _network(self, direction: str) -> _Network:
        name = direction or self.directions[0]
        if name not in self._networks:
            raise NerTaggerError(
                f"{self.model.path}: has no direction {name!r}, only {', '.join(self.directions)}; train one"
            )
        return self._networks[name]


class _Network:
    """The graph of one direction."""

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

    def start(self, lanes: int) -> np.ndarray:
        """The state before the first symbol, zeros (S, B, H)."""
        return np.zeros((self._states, lanes, self._units), np.float32)

    def read(self, ids: np.ndarray, state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Log-probabilities (T, B, V) of the symbol after each of the ids (T, B), and the state after the last."""
        log_probabilities, after = self._session.run_all({LanguageGraph.IDS: ids, LanguageGraph.STATE: state})
        if log_probabilities.max(initial=0.0) > _ROUNDING:
            raise self._session.error("gives log-probabilities above 0")
        return log_probabilities, after

    def score_block(self, ids: np.ndarray) -> float:
        """The sum of ``-log P`` of all ids (N + 1,) but the first, cut into lanes."""
        count = max(1, min(_MOST_LANES, (len(ids) - 1) // _LEAST_LANE))
        used = (len(ids) - 1) // count * count
        total = self._score_lanes(*lanes(ids[: used + 1], count))
        rest = ids[used:]
        return total + self._score_lanes(rest[:-1, None], rest[1:, None]) if len(rest) > 1 else total

    def _score_lanes(self, inputs: np.ndarray, targets: np.ndarray) -> float:
        """The sum over targets (T, B), window by window with the state carried on."""
        state, total = self.start(inputs.shape[1]), 0.0
        window = max(1, min(_WINDOW, _NUMBERS_PER_RUN // (inputs.shape[1] * self._symbols)))
        for first in range(0, len(inputs), window):
            part = slice(first, first + window)
            log_probabilities, state = self.read(inputs[part], state)
            chosen = np.take_along_axis(log_probabilities, targets[part, :, None], axis=2)
            total -= float(chosen.sum(dtype=np.float64))
        return total

    def score_rows(self, rows: Sequence[np.ndarray]) -> np.ndarray:
        """``log P`` of each row of ids, read from its first to its last after an end; longest first."""
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
    """The symbols that a vocabulary names, the end of a line first; raises ModelFileError if there are none."""
    try:
        items = distinct_strings(vocabulary, key)
    except ValueError as error:
        raise model.vocabulary_error(f"does not list {key}: {error}") from None
    if items[:1] != ["\n"]:
        raise model.vocabulary_error(f"does not list {key} that begin with the end of a line")
    return Vocabulary(items)
