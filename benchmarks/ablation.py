"""Measures what parts of the default configuration gain, without using any test split.

    python benchmarks/ablation.py [CORPUS ...] [--seeds 1 2] [--change KEY=VALUE ...]

One of every ten blocks of 40 training sentences is left out. Each model is trained on the others, its epoch is chosen
on the dev split, and it is scored there and on the blocks left out, which are of the same source as the training text
(a dev split need not be). The default configuration is measured, and the same with each change. Results are kept in
benchmarks/results/ablation.jsonl, one line per model; the table is made from all lines. Models that have a line are not
measured again.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from typing import Any

import scores
from corpora import CORPORA, DATA
from lines import keep, load

from nertagger.corpus import read

LINES, TABLE = scores.RESULTS / "ablation.jsonl", scores.RESULTS / "ablation.md"
DEFAULT, CHANGES = ["wikigold", "ncbi"], ["words.tag_shares=false", "words.fine_tune=0"]
BLOCK = 40  # sentences: a few documents


def measure(key: str, seed: int, change: str) -> dict[str, Any]:
    """Train one model on nine tenths of the training sentences, and score it on the dev split and on the last tenth."""
    corpus = CORPORA[key]
    sentences = [sentence for path in corpus.train for sentence in read(DATA / path) if len(sentence)]
    began = time.perf_counter()
    metrics = scores.train(
        seed,
        [change] if change else [],
        train=[s for i, s in enumerate(sentences) if i // BLOCK % 10 != 4],
        dev=DATA / corpus.dev,
        test=[s for i, s in enumerate(sentences) if i // BLOCK % 10 == 4],
    )
    return {
        "corpus": key,
        "seed": seed,
        "change": change,
        "left_out_f1": round(100 * metrics["test"]["micro"]["f1"], 2),
        "dev_f1": round(100 * metrics["dev"]["micro"]["f1"], 2),
        "best_epoch": metrics["epoch"],
        "training_seconds": round(time.perf_counter() - began, 1),
    }


def table(results: list[dict[str, Any]]) -> str:
    """Return the mean F1 per corpus and change, and its difference from the default with the same seeds."""
    lines = ["| corpus | change | seeds | dev F1 | | F1 on what is left out | |", "|---|---|---|---|---|---|---|"]
    for key, change in dict.fromkeys((r["corpus"], r["change"]) for r in results):
        mine = {r["seed"]: r for r in results if (r["corpus"], r["change"]) == (key, change)}
        default = [r for r in results if (r["corpus"], r["change"]) == (key, "") and r["seed"] in mine]
        cells = []
        for column in ("dev_f1", "left_out_f1"):
            mean = statistics.mean(r[column] for r in mine.values())
            gain = mean - statistics.mean(r[column] for r in default)
            cells += [f"{mean:.2f}", f"{gain:+.2f}" if change else ""]
        lines.append(f"| {CORPORA[key].name} | {change or 'none'} | {len(mine)} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", default=DEFAULT, metavar="CORPUS", help=", ".join(CORPORA))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--change", nargs="+", default=CHANGES, metavar="KEY=VALUE")
    options = parser.parse_args()
    for key in options.corpora:
        for seed in options.seeds:
            for change in ("", *options.change):
                if any((r["corpus"], r["seed"], r["change"]) == (key, seed, change) for r in load(LINES)):
                    continue
                result = measure(key, seed, change)
                print(json.dumps(result), flush=True)
                keep(LINES, [*load(LINES), result])
                TABLE.write_text(table(load(LINES)))
    print(TABLE.read_text())


if __name__ == "__main__":
    main()
