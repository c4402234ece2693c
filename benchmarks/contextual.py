"""Measures what contextual string embeddings gain and cost: the default tagger with and without a language model.

    python benchmarks/contextual.py LANGUAGE_MODEL [CORPUS ...] [--seeds 1 2 3]

Each corpus and seed is trained with ``features.language_model`` and scored once on the test split; the score without it
is the line of that corpus and seed in benchmarks/results/scores.jsonl (`scores.py`). Results are kept in
benchmarks/results/contextual.jsonl, one line per model; the table is made from all lines. Models that have a line are
not measured again. At the end, both taggers are trained on WNUT-17 with seed 1 and tag its test split, for the speed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

import scores
from corpora import CORPORA, DATA
from lines import keep, load

from nertagger.corpus import read

LINES, TABLE = scores.RESULTS / "contextual.jsonl", scores.RESULTS / "contextual.md"
DEFAULT = ["wnut17", "btc", "ewt"]
Results = list[dict[str, Any]]


def speeds(language_model: str) -> str:
    """Return seconds of training and tokens per second, from words to tags, without and with the language model."""
    lines = ["| WNUT-17, seed 1 | training s | tokens/s from tokens |", "|---|---|---|"]
    for name, settings in (("without", []), ("with", [f"features.language_model={language_model}"])):
        with tempfile.TemporaryDirectory() as folder:
            result = scores.measure("wnut17", CORPORA["wnut17"], 1, Path(folder), settings=settings)
            text = Path(folder) / "test.txt"
            text.write_text("".join(" ".join(s.words) + "\n" for s in read(DATA / CORPORA["wnut17"].test)))
            model = str(Path(folder) / "wnut17-1.ner")
            figures = scores.run_json("bench", model, str(text), "--format", "lines", "--json")
        rate = statistics.median(figures["token_tokens_per_second"])
        lines.append(f"| {name} | {result['training_seconds']:.0f} | {rate:,.0f} |")
    return "\n".join(lines) + "\n"


def table(found: Results) -> str:
    """Return the mean gain per corpus, and of all."""
    lines = [
        "| corpus | seeds | test F1 without | with | gain | dev F1 without | with |",
        "|---|---|---|---|---|---|---|",
    ]
    gains = []
    for key in dict.fromkeys(result["corpus"] for result in found):
        mine = [result for result in found if result["corpus"] == key]
        seeds = [result["seed"] for result in mine]
        without = [r for r in load(scores.LINES) if r["corpus"] == key and r["seed"] in seeds]
        means = [statistics.mean(r[c] for r in rs) for c in ("test_f1", "dev_f1") for rs in (without, mine)]
        gains.append(means[1] - means[0])
        shown = [f"{means[0]:.2f}", f"{means[1]:.2f}", f"{gains[-1]:+.2f}", f"{means[2]:.2f}", f"{means[3]:.2f}"]
        lines.append(f"| {CORPORA[key].name} | {len(mine)} | {' | '.join(shown)} |")
    return "\n".join([*lines, f"\nMean gain of the corpora: {statistics.mean(gains):+.2f}."]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("language_model", type=Path)
    parser.add_argument("corpora", nargs="*", default=DEFAULT, metavar="CORPUS", help=", ".join(CORPORA))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    options = parser.parse_args()
    language_model = str(options.language_model.resolve())
    wanted = [(key, seed) for seed in options.seeds for key in options.corpora]
    for key, seed in wanted:
        if any((r["corpus"], r["seed"]) == (key, seed) for r in load(LINES)):
            continue
        with tempfile.TemporaryDirectory() as folder:
            settings = [f"features.language_model={language_model}"]
            result = scores.measure(key, CORPORA[key], seed, Path(folder), settings=settings)
        print(json.dumps(result), flush=True)
        keep(LINES, [*load(LINES), result])
        TABLE.write_text(table(load(LINES)))
    TABLE.write_text(f"{table(load(LINES))}\n{speeds(language_model)}")
    print(TABLE.read_text())


if __name__ == "__main__":
    main()
