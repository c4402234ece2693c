"""Write the sample corpus: train, dev and test in CoNLL form, a probe of right contexts, and a raw text to tag.

    python data/make_corpus.py [FOLDER] [--seed N]

Needs the standard library only; the same seed gives the same bytes. What is in the files, and what is kept from the
training part on purpose, stands in README.md beside this script.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from expansion import Grammar, Word
from grammar import KINDS
from passages import PASSAGES

HERE = Path(__file__).resolve().parent
SIZES = {"train": 3500, "dev": 700, "test": 700}
LONGEST = 60  # tokens of a sentence
SEED = 1917
_NO_SPACE_BEFORE = re.compile(r"[,.;:!?)%]|'s|n't")
_NO_SPACE_AFTER = frozenset("($")


class Drawn(NamedTuple):
    """A sentence and the kind of template that it came from."""

    kind: str
    words: tuple[Word, ...]


def draw_sentences(split: str, *, count: int, dice: random.Random, seen: set[str]) -> Iterator[Drawn]:
    """Sentences of a split, none of which is in `seen`; adds them to it."""
    grammar = Grammar(split, dice)
    while count:
        kind = dice.choices(list(KINDS), weights=list(KINDS.values()))[0]
        words = dress(with_articles(grammar.expand(f"{{{kind}}}")), kind=kind, dice=dice)
        surface = " ".join(word.text for word in words)
        if len(words) > LONGEST or (surface in seen and kind != "one") or _ends_in_two_stops(words):
            continue
        seen.add(surface)
        count -= 1
        yield Drawn(kind, tuple(words))


def _ends_in_two_stops(words: list[Word]) -> bool:
    """Whether an abbreviation's full stop would meet another one, which running text writes once."""
    return any(first.text.endswith(".") and second.text == "." for first, second in pairwise(words))


def with_articles(words: list[Word]) -> list[Word]:
    """The words with `an` for `a` before a vowel."""
    following = [*(word.text for word in words[1:]), ""]
    return [
        Word("an", word.tag) if word.text == "a" and after[:1].lower() in "aeio" and after else word
        for word, after in zip(words, following, strict=True)
    ]


def dress(words: list[Word], *, kind: str, dice: random.Random) -> list[Word]:
    """The words in the capitals of their kind of text: sentences, headlines in three fashions, careless tweets."""
    if kind == "headline":
        return _change_case(words, dice.choice([str.upper, str.lower, *[_capitalised] * 8]))
    if kind == "tweet":
        fashion = dice.random()
        return _change_case(words, str.lower) if fashion < 0.1 else words if fashion < 0.6 else _with_capital(words)
    return _with_capital(words)


def _change_case(words: list[Word], change: Callable[[str], str]) -> list[Word]:
    """The words changed, but for abbreviations, handles, tags and addresses."""
    keep = re.compile(r".*[^.]\.|[@#].*|(https?|www).*|RT")
    return [word if keep.fullmatch(word.text) else Word(change(word.text), word.tag) for word in words]


def _with_capital(words: list[Word]) -> list[Word]:
    first = 1 if words[0].text == '"' else 0
    return [*words[:first], Word(_capitalised(words[first].text), words[first].tag), *words[first + 1 :]]


def _capitalised(text: str) -> str:
    return text if text.startswith(("http", "www", "n't")) else text[0].upper() + text[1:]


def join_words(words: list[str]) -> str:
    """The words as running text; straight double quotes are taken to open and close in turn.

    >>> join_words(["Mr.", "Hale", "(", "Jr.", ")", "did", "n't", "say", ":", '"', "No", ".", '"'])
    'Mr. Hale (Jr.) didn\\'t say: "No."'
    """
    text, glued, quoted = "", True, False
    for word in words:
        closing = word == '"' and quoted
        if not (glued or closing or (_NO_SPACE_BEFORE.fullmatch(word.lower()) is not None)):
            text += " "
        text += word
        quoted ^= word == '"'
        glued = word in _NO_SPACE_AFTER or (word == '"' and quoted)
    return text


def to_conll(sentences: list[Drawn]) -> str:
    """One ``word TAB tag`` row a token, an empty row after each sentence."""
    return "".join("".join(f"{text}\t{tag}\n" for text, tag in sentence.words) + "\n" for sentence in sentences)


def to_passages(dice: random.Random) -> str:
    """Paragraphs of running text about people, firms and towns of the test part, apart by empty lines."""
    grammar = Grammar("test", dice)
    return "\n\n".join(_fill(passage, grammar) for passage in PASSAGES) + "\n"


def _fill(passage: str, grammar: Grammar) -> str:
    """A passage as text; a name in it, as in ``{A:town}``, stays the same wherever its letter comes back."""
    names: dict[str, str] = {}

    def name_of(found: re.Match[str]) -> str:
        slot, symbol = found.groups()
        if slot not in names:
            names[slot] = " ".join(word.text for word in grammar.expand(f"{{{symbol}}}"))
        return names[slot]

    filled = re.sub(r"\{(\w):?(\w*)\}", name_of, passage)
    return "\n\n".join(join_words(paragraph.split()) for paragraph in filled.strip().split("\n\n"))


def make_files(seed: int = SEED) -> dict[str, str]:
    """The name and content of each file."""
    dice, seen = random.Random(seed), set[str]()
    splits = {split: list(draw_sentences(split, count=count, dice=dice, seen=seen)) for split, count in SIZES.items()}
    probe = [sentence for sentence in splits["test"] if sentence.kind == "right"]
    files = {f"{split}.conll": to_conll(sentences) for split, sentences in splits.items()}
    return files | {"right_context.conll": to_conll(probe), "raw.txt": to_passages(dice)}


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the sample corpus.")
    parser.add_argument("folder", nargs="?", type=Path, default=HERE)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name, content in make_files(arguments.seed).items():
        (arguments.folder / name).write_text(content, encoding="utf-8", newline="\n")
        print(arguments.folder / name)


if __name__ == "__main__":
    main()
