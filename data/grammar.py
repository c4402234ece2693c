"""Expand the templates of the sample corpus into tagged words, and hold names and senses out from training.

A template is a row of tokens; ``{name}`` is a symbol with templates of its own, and a symbol whose first part is in
capitals, such as ``{PER.full}``, makes one entity of that type out of all its tokens. ``^`` capitalises the next token;
a number before ``*`` is a weight. Tokens are those of an English tokenizer: ``Obama 's``, ``do n't``, ``$ 4``. The
templates are in names.py, phrases.py and sentences.py, the word lists in lexicon.py and vocabulary.py.

Training draws from seven tenths of each list of names. Dev and test draw mostly from lists of their own, and use the
phrases, compounds (`Rose thorns`) and senses of ambiguous words that never occur in training.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from lexicon import COMPANY_WORDS, PERSON_WORDS, PLACE_WORDS, POOLS, SHARED_NAMES, VERB_NAMES
from names import ENTITIES
from phrases import PHRASES
from sentences import SENTENCES
from vocabulary import gerund, past, plural

RULES = {**ENTITIES, **PHRASES, **SENTENCES}
HELD_OUT_FRACTION = 0.7  # of the names drawn for dev and test
HELD_OUT_PHRASES = ("vp", "vp_org", "vp_place", "vp_things")  # every eighth of these never occurs in train
DEEPEST = 3  # sentences within sentences
_SPLIT_SEED = 5  # the lists are split in the same way whatever the seed of the corpus


class Word(NamedTuple):
    """A token and its IOB2 tag."""

    text: str
    tag: str


def split_pool(names: list[str]) -> dict[str, list[str]]:
    """Return a list split at random: seven tenths for train, half of the rest each for dev and test."""
    mixed = random.Random(_SPLIT_SEED).sample(names, len(names))
    first, second = len(mixed) * 70 // 100, len(mixed) * 85 // 100
    return {"train": mixed[:first], "dev": mixed[first:second], "test": mixed[second:]}


class Grammar:
    """The grammar as one split sees it.

    Args:
        split: train, dev or test.
        rng: makes every choice.
    """

    def __init__(self, split: str, rng: random.Random) -> None:
        self._split = split
        self._rng = rng
        self._depth = 0
        self._pools = {name: split_pool(names) for name, names in POOLS.items()}
        self._drawn: dict[str, Callable[[], str]] = {**self._numbers(), **self._ambiguous(), **self._words()}

    def expand(self, template: str) -> list[Word]:
        """Return the tagged words that a template expands into."""
        words: list[Word] = []
        capital = False
        for item in template.split():
            if item == "^":
                capital = True
                continue
            expanded = self._expand_item(item)
            if capital:
                expanded[0] = Word(capitalised(expanded[0].text), expanded[0].tag)
                capital = False
            words += expanded
        return words

    def _expand_item(self, item: str) -> list[Word]:
        if "{" not in item:
            return [Word(item, "O")]
        before, _, rest = item.partition("{")
        symbol, _, after = rest.partition("}")
        words = self._expand_symbol(symbol)
        if before or after:  # `{letter_bare}{number_small}00` is one token
            tail = self._expand_item(after)[0].text if after else ""
            return [Word(before + words[0].text + tail, words[0].tag)]
        return words

    def _expand_symbol(self, symbol: str) -> list[Word]:
        if symbol in self._drawn:
            return [Word(text, "O") for text in self._drawn[symbol]().split()]
        self._depth += symbol == "s"
        words = self.expand(self._choose(symbol))
        self._depth -= symbol == "s"
        label = symbol.partition(".")[0]
        return _as_entity(words, label) if label.isupper() else words

    def _choose(self, symbol: str) -> str:
        """Return one of the symbol's templates, drawn by weight; none with another sentence in it when deep enough."""
        rules = [rule.rpartition("* ") for rule in RULES[symbol]]
        if symbol in HELD_OUT_PHRASES and self._split == "train":
            rules = [rule for number, rule in enumerate(rules, start=1) if number % 8]
        if self._depth >= DEEPEST:
            rules = [rule for rule in rules if "{s}" not in rule[2]] or rules
        return self._rng.choices([rule for _, _, rule in rules], weights=[int(w or 1) for w, _, _ in rules])[0]

    def _numbers(self) -> dict[str, Callable[[], str]]:
        """Return the symbols of letters and numbers."""
        rng = self._rng
        return {
            "letter": lambda: f"{rng.choice('ABCDEFGHJKLMNPRSTVW')}.",
            "letter_bare": lambda: rng.choice("AGKQRSTXZ"),
            "amount": self._amount,
            "count": self._count,
            "tens": lambda: str(rng.randint(10, 99)),
            "number_small": lambda: str(rng.randint(2, 9)),
            "day": lambda: str(rng.randint(1, 28)),
            "year": lambda: str(rng.randint(1890, 2024)),
        }

    def _ambiguous(self) -> dict[str, Callable[[], str]]:
        """Return the symbols of words that are names in one sense and common in another."""
        rng = self._rng
        return {
            "person_word": lambda: self._name_word(PERSON_WORDS),
            "company_word": lambda: self._name_word(COMPANY_WORDS),
            "place_word": lambda: self._name_word(PLACE_WORDS),
            "verb_name": lambda: self._name_word(VERB_NAMES),
            "ambiguous_first": lambda: self._name_word(rng.choice([PERSON_WORDS, VERB_NAMES])),
            "shared": lambda: rng.choice(SHARED_NAMES),
            "person_compound": lambda: self._compound(PERSON_WORDS),
            "company_compound": lambda: self._compound(COMPANY_WORDS),
            "place_compound": lambda: self._compound(PLACE_WORDS),
            "imperative": lambda: self._compound(VERB_NAMES),
        }

    def _words(self) -> dict[str, Callable[[], str]]:
        """Return the symbols of the lists of names and words, and of inflected forms."""
        return {
            **{name: partial(self._name, name) for name in POOLS},
            "nouns": lambda: plural(self._name("noun")),
            "humans": lambda: plural(self._name("human")),
            "verb_past": lambda: past(self._name("verb")),
            "verb_ing": lambda: gerund(self._name("verb")),
            "intransitive_past": lambda: past(self._name("intransitive")),
        }

    def _name(self, pool: str) -> str:
        own = self._split == "train" or self._rng.random() < HELD_OUT_FRACTION
        return self._rng.choice(self._pools[pool][self._split if own else "train"])

    def _count(self) -> str:
        """Return a whole number, sometimes one that looks like a year."""
        small, years = str(self._rng.randint(10, 999)), str(self._rng.randint(1900, 2020))
        large = f"{self._rng.randint(1, 99)},{self._rng.randint(0, 999):03}"
        return self._rng.choice([small, large, years])

    def _amount(self) -> str:
        """Return a whole number or a decimal."""
        decimal = f"{self._rng.randint(1, 99)}.{self._rng.randint(1, 9)}"
        return self._rng.choice([decimal, self._count()])

    def _name_word(self, words: dict[str, str]) -> str:
        """Return a common word in its sense as a name; train never has every sixth in this sense."""
        known = [word for index, word in enumerate(words) if self._split != "train" or index % 6 != 3]
        return capitalised(self._rng.choice(known))

    def _compound(self, words: dict[str, str]) -> str:
        """Return a common word in its common sense with a partner.

        Train never has every sixth word in this sense, nor the last partner of a word.
        """
        training = self._split == "train"
        known = [word for index, word in enumerate(words) if not training or index % 6 != 0]
        word = self._rng.choice(known)
        partners = words[word].split("|")
        return f"{word} {self._rng.choice(partners[:-1] if training else partners)}"


def capitalised(text: str) -> str:
    """Return a text with its first character in upper case and the others as they are."""
    return text[0].upper() + text[1:]


def _as_entity(words: list[Word], label: str) -> list[Word]:
    return [Word(word.text, f"{'I' if index else 'B'}-{label}") for index, word in enumerate(words)]
