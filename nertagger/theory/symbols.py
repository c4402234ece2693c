"""Sequences of symbols (words or characters) as padded arrays of ids, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

PADDING, END, UNKNOWN = 0, 1, 2
_FIRST = 3


class Symbols:
    """What may stand in a sequence, with ids from 3 in order; 0 is padding, 1 the end (EOS), 2 anything else (UNK).

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
        """How many ids there are, those of padding, end and unknown included."""
        return len(self.items) + _FIRST

    def id(self, item: str) -> int:
        """The id of a symbol."""
        return self._ids.get(item, UNKNOWN)

    def encode(self, sequences: Sequence[Sequence[str]], *, end: bool = False, length: int | None = None) -> np.ndarray:
        """Ids int32 (B, T), padded behind the end.

        Args:
            sequences: B of them.
            end: whether each is followed by the symbol of the end.
            length: T; None for what the longest one needs.

        Raises:
            ValueError: if one is longer than `length`.
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
        """The symbols before the end; an unknown one is ``?``."""
        found: list[str] = []
        for number in ids:
            if number in (PADDING, END):
                break
            found.append("?" if number == UNKNOWN else self.items[int(number) - _FIRST])
        return found
