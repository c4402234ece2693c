"""Text as an endless stream of windows for truncated backpropagation through time, in bounded memory.

The text is read in blocks. A block is cut into batch streams that are read in parallel, a window of steps at a time;
states are carried from window to window and start anew with each block. A backward model reads each block from its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

import numpy as np

from nertagger.config.language_model import LanguageModelConfig
from nertagger.errors import TrainingError
from nertagger.features.symbols import END_ID, Line, batch_streams, blocks, build_symbols, encode_lines, read_lines
from nertagger.modelfile.schema import BACKWARD
from nertagger.printable import counted

BLOCK = 1 << 22  # symbols: 16 MB of ids
_HELD_OUT, _MOST_HELD_OUT = 20, 200_000  # one in this many symbols of the first block is held out, at most this many


class Window(NamedTuple):
    """The inputs and targets of one step of training, for each direction.

    Attributes:
        inputs, targets: int32 (T, B) by direction.
        is_fresh: whether the batch streams start here, without a state before.
    """

    inputs: dict[str, np.ndarray]
    targets: dict[str, np.ndarray]
    is_fresh: bool


class TextStream:
    """The text of a run.

    Attributes:
        symbols: the vocabulary, of the first block without what is held out.
        held_out: ids of the held-out text, with an end before its first symbol.
    """

    def __init__(self, config: LanguageModelConfig) -> None:
        """Reads the first block; raises TrainingError if there is no text, or too little."""
        if not config.text:
            raise TrainingError("no text to train on; name a file")
        self._config = config
        first = next(self._blocks(), [])
        apart = [] if config.dev else _tail(first)
        self._kept_back = len(apart)
        learned = first[: len(first) - len(apart)]
        self.symbols = build_symbols(learned, min_count=config.min_count, max_symbols=config.max_symbols)
        if config.dev:
            apart = list(chain.from_iterable(blocks(_lines(config, config.dev), BLOCK)))
        self.held_out = _begun(encode_lines(apart, self.symbols))
        size = sum(len(line) + 1 for line in learned)
        if size <= config.batch_size:
            raise TrainingError(
                f"{', '.join(config.text)}: got {counted(size, 'symbol')} of text, "
                f"expected more than batch_size, {config.batch_size}"
            )
        if len(self.held_out) < 2:
            raise TrainingError(f"{config.dev or config.text[0]}: got no line of held-out text; name a file, dev")

    def windows(self) -> Iterator[Window]:
        """Yield windows of the text, pass after pass without end; the last one of a block may be shorter."""
        rest = np.array([END_ID], np.int32)
        while True:
            for number, block in enumerate(self._blocks()):
                lines = block[: len(block) - self._kept_back] if number == 0 else block
                ids = np.concatenate([rest, encode_lines(lines, self.symbols)])
                used = (len(ids) - 1) // self._config.batch_size * self._config.batch_size
                yield from cut(ids[: used + 1], self._config)
                rest = ids[used:]

    def _blocks(self) -> Iterator[list[Line]]:
        return blocks(chain.from_iterable(_lines(self._config, path) for path in self._config.text), BLOCK)


def cut(ids: np.ndarray, config: LanguageModelConfig, *, count: int | None = None) -> Iterator[Window]:
    """Yield the windows of one block, (N + 1,) ids, in `count` batch streams, by default those of the settings."""
    ways = {name: ids[::-1] if name == BACKWARD else ids for name in config.directions}
    cuts = {name: batch_streams(way, count or config.batch_size) for name, way in ways.items()}
    length = (len(ids) - 1) // (count or config.batch_size)
    for first in range(0, length, config.window):
        stop = first + config.window
        yield Window(
            {name: inputs[first:stop] for name, (inputs, _) in cuts.items()},
            {name: targets[first:stop] for name, (_, targets) in cuts.items()},
            is_fresh=first == 0,
        )


def _lines(config: LanguageModelConfig, path: str) -> Iterator[Line]:
    return read_lines(path, level=config.level, tokens=config.tokens)


def _tail(lines: list[Line]) -> list[Line]:
    """Return the last lines, a twentieth of the symbols, at most `_MOST_HELD_OUT`."""
    wanted = min(sum(len(line) + 1 for line in lines) // _HELD_OUT, _MOST_HELD_OUT)
    held = 0
    for count, line in enumerate(reversed(lines)):
        if held >= wanted:
            return lines[len(lines) - count :]
        held += len(line) + 1
    return []


def _begun(ids: np.ndarray) -> np.ndarray:
    return np.concatenate([np.array([END_ID], np.int32), ids])
