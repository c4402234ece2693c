"""Trains the default configuration on every corpus with several seeds and scores each model once on its test split.

    python benchmarks/scores.py [CORPUS ...] [--seeds 1 2 3] [--start default|equal|fast|accurate]

Results are kept in benchmarks/results/scores.jsonl, one line per model; the tables beside it are made from all lines.
Only files and seeds are set: the configuration is the default one for all corpora, which was chosen on dev splits. It
starts from the English encoder, which is extra data; "equal" is for comparisons on equal data, without the encoder
and with the vectors that the other taggers have too; "fast" and "accurate" are the presets.
"""

from __future__ import annotations

import argparse
import json
import os
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
EQUAL = ("--encoder", "none", "--vectors", str(VECTORS))
STARTS = {"default": (), "equal": EQUAL, "fast": ("--preset", "fast"), "accurate": ("--preset", "accurate")}


def measure(
    key: str,
    corpus: Corpus,
    seed: int,
    folder: Path,
    *,
    options: Sequence[str] = EQUAL,
    settings: Sequence[str] = (),
) -> dict[str, Any]:
    """Train and score one model, each in a process of its own; `options` and `settings` are added to the default."""
    model = model_file(key, seed, folder)
    files = [part for path in corpus.train for part in ("--train", str(DATA / path))]
    files += ["--dev", str(DATA / corpus.dev), *options]
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
        "processors": len(os.sched_getaffinity(0)),
    }


def train(seed: int, settings: Sequence[str], **splits: Any) -> dict[str, Any]:
    """Return the metrics of a model trained in this process on files or on sentences in memory; no file is written."""
    equal = {"words.vectors": str(VECTORS), "encoder.source": "none"}
    config = Config.from_values({**equal, "training.seed": seed}, settings)
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
    """Return a table for each start, with the mean and spread of each corpus that has results."""
    parts = []
    for start in dict.fromkeys(r["start"] for r in results):
        mine = [r for r in results if r["start"] == start]
        rows = [_row(CORPORA[key].name, rs) for key in CORPORA if (rs := [r for r in mine if r["corpus"] == key])]
        parts.append("\n".join([f"## {start}\n", *_HEAD, *rows]))
    return "\n\n".join(parts) + "\n"


_HEAD = (
    "| corpus | mean test F1 | seeds | spread | mean dev F1 | mean training seconds | processors |",
    "|---|---|---|---|---|---|---|",
)


def _row(name: str, results: list[dict[str, Any]]) -> str:
    results = sorted(results, key=lambda r: r["seed"])
    test = [r["test_f1"] for r in results]
    dev, seconds = (statistics.mean(r[column] for r in results) for column in ("dev_f1", "training_seconds"))
    seeds = ", ".join(f"{r['seed']}: {r['test_f1']:.2f}" for r in results)
    spread = statistics.stdev(test) if len(test) > 1 else 0.0
    processors = ", ".join(map(str, sorted({r.get("processors", 2) for r in results})))
    return (
        f"| {name} | {statistics.mean(test):.2f} | {seeds} | {spread:.2f} | {dev:.2f} | {seconds:.0f} | {processors} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", default=list(CORPORA), metavar="CORPUS", help=", ".join(CORPORA))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--start", choices=STARTS, default="default")
    options = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    for key in options.corpora:
        for seed in options.seeds:
            with tempfile.TemporaryDirectory() as folder:
                measured = measure(key, CORPORA[key], seed, Path(folder), options=STARTS[options.start])
            result = {"start": options.start, **measured}
            print(json.dumps(result), flush=True)
            same = (options.start, key, seed)
            others = [r for r in load(LINES) if (r["start"], r["corpus"], r["seed"]) != same]
            keep(LINES, [*others, result])
            TABLE.write_text(table(load(LINES)))
    print(TABLE.read_text())


if __name__ == "__main__":
    main()
