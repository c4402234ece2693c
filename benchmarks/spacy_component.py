"""Measures the component of spaCy pipelines beside spaCy's own `ner`, both through `nlp.pipe` over the same texts.

    python benchmarks/spacy_component.py [--model english] [--pipeline en_core_web_sm] [--turns 5] [--tokens 100000]

The component is in a blank English pipeline; spaCy's `ner` is that of a trained pipeline with all other components
disabled. Both include spaCy's tokenizer. They take turns, each turn with other lines of Wikipedia, and the medians are
compared. `Tagger.pipe`, which splits the text by itself, shows what spaCy's tokens and Docs cost.
"""

from __future__ import annotations

import argparse
import lzma
import statistics
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import spacy
from corpora import DATA
from spacy.language import Language

import nertagger

RAW = DATA / "raw" / "enwiki2015-200mb.txt.xz"
SHORTEST = 200  # characters of a line; shorter ones are mostly titles and lists
Run = Callable[[list[str]], Iterable[Any]]


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(description="The component beside spaCy's own ner.")
    parser.add_argument("--model", default="english")
    parser.add_argument("--pipeline", default="en_core_web_sm")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=100_000)
    parser.add_argument("--threads", type=int)
    arguments = parser.parse_args()
    nlp = spacy.blank("en")
    nlp.add_pipe("nertagger", config={"model": arguments.model, "threads": arguments.threads})
    peer = spacy.load(arguments.pipeline)
    peer.select_pipes(enable=["ner"])
    tagger = nertagger.load(arguments.model, threads=arguments.threads)
    runs: dict[str, Run] = {
        "component": nlp.pipe,
        f"ner of {arguments.pipeline}": peer.pipe,
        "Tagger.pipe": tagger.pipe,
    }
    seconds = measure(runs, read_turns(arguments.turns + 1, arguments.tokens))
    print(f"{arguments.tokens:,} tokens in each of {arguments.turns} turns, medians")
    for name, time_taken in seconds.items():
        print(f"{name:<32}{arguments.tokens / time_taken:>12,.0f} tokens/s")
    component, other, own = seconds.values()
    print(f"component: {other / component:.2f} times spaCy's ner, {own / component:.2f} times Tagger.pipe")


def read_turns(turns: int, tokens: int) -> list[list[str]]:
    """Return the texts of each turn: lines of Wikipedia with about this many tokens, new ones in each."""
    nlp = spacy.blank("en")
    with lzma.open(RAW, "rt", encoding="utf-8") as stream:
        lines = (line.strip() for line in stream if len(line) >= SHORTEST)
        return [list(take_tokens(lines, tokens, nlp)) for _ in range(turns)]


def take_tokens(lines: Iterator[str], tokens: int, nlp: Language) -> Iterator[str]:
    """Yield lines until they have this many tokens."""
    for line in lines:
        yield line
        tokens -= len(nlp.make_doc(line))
        if tokens <= 0:
            return


def measure(runs: dict[str, Run], turns: list[list[str]]) -> dict[str, float]:
    """Return the median seconds of each run over the texts of all turns but the first, which is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for number, texts in enumerate(turns):
        for name, run in runs.items():
            begun = time.perf_counter()
            deque(run(texts), maxlen=0)
            if number:
                seconds[name].append(time.perf_counter() - begun)
    return {name: statistics.median(times) for name, times in seconds.items()}


if __name__ == "__main__":
    main()
