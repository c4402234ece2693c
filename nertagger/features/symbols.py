"""Text as symbols of a language model, characters or words, in lines that each end with an end symbol.

Ids: 0 is the unknown symbol (UNK in the course), 1 the end of a line (EOS), the others follow by frequency.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np

from nertagger.features.vocabulary import UNKNOWN, Vocabulary
from nertagger.files import open_text
from nertagger.grouping import blocks_of
from nertagger.text.passages import read_passages
from nertagger.text.segment import segment

END_ID = 1
END = "\n"  # no line, and no word, has one inside
_LINE_PART = 1 << 16  # a longer line is treated as several: a file may be one line

Line = Sequence[str]  # a string is a sequence of its characters


def build_symbols(lines: Iterable[Line], *, min_count: int, max_symbols: int) -> Vocabulary:
    """Return the vocabulary of the symbols of `lines`: the end of a line, then by frequency.

    >>> build_symbols(["abba", "a"], min_count=2, max_symbols=10).items
    ['\\n', 'a', 'b']
    """
    found = Vocabulary.build(chain.from_iterable(lines), min_count=min_count, max_items=max_symbols)
    return Vocabulary([END, *found.items])


def encode_lines(lines: Iterable[Line], symbols: Vocabulary) -> np.ndarray:
    """Return the ids of all lines in one sequence, each with its end: int32 (N,).

    >>> encode_lines(["ab", "c"], Vocabulary(["\\n", "a", "b"])).tolist()
    [2, 3, 1, 0, 1]
    """
    return np.fromiter(map(symbols.id, chain.from_iterable((*line, END) for line in lines)), np.int32)


def count_unknown(ids: np.ndarray) -> int:
    """Return how many ids are that of the unknown symbol."""
    return int((ids == UNKNOWN).sum())


def read_lines(path: str | Path, *, level: str, tokens: bool = False) -> Iterator[Line]:
    """Yield the lines of a text file that are not blank, in bounded memory.

    Args:
        path: the file, compressed or not; ``-`` is standard input.
        level: ``characters`` for lines as strings without white space around them, ``words`` for the words of each
            sentence.
        tokens: at level characters, whether to make a line of each sentence with one space between its tokens.

    Raises:
        DataError: if the file cannot be read.
    """
    with open_text(path) as stream:
        sentences = (sentence.words for _, passage in read_passages(stream) for sentence in segment(passage).sentences)
        if level == "words":
            yield from sentences
        elif tokens:
            yield from map(" ".join, sentences)
        else:
            yield from filter(None, map(str.strip, iter(partial(stream.readline, _LINE_PART), "")))


def blocks(lines: Iterable[Line], size: int) -> Iterator[list[Line]]:
    """Yield the lines in lists of at least `size` symbols, except the last."""
    return (block for block, _ in blocks_of(lines, size, lambda line: len(line) + 1))


def batch_streams(ids: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a text divided into `count` streams, which a batch reads in parallel, and the target of each symbol.

    Args:
        ids: N + 1 ids.
        count: number of streams, B.

    Returns:
        inputs and targets, int32 (N // B, B): the target of a symbol is the next one. The last N % B symbols are left
        out.
    """
    length = (len(ids) - 1) // count
    inputs = ids[: length * count].reshape(count, length).T
    targets = ids[1 : length * count + 1].reshape(count, length).T
    return inputs, targets
