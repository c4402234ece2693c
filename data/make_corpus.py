"""Write the sample corpus: train, dev and test in CoNLL form, a probe of right contexts, and a raw text to tag.

    python data/make_corpus.py [FOLDER] [--seed N]

The same seed gives the same bytes. README.md beside this script says what is in the files and what is held out from
the training part.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from grammar import Grammar, Word, capitalised
from passages import PASSAGES
from sentences import KINDS

from nertagger.text.tokenization.agreement import join_words

HERE = Path(__file__).resolve().parent
SIZES = {"train": 3500, "dev": 700, "test": 700}
LONGEST = 60  # tokens of a sentence
SEED = 1917
_CASE_KEPT = re.compile(r".*[^.]\.|[@#].*|(https?|www).*|RT")  # abbreviations, handles, hashtags, addresses


class Drawn(NamedTuple):
    """A sentence and the kind of template that it came from."""

    kind: str
    words: tuple[Word, ...]


def draw_sentences(split: str, *, count: int, rng: random.Random, seen: set[str]) -> Iterator[Drawn]:
    """Yield sentences of a split that are not in `seen`, and add them to it; sentences of one token may repeat."""
    grammar = Grammar(split, rng)
    while count:
        kind = rng.choices(list(KINDS), weights=list(KINDS.values()))[0]
        words = apply_case(with_articles(grammar.expand(f"{{{kind}}}")), kind=kind, rng=rng)
        surface = " ".join(word.text for word in words)
        if len(words) > LONGEST or (surface in seen and kind != "one") or _ends_in_two_stops(words):
            continue
        seen.add(surface)
        count -= 1
        yield Drawn(kind, tuple(words))


def _ends_in_two_stops(words: list[Word]) -> bool:
    """Return whether an abbreviation's full stop would meet another one, which running text writes once."""
    return any(first.text.endswith(".") and second.text == "." for first, second in pairwise(words))


def with_articles(words: list[Word]) -> list[Word]:
    """Return the words with `an` for `a` before a vowel."""
    following = [*(word.text for word in words[1:]), ""]
    return [
        Word("an", word.tag) if word.text == "a" and after[:1].lower() in "aeio" and after else word
        for word, after in zip(words, following, strict=True)
    ]


def apply_case(words: list[Word], *, kind: str, rng: random.Random) -> list[Word]:
    """Return the words in the case of their kind of text: sentences, headlines in three styles, careless tweets."""
    if kind == "headline":
        return _change_case(words, rng.choice([str.upper, str.lower, *[_capitalised_word] * 8]))
    if kind == "tweet":
        style = rng.random()
        return _change_case(words, str.lower) if style < 0.1 else words if style < 0.6 else _with_capital(words)
    return _with_capital(words)


def _change_case(words: list[Word], change: Callable[[str], str]) -> list[Word]:
    return [word if _CASE_KEPT.fullmatch(word.text) else Word(change(word.text), word.tag) for word in words]


def _with_capital(words: list[Word]) -> list[Word]:
    first = 1 if words[0].text == '"' else 0
    return [*words[:first], Word(_capitalised_word(words[first].text), words[first].tag), *words[first + 1 :]]


def _capitalised_word(text: str) -> str:
    return text if text.startswith(("http", "www", "n't")) else capitalised(text)


def to_conll(sentences: list[Drawn]) -> str:
    """Return one ``word TAB tag`` row per token, with an empty row after each sentence."""
    return "".join("".join(f"{text}\t{tag}\n" for text, tag in sentence.words) + "\n" for sentence in sentences)


def to_passages(rng: random.Random) -> str:
    """Return paragraphs of running text about people, firms and towns of the test part, with empty lines between."""
    grammar = Grammar("test", rng)
    return "\n\n".join(_fill(passage, grammar) for passage in PASSAGES) + "\n"


def _fill(passage: str, grammar: Grammar) -> str:
    """Return a passage as text; a name in it, such as ``{A:town}``, stays the same wherever its letter comes back."""
    names: dict[str, str] = {}

    def name_of(found: re.Match[str]) -> str:
        slot, symbol = found.groups()
        if slot not in names:
            names[slot] = " ".join(word.text for word in grammar.expand(f"{{{symbol}}}"))
        return names[slot]

    filled = re.sub(r"\{(\w):?(\w*)\}", name_of, passage)
    return "\n\n".join(join_words(paragraph.split())[0] for paragraph in filled.strip().split("\n\n"))


def make_files(seed: int = SEED) -> dict[str, str]:
    """Return the content of each file by its name."""
    rng, seen = random.Random(seed), set[str]()
    splits = {split: list(draw_sentences(split, count=count, rng=rng, seen=seen)) for split, count in SIZES.items()}
    probe = [sentence for sentence in splits["test"] if sentence.kind == "right"]
    files = {f"{split}.conll": to_conll(sentences) for split, sentences in splits.items()}
    return files | {"right_context.conll": to_conll(probe), "raw.txt": to_passages(rng)}


def main() -> None:
    """Write the files into the folder that the command line names."""
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
