"""Expand the templates of the grammar into tagged words, keeping names and senses from the training part.

Training draws from seven tenths of each list of names. Dev and test draw mostly from a share of their own, and use the
phrases, compounds (`Rose thorns`) and senses of ambiguous words that training never shows.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from grammar import PHRASES, SENTENCES
from lexicon import COMPANY_WORDS, PERSON_WORDS, PLACE_WORDS, POOLS, SHARED_NAMES, VERB_NAMES
from names import ENTITIES
from vocabulary import gerund, past, plural

RULES = {**ENTITIES, **PHRASES, **SENTENCES}
HELD_OUT_SHARE = 0.7  # of the names drawn for dev and test
WITHHELD_PHRASES = ("vp", "vp_org", "vp_place", "vp_things")  # every eighth of these never occurs in train
DEEPEST = 3  # sentences within sentences
_SHARE_SEED = 5  # how the lists are shared out does not change with the seed of the corpus


class Word(NamedTuple):
    """A token and its IOB2 tag."""

    text: str
    tag: str


def share_out(names: list[str]) -> dict[str, list[str]]:
    """A list shared out at random: seven tenths to train, the rest to dev and test alike."""
    mixed = random.Random(_SHARE_SEED).sample(names, len(names))
    first, second = len(mixed) * 70 // 100, len(mixed) * 85 // 100
    return {"train": mixed[:first], "dev": mixed[first:second], "test": mixed[second:]}


SHARES = {name: share_out(names) for name, names in POOLS.items()}


class Grammar:
    """The grammar as one split sees it.

    Args:
        split: train, dev or test.
        dice: every choice comes from here.
    """

    def __init__(self, split: str, dice: random.Random) -> None:
        self._split = split
        self._dice = dice
        self._depth = 0
        self._drawn: dict[str, Callable[[], str]] = {
            "letter": lambda: f"{dice.choice('ABCDEFGHJKLMNPRSTVW')}.",
            "letter_bare": lambda: dice.choice("AGKQRSTXZ"),
            "amount": self._amount,
            "count": self._count,
            "tens": lambda: str(dice.randint(10, 99)),
            "number_small": lambda: str(dice.randint(2, 9)),
            "day": lambda: str(dice.randint(1, 28)),
            "year": lambda: str(dice.randint(1890, 2024)),
            "person_word": lambda: self._name_word(PERSON_WORDS),
            "company_word": lambda: self._name_word(COMPANY_WORDS),
            "place_word": lambda: self._name_word(PLACE_WORDS),
            "verb_name": lambda: self._name_word(VERB_NAMES),
            "ambiguous_first": lambda: self._name_word(dice.choice([PERSON_WORDS, VERB_NAMES])),
            "shared": lambda: dice.choice(SHARED_NAMES),
            "person_compound": lambda: self._compound(PERSON_WORDS),
            "company_compound": lambda: self._compound(COMPANY_WORDS),
            "place_compound": lambda: self._compound(PLACE_WORDS),
            "imperative": lambda: self._compound(VERB_NAMES),
            **{name: partial(self._name, name) for name in POOLS},
            "nouns": lambda: plural(self._name("noun")),
            "humans": lambda: plural(self._name("human")),
            "verb_past": lambda: past(self._name("verb")),
            "verb_ing": lambda: gerund(self._name("verb")),
            "intransitive_past": lambda: past(self._name("intransitive")),
        }

    def expand(self, template: str) -> list[Word]:
        """The tagged words that a template grows into."""
        words: list[Word] = []
        capital = False
        for item in template.split():
            if item == "^":
                capital = True
                continue
            grown = self._grow(item)
            if capital:
                grown[0] = Word(grown[0].text[0].upper() + grown[0].text[1:], grown[0].tag)
                capital = False
            words += grown
        return words

    def _grow(self, item: str) -> list[Word]:
        if "{" not in item:
            return [Word(item, "O")]
        before, _, rest = item.partition("{")
        symbol, _, after = rest.partition("}")
        words = self._symbol(symbol)
        if before or after:  # `{letter_bare}{number_small}00` is one token
            tail = self._grow(after)[0].text if after else ""
            return [Word(before + words[0].text + tail, words[0].tag)]
        return words

    def _symbol(self, symbol: str) -> list[Word]:
        if symbol in self._drawn:
            return [Word(text, "O") for text in self._drawn[symbol]().split()]
        self._depth += symbol == "s"
        words = self.expand(self._choose(symbol))
        self._depth -= symbol == "s"
        label = symbol.partition(".")[0]
        return _as_entity(words, label) if label.isupper() else words

    def _choose(self, symbol: str) -> str:
        """One of the symbol's templates, by weight; none that nests yet another sentence when deep enough."""
        rules = [rule.rpartition("* ") for rule in RULES[symbol]]
        if symbol in WITHHELD_PHRASES and self._split == "train":
            rules = [rule for number, rule in enumerate(rules, start=1) if number % 8]
        if self._depth >= DEEPEST:
            rules = [rule for rule in rules if "{s}" not in rule[2]] or rules
        return self._dice.choices([rule for _, _, rule in rules], weights=[int(w or 1) for w, _, _ in rules])[0]

    def _name(self, pool: str) -> str:
        own = self._split == "train" or self._dice.random() < HELD_OUT_SHARE
        return self._dice.choice(SHARES[pool][self._split if own else "train"])

    def _count(self) -> str:
        """A whole number, at times one that looks like a year."""
        small, years = str(self._dice.randint(10, 999)), str(self._dice.randint(1900, 2020))
        large = f"{self._dice.randint(1, 99)},{self._dice.randint(0, 999):03}"
        return self._dice.choice([small, large, years])

    def _amount(self) -> str:
        """A whole number or a decimal."""
        decimal = f"{self._dice.randint(1, 99)}.{self._dice.randint(1, 9)}"
        return self._dice.choice([decimal, self._count()])

    def _name_word(self, words: dict[str, str]) -> str:
        """A common word in its sense as a name; train never sees every sixth so."""
        known = [word for index, word in enumerate(words) if self._split != "train" or index % 6 != 3]
        word = self._dice.choice(known)
        return word[0].upper() + word[1:]

    def _compound(self, words: dict[str, str]) -> str:
        """A common word in its common sense; train never sees every sixth so, nor the last of a word's partners."""
        training = self._split == "train"
        known = [word for index, word in enumerate(words) if not training or index % 6 != 0]
        word = self._dice.choice(known)
        partners = words[word].split("|")
        return f"{word} {self._dice.choice(partners[:-1] if training else partners)}"


def _as_entity(words: list[Word], label: str) -> list[Word]:
    return [Word(word.text, f"{'I' if index else 'B'}-{label}") for index, word in enumerate(words)]
