"""Measures what a model gains by training on the dev split in its last epochs, without using any test split.

    python benchmarks/refit.py [CORPUS ...] [--seeds 1]

The dev split is dealt out in blocks of 40 sentences to two halves. One half is the dev split of a run, and its model is
scored on the other half; then the halves change places. The default configuration is measured beside a run of as many
epochs that only scores the dev split, with a learning rate that falls linearly to zero. Results are kept in
benchmarks/results/refit.jsonl, one line per two models; the table is made from all lines.
"""

from __future__ import annotations

import argparse
import json
import statistics
from typing import Any

import scores
from corpora import CORPORA, DATA
from lines import keep, load

from nertagger.corpus import read

LINES, TABLE = scores.RESULTS / "refit.jsonl", scores.RESULTS / "refit.md"
BLOCK = 40  # sentences: a few documents


def measure(key: str, seed: int, dev_half: int) -> dict[str, Any]:
    """Return the F1 on one half of the dev split; the other, number `dev_half`, is the dev split of the runs."""
    corpus = CORPORA[key]
    sentences = [sentence for sentence in read(DATA / corpus.dev) if len(sentence)]
    halves = [[s for i, s in enumerate(sentences) if i // BLOCK % 2 == number] for number in (0, 1)]
    splits = {"train": [DATA / path for path in corpus.train], "dev": halves[dev_half], "test": halves[1 - dev_half]}
    refitted = scores.train(seed, [], **splits)
    epochs = refitted["epochs"] + refitted["refit"]
    scored_only = ["training.refit=0", "training.schedule=linear", f"training.epochs={epochs}"]
    f1, f1_scored_only = (
        round(100 * metrics["test"]["micro"]["f1"], 2)
        for metrics in (refitted, scores.train(seed, scored_only, **splits))
    )
    return {"corpus": key, "seed": seed, "dev_half": dev_half, "f1": f1, "f1_scored_only": f1_scored_only}


def table(results: list[dict[str, Any]]) -> str:
    """Return the mean F1 per corpus with and without, and the mean and standard deviation of the gain."""
    lines = [
        "| corpus | models | F1, dev scored only | F1, default | gain | standard deviation |",
        "|---|---|---|---|---|---|",
    ]
    for key in dict.fromkeys(r["corpus"] for r in results):
        mine = [r for r in results if r["corpus"] == key]
        without, default = (statistics.mean(r[name] for r in mine) for name in ("f1_scored_only", "f1"))
        spread = statistics.stdev(r["f1"] - r["f1_scored_only"] for r in mine)
        cells = f"{without:.2f} | {default:.2f} | {default - without:+.2f} | {spread:.2f}"
        lines.append(f"| {CORPORA[key].name} | {len(mine)} | {cells} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", default=list(CORPORA), metavar="CORPUS", help=", ".join(CORPORA))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1])
    options = parser.parse_args()
    for key in options.corpora:
        for seed in options.seeds:
            results = [measure(key, seed, half) for half in (0, 1)]
            print(*map(json.dumps, results), sep="\n", flush=True)
            others = [r for r in load(LINES) if (r["corpus"], r["seed"]) != (key, seed)]
            keep(LINES, [*others, *results])
            TABLE.write_text(table(load(LINES)))
    print(TABLE.read_text())


if __name__ == "__main__":
    main()
