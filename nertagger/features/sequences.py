"""Sequences of symbols (words or characters) to padded arrays of ids, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

PADDING, END, UNKNOWN = 0, 1, 2
_FIRST = 3


class Symbols:
    """The symbols of sequences, with ids from 3 in order; 0 is padding, 1 the end (EOS), 2 any other symbol (UNK).

    >>> letters = Symbols("abc")
    >>> letters.encode(["ab", "c?a"], end=True)
    array([[3, 4, 1, 0],
           [5, 2, 3, 1]], dtype=int32)
    >>> "".join(letters.decode([3, 4, 1, 0]))
    'ab'
    """

    def __init__(self, items: Iterable[str]) -> None:
        self.items = list(dict.fromkeys(items))
        self._ids = {item: number for number, item in enumerate(self.items, start=_FIRST)}

    def __len__(self) -> int:
        """Return the number of ids, including those of padding, end and unknown symbol."""
        return len(self.items) + _FIRST

    def id(self, item: str) -> int:
        """Return the id of a symbol."""
        return self._ids.get(item, UNKNOWN)

    def encode(self, sequences: Sequence[Sequence[str]], *, end: bool = False, length: int | None = None) -> np.ndarray:
        """Return ids, int32 (B, T), padded after the end.

        Args:
            sequences: B sequences.
            end: whether to append the end symbol to each.
            length: T; None for the length of the longest.

        Raises:
            ValueError: if a sequence is longer than `length`.
        """
        longest = max(map(len, sequences), default=0) + end
        if length is not None and longest > length:
            raise ValueError(f"got a sequence of {longest} symbols, expected at most {length}")
        ids = np.full((len(sequences), longest if length is None else length), PADDING, np.int32)
        for row, sequence in zip(ids, sequences, strict=True):
            row[: len(sequence)] = [self.id(item) for item in sequence]
            if end:
                row[len(sequence)] = END
        return ids

    def decode(self, ids: Iterable[int]) -> list[str]:
        """Return the symbols before the end; the unknown symbol is ``?``."""
        found: list[str] = []
        for number in ids:
            if number in (PADDING, END):
                break
            found.append("?" if number == UNKNOWN else self.items[int(number) - _FIRST])
        return found
