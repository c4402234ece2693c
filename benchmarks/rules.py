"""Measures what gazetteers and patterns add to the time of tagging: the English tagger with and without them, in turns.

    python benchmarks/rules.py [FILE]

The gazetteer has 100,000 names of one to three words, drawn from the words of the text itself, so that many begin or
occur in it; there are 100 token patterns. FILE is text, by default that of WikiGold's dev split.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from pathlib import Path

from corpora import CORPORA, DATA

import nertagger
from nertagger import Rules
from nertagger.text import tokenize

NAMES, PATTERNS, ROUNDS = 100_000, 100, 7


def make_rules(words: list[str], precedence: str) -> Rules:
    """Return rules of words, the same for the same words."""
    rng = random.Random(0)
    capitalized = [word for word in words if word[0].isupper()]
    names = {}
    while len(names) < NAMES:
        first = [rng.choice(capitalized), f"{rng.choice(capitalized)}{rng.randrange(100)}"]
        names[" ".join([*rng.sample(first, 1), *rng.choices(capitalized, k=rng.randrange(3))])] = "NAME"
    patterns = [
        {"label": "CODE", "pattern": [{"LOWER": rng.choice(words).lower()}, {"IS_PUNCT": True, "OP": "?"}, test]}
        for test in ({"IS_DIGIT": True}, {"TEXT": {"REGEX": "^[A-Z]{2}"}}, {"SHAPE": "dddd"}, {"LENGTH": {">": 9}})
        for _ in range(PATTERNS // 4)
    ]
    return Rules(gazetteers=names, patterns=patterns, precedence=precedence)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
    options = parser.parse_args()
    if options.file is None:
        sentences = nertagger.read(DATA / CORPORA["wikigold"].dev)
        texts = [" ".join(sentence.words) for sentence in sentences]
    else:
        texts = options.file.read_text(encoding="utf-8").split("\n\n")
    words = [token.text for text in texts for token in tokenize(text)]
    plain = nertagger.load("english", threads=1)
    began = time.process_time()
    ruled = {name: plain.with_rules(make_rules(words, name)) for name in ("first", "last")}
    loading = (time.process_time() - began) / 2
    seconds: dict[str, list[float]] = {name: [] for name in ("without", *ruled)}
    found = dict.fromkeys(seconds, 0)
    for _ in range(ROUNDS):
        for name, tagger in {"without": plain, **ruled}.items():
            began = time.process_time()
            documents = list(tagger.pipe(texts))
            seconds[name].append(time.process_time() - began)
            found[name] = sum(entity.rule is not None for document in documents for entity in document.entities)
    medians = {name: statistics.median(times[1:]) for name, times in seconds.items()}
    print(f"{len(words):,} tokens; {NAMES:,} names and {PATTERNS} patterns are made ready in {loading:.1f} s")
    for name, median in medians.items():
        ratio, per_token = median / medians["without"], 1e6 * median / len(words)
        print(f"{name:8} {per_token:6.2f} us per token, x {ratio:.2f}, {found[name]:,} entities of rules")


if __name__ == "__main__":
    main()
