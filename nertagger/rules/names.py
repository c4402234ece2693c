"""Names as sequences of tokens, looked up in sentences; time and memory do not suffer from a million of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from sys import intern

from nertagger.text.spelling import normalized

_Words = tuple[str, ...]


class NameTable:
    """Names by their tokens, and the lengths of the names that begin with each token.

    Most tokens of a text begin no name: they cost one look-up. A trie of one dictionary per token would find the same
    in three times the memory.
    """

    def __init__(self, names: Iterable[tuple[Sequence[str], int]], *, ignore_case: bool) -> None:
        """Of names with the same tokens the first one counts; each has a number."""
        self._ignores_case = ignore_case
        self._numbers: dict[_Words, int] = {}
        lengths: dict[str, set[int]] = {}
        for words, number in names:
            key = tuple(map(intern, self._folded(words)))
            if self._numbers.setdefault(key, number) == number:
                lengths.setdefault(key[0], set()).add(len(key))
        self._lengths = {word: tuple(sorted(found)) for word, found in lengths.items()}

    def __len__(self) -> int:
        return len(self._numbers)

    def find(self, words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        """Yield first token, stop and number of every name in a sentence, overlapping ones too."""
        if not self._lengths:
            return
        folded = self._folded(words)
        lengths, numbers, last = self._lengths, self._numbers, len(folded)
        for first in [place for place, word in enumerate(folded) if word in lengths]:
            for length in lengths[folded[first]]:
                stop = first + length
                if stop > last:
                    break
                number = numbers.get(folded[first:stop])
                if number is not None:
                    yield first, stop, number

    def _folded(self, words: Sequence[str]) -> _Words:
        usual = normalized(words)
        return tuple(map(str.lower, usual)) if self._ignores_case else tuple(usual)
