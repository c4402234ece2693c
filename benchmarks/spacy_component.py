"""Measures the component beside spaCy's own `ner`, both through the same `nlp.pipe` over the same texts.

    python benchmarks/spacy_component.py [--model english] [--pipeline en_core_web_sm] [--repeats 5] [--tokens 100000]

The component is in a blank English pipeline; spaCy's `ner` is that of a trained pipeline with all other components
disabled. Both include spaCy's tokenizer. They take turns, and the medians are compared. `Tagger.pipe`, with the model's
own tokenizer, shows what spaCy costs. Texts are sentences of UNER EWT's test split, eight per text, read as often as
the number of tokens needs.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import spacy
from corpora import DATA

import nertagger

PER_TEXT = 8


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(description="The component beside spaCy's own ner.")
    parser.add_argument("--model", default="english")
    parser.add_argument("--pipeline", default="en_core_web_sm")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=100_000)
    parser.add_argument("--threads", type=int)
    arguments = parser.parse_args()
    nlp = spacy.blank("en")
    texts = read_texts(nlp, arguments.tokens)
    nlp.add_pipe("nertagger", config={"model": arguments.model, "threads": arguments.threads})
    peer = spacy.load(arguments.pipeline)
    peer.select_pipes(enable=["ner"])
    tagger = nertagger.load(arguments.model, threads=arguments.threads)
    runs: dict[str, Callable[[], Iterable[Any]]] = {
        "component": lambda: nlp.pipe(texts),
        f"ner of {arguments.pipeline}": lambda: peer.pipe(texts),
        "Tagger.pipe": lambda: tagger.pipe(texts),
    }
    tokens = sum(len(doc) for doc in nlp.pipe(texts))
    seconds = measure(runs, arguments.repeats)
    print(f"{tokens:,} tokens in {len(texts):,} texts, {arguments.repeats} turns, medians")
    for name, times in seconds.items():
        print(f"{name:<32}{tokens / times:>12,.0f} tokens/s")
    component, other, own = seconds.values()
    print(f"component: {other / component:.2f} times spaCy's ner, {own / component:.2f} times Tagger.pipe")


def read_texts(nlp: Any, tokens: int) -> list[str]:
    """Return texts with at least this many tokens."""
    path = Path(DATA) / "uner_ewt" / "test.iob2"
    lines = path.read_text(encoding="utf-8").splitlines()
    sentences = [line.removeprefix("# text = ") for line in lines if line.startswith("# text = ")]
    texts = [" ".join(sentences[first : first + PER_TEXT]) for first in range(0, len(sentences), PER_TEXT)]
    size = sum(len(nlp.make_doc(text)) for text in texts) / len(texts)
    return list(islice(cycle(texts), 1 + int(tokens / size)))


def measure(runs: dict[str, Callable[[], Iterable[Any]]], repeats: int) -> dict[str, float]:
    """Return the median seconds of each run, which take turns; a first turn is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(repeats + 1):
        for name, run in runs.items():
            begun = time.perf_counter()
            for _ in run():
                pass
            if turn:
                seconds[name].append(time.perf_counter() - begun)
    return {name: statistics.median(times) for name, times in seconds.items()}


if __name__ == "__main__":
    main()
