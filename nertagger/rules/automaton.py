"""Sequences of token patterns matched as a nondeterministic automaton, whose states are the bits of a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nertagger.rules.tokens import LONGEST, TokenPattern

_CACHED_WORDS = 1 << 14


class Automaton:
    """Finds the token ranges that a sequence of token patterns matches.

    State n means that the elements before element n have matched; an element is one word, an optional one, or one that
    may be repeated.
    """

    def __init__(self, patterns: Sequence[TokenPattern]) -> None:
        self._fits: list[TokenPattern] = []
        optional: list[bool] = []
        self._repeated = 0  # the states of elements that may be repeated
        for pattern in patterns:
            number = LONGEST if pattern.most is None else pattern.most
            copies = pattern.least + 1 if pattern.most is None else number
            for copy in range(copies):
                if pattern.most is None and copy == pattern.least:
                    self._repeated |= 1 << len(optional)
                self._fits.append(pattern)
                optional.append(copy >= pattern.least)
        self._final = 1 << len(optional)
        self._reached = _closures(optional)
        self._masks: dict[str, int] = {}

    def can_begin(self, word: str) -> bool:
        """Return whether a match can begin with this word."""
        return bool(self._reached[0] & self._mask(word))

    def stops(self, words: Sequence[str], first: int) -> Iterator[int]:
        """Yield where the matches that begin at `first` end; none is empty or longer than `LONGEST`."""
        active = self._reached[0]
        for position in range(first, min(first + LONGEST, len(words))):
            active = self._step(active & self._mask(words[position]))
            if active & self._final:
                yield position + 1
            if not active:
                return

    def _step(self, matched: int) -> int:
        """Return the states after a word, from those whose element it fits."""
        active = 0
        while matched:
            lowest = matched & -matched
            number = lowest.bit_length() - 1
            active |= self._reached[number if self._repeated & lowest else number + 1]
            matched ^= lowest
        return active

    def _mask(self, word: str) -> int:
        """Return the states whose element the word fits."""
        mask = self._masks.get(word)
        if mask is None:
            if len(self._masks) >= _CACHED_WORDS:
                self._masks.clear()
            fits = {id(pattern): pattern.fits(word) for pattern in self._fits}
            mask = sum(1 << number for number, pattern in enumerate(self._fits) if fits[id(pattern)])
            self._masks[word] = mask
        return mask


def _closures(optional: Sequence[bool]) -> list[int]:
    """Return, for each state, the states that are reached from it without a word, itself included."""
    reached = [1 << len(optional)]
    for number in reversed(range(len(optional))):
        reached.append(1 << number | (reached[-1] if optional[number] else 0))
    return reached[::-1]
