"""What a model gains by learning from the dev split once that has judged, without a look at any test split.

    python benchmarks/refit.py [CORPUS ...] [--seeds 1]

The dev split is dealt out in blocks of 40 sentences to two halves. One half is the dev split of a run, the other half
is what its model is scored on; then the halves change places. Measured are the default configuration and a run of as
many epochs in which the dev split only judges, while the step size falls linearly to zero. Results are kept in
benchmarks/results/refit.jsonl, a line for two models; the table is made from all lines.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import scores
from corpora import CORPORA, DATA
from lines import keep, load

from nertagger.corpus import read, write
from nertagger.runtime import Tagger

LINES, TABLE = scores.RESULTS / "refit.jsonl", scores.RESULTS / "refit.md"
BLOCK = 40  # sentences: a few documents


def measure(key: str, seed: int, judge: int) -> dict[str, Any]:
    """The F1 on one half of the dev split, the other half, number `judge`, being the dev split of the runs."""
    corpus = CORPORA[key]
    sentences = [sentence for sentence in read(DATA / corpus.dev) if len(sentence)]
    with tempfile.TemporaryDirectory() as folder:
        halves = [Path(folder) / f"{number}.conll" for number in (0, 1)]
        for number, half in enumerate(halves):
            write(half, [s for i, s in enumerate(sentences) if i // BLOCK % 2 == number])
        parts = replace(corpus, dev=str(halves[judge]), test=str(halves[1 - judge]))
        learned = scores.measure(key, parts, seed, Path(folder))["test_f1"]
        metrics = Tagger.load(scores.model_file(key, seed, Path(folder))).model.metrics
        epochs = metrics["epochs"] + metrics["refit"]
        only_judged = ["training.refit=0", "training.schedule=linear", f"training.epochs={epochs}"]
        judged = scores.measure(key, parts, seed, Path(folder), only_judged)["test_f1"]
    return {"corpus": key, "seed": seed, "judge": judge, "f1": learned, "f1_only_judged": judged}


def table(results: list[dict[str, Any]]) -> str:
    """Mean F1 of each corpus with and without, and the mean and deviation of the gain."""
    lines = ["| corpus | models | F1, dev only judges | F1, default | gain | deviation |", "|---|---|---|---|---|---|"]
    for key in dict.fromkeys(r["corpus"] for r in results):
        mine = [r for r in results if r["corpus"] == key]
        without, default = (statistics.mean(r[name] for r in mine) for name in ("f1_only_judged", "f1"))
        spread = statistics.stdev(r["f1"] - r["f1_only_judged"] for r in mine)
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
            results = [measure(key, seed, judge) for judge in (0, 1)]
            print(*map(json.dumps, results), sep="\n", flush=True)
            others = [r for r in load(LINES) if (r["corpus"], r["seed"]) != (key, seed)]
            keep(LINES, [*others, *results])
            TABLE.write_text(table(load(LINES)))
    print(TABLE.read_text())


if __name__ == "__main__":
    main()
