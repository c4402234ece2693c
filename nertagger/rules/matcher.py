"""The entities that rules find in the words of a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nertagger.rules.automaton import Automaton
from nertagger.rules.names import NameTable
from nertagger.rules.reading import Rule
from nertagger.text.document import Span
from nertagger.text.tokenization.profiles import Profile
from nertagger.text.tokenization.tokenizer import words_and_starts

_CACHED_WORDS = 1 << 16


class Match(NamedTuple):
    """An entity that a rule finds, and the name of the rule."""

    span: Span
    rule: str


class RuleMatcher:
    """Rules prepared for text that is tokenized by one profile; threads can share it."""

    def __init__(self, rules: Sequence[Rule], *, profile: Profile, ignore_case: bool) -> None:
        """Tokenize the names as the text is tokenized; `ignore_case` concerns names, not token patterns."""
        self._rules = rules
        names = ((_words(rule.pattern, profile), n) for n, rule in enumerate(rules) if isinstance(rule.pattern, str))
        self._names = NameTable(names, ignore_case=ignore_case)
        self._automata = [
            (n, Automaton(rule.pattern)) for n, rule in enumerate(rules) if not isinstance(rule.pattern, str)
        ]
        self._beginnings: dict[str, list[tuple[int, Automaton]]] = {}

    def match(self, words: Sequence[str]) -> list[Match]:
        """Return the entities of a sentence in order: of overlapping ones the longest, then the first.

        Of two rules for the same tokens the one that was given first counts.
        """
        found = [*self._names.find(words), *self._find_patterns(words)]
        if not found:
            return []
        taken = bytearray(len(words))
        kept: list[tuple[int, int, int]] = []
        for first, stop, number in sorted(found, key=lambda one: (one[0] - one[1], one[0], one[2])):
            if not (taken[first] or taken[stop - 1]):  # those before are at least as long
                taken[first:stop] = b"\1" * (stop - first)
                kept.append((first, stop, number))
        rules = self._rules
        return [Match(Span(rules[n].label, first, stop), rules[n].name) for first, stop, n in sorted(kept)]

    def _find_patterns(self, words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        if not self._automata:
            return
        for first, word in enumerate(words):
            for number, automaton in self._beginning_with(word):
                for stop in automaton.stops(words, first):
                    yield first, stop, number

    def _beginning_with(self, word: str) -> list[tuple[int, Automaton]]:
        """Return the patterns that can begin with a word."""
        found = self._beginnings.get(word)
        if found is None:
            if len(self._beginnings) >= _CACHED_WORDS:
                self._beginnings.clear()
            found = [(number, automaton) for number, automaton in self._automata if automaton.can_begin(word)]
            self._beginnings[word] = found
        return found


def _words(name: str, profile: Profile) -> list[str]:
    words, _ = words_and_starts(name, profile)
    return words
