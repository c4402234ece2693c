"""Trains the default configuration on every corpus with several seeds and scores each model once on its test split.

    python benchmarks/scores.py [CORPUS ...] [--seeds 1 2 3]

Results are kept in benchmarks/results/scores.jsonl, one line per model; the table beside it is made from all lines.
Only files and seeds are set: the configuration is the default one for all corpora, which was chosen on dev splits.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corpora import CORPORA, DATA, VECTORS, Corpus
from lines import keep, load

import nertagger
from nertagger import Config

RESULTS = Path(__file__).parent / "results"
LINES, TABLE = RESULTS / "scores.jsonl", RESULTS / "scores.md"
NERTAGGER = [sys.executable, "-m", "nertagger"]


def measure(key: str, corpus: Corpus, seed: int, folder: Path, settings: Sequence[str] = ()) -> dict[str, Any]:
    """Train and score one model, each in a process of its own; `settings` are added to the default."""
    model = model_file(key, seed, folder)
    files = [part for path in corpus.train for part in ("--train", str(DATA / path))]
    files += ["--dev", str(DATA / corpus.dev), "--vectors", str(VECTORS)]
    files += [part for setting in settings for part in ("--set", setting)]
    began = time.perf_counter()
    trained = run_json("train", *files, "--out", str(model), "--seed", str(seed), "--json")
    seconds = time.perf_counter() - began
    test = run_json("evaluate", str(model), str(DATA / corpus.test), "--json")
    return {
        "corpus": key,
        "seed": seed,
        "dev_f1": round(100 * trained["dev"]["micro"]["f1"], 2),
        "test_f1": round(100 * test["micro"]["f1"], 2),
        "test_precision": round(100 * test["micro"]["precision"], 2),
        "test_recall": round(100 * test["micro"]["recall"], 2),
        "best_epoch": trained["epoch"],
        "training_seconds": round(seconds, 1),
    }


def train(seed: int, settings: Sequence[str], **splits: Any) -> dict[str, Any]:
    """Return the metrics of a model trained in this process on files or on sentences in memory; no file is written."""
    config = Config.from_values({"words.vectors": str(VECTORS), "training.seed": seed}, settings)
    return nertagger.train(config, **splits).model.metrics


def model_file(key: str, seed: int, folder: Path) -> Path:
    """Return the path of the model that `measure` writes."""
    return folder / f"{key}-{seed}.ner"


def run_json(*arguments: str) -> dict[str, Any]:
    """Return the object that a nertagger command prints with --json."""
    process = subprocess.run([*NERTAGGER, *arguments], stdout=subprocess.PIPE, check=True, text=True)
    answer: dict[str, Any] = json.loads(process.stdout)
    return answer


def table(results: list[dict[str, Any]]) -> str:
    """Return the mean and spread of each corpus that has results."""
    lines = [
        "| corpus | bar | mean test F1 | seeds | spread | mean dev F1 | mean training seconds |",
        "|---|---|---|---|---|---|---|",
    ]
    for key, corpus in CORPORA.items():
        mine = sorted((r for r in results if r["corpus"] == key), key=lambda r: r["seed"])
        if not mine:
            continue
        test = [r["test_f1"] for r in mine]
        means = [statistics.mean(r[column] for r in mine) for column in ("dev_f1", "training_seconds")]
        seeds = ", ".join(f"{r['seed']}: {r['test_f1']:.2f}" for r in mine)
        spread = statistics.stdev(test) if len(test) > 1 else 0.0
        lines.append(
            f"| {corpus.name} | {corpus.bar} | {statistics.mean(test):.2f} | {seeds} | {spread:.2f} "
            f"| {means[0]:.2f} | {means[1]:.0f} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", default=list(CORPORA), metavar="CORPUS", help=", ".join(CORPORA))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    options = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    for key in options.corpora:
        for seed in options.seeds:
            with tempfile.TemporaryDirectory() as folder:
                result = measure(key, CORPORA[key], seed, Path(folder))
            print(json.dumps(result), flush=True)
            others = [r for r in load(LINES) if (r["corpus"], r["seed"]) != (key, seed)]
            keep(LINES, [*others, result])
            TABLE.write_text(table(load(LINES)))
    print(TABLE.read_text())


if __name__ == "__main__":
    main()
