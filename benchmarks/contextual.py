"""What contextual string features gain and cost: the default tagger with a language model's states and without them.

    python benchmarks/contextual.py LANGUAGE_MODEL [CORPUS ...] [--seeds 1 2 3]

Each corpus and seed is trained twice, the second time with ``features.language_model``, and each model is scored once
on the test split. Tokens per second are of `nertagger bench` on the test split's text, of the first seed's models, one
after the other. Results are kept in benchmarks/results/contextual.jsonl, a line a pair; the table is made from all
lines. What is there already is not measured again.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

from corpora import CORPORA, DATA
from scores import RESULTS, measure, run_json

from nertagger.corpus import read

LINES, TABLE = RESULTS / "contextual.jsonl", RESULTS / "contextual.md"
DEFAULT = ["ewt", "btc", "wnut17"]


def compare(key: str, seed: int, language_model: str, folder: Path) -> dict[str, Any]:
    """Both taggers of one corpus and seed: test and dev F1, seconds of training and, of seed 1, tokens per second."""
    pair: dict[str, Any] = {"corpus": key, "seed": seed}
    for name, settings in (("without", []), ("with", [f"features.language_model={language_model}"])):
        inner = folder / name
        inner.mkdir()
        result = measure(key, CORPORA[key], seed, inner, settings)
        pair[name] = {column: result[column] for column in ("test_f1", "dev_f1", "training_seconds")}
        if seed == 1:
            pair[name]["tokens_per_second"] = tagging_speed(inner / f"{key}-{seed}.ner", key, folder)
    return pair


def tagging_speed(model: Path, key: str, folder: Path) -> int:
    """Tokens per second from words to tags, by `nertagger bench`."""
    text = folder / "test.txt"
    text.write_text("".join(" ".join(s.words) + "\n" for s in read(DATA / CORPORA[key].test)))
    figures = run_json("bench", str(model), str(text), "--format", "lines", "--json")
    return round(statistics.median(figures["token_tokens_per_second"]))


def table(pairs: list[dict[str, Any]]) -> str:
    """Mean gain and cost of each corpus, and of all."""
    lines = [
        "| corpus | seeds | test F1 without | with | gain | dev F1 without | with | training s without | with "
        "| tokens/s without | with |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    gains = []
    for key in dict.fromkeys(pair["corpus"] for pair in pairs):
        mine = [pair for pair in pairs if pair["corpus"] == key]
        mean = {
            (name, column): statistics.mean(pair[name][column] for pair in mine)
            for name in ("without", "with")
            for column in ("test_f1", "dev_f1", "training_seconds")
        }
        gains.append(mean["with", "test_f1"] - mean["without", "test_f1"])
        speeds = next((p for p in mine if "tokens_per_second" in p["with"]), None)
        shown = [f"{speeds[name]['tokens_per_second']:,}" if speeds else "" for name in ("without", "with")]
        lines.append(
            f"| {CORPORA[key].name} | {len(mine)} | {mean['without', 'test_f1']:.2f} | {mean['with', 'test_f1']:.2f} "
            f"| {gains[-1]:+.2f} | {mean['without', 'dev_f1']:.2f} | {mean['with', 'dev_f1']:.2f} "
            f"| {mean['without', 'training_seconds']:.0f} | {mean['with', 'training_seconds']:.0f} "
            f"| {shown[0]} | {shown[1]} |"
        )
    return "\n".join([*lines, f"\nMean gain of the corpora: {statistics.mean(gains):+.2f}."]) + "\n"


def load() -> list[dict[str, Any]]:
    """The pairs so far."""
    return [json.loads(line) for line in LINES.read_text().splitlines()] if LINES.exists() else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("language_model", type=Path)
    parser.add_argument("corpora", nargs="*", default=DEFAULT, metavar="CORPUS", help=", ".join(CORPORA))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    options = parser.parse_args()
    for seed in options.seeds:
        for key in options.corpora:
            if any((pair["corpus"], pair["seed"]) == (key, seed) for pair in load()):
                continue
            with tempfile.TemporaryDirectory() as folder:
                pair = compare(key, seed, str(options.language_model.resolve()), Path(folder))
            print(json.dumps(pair), flush=True)
            LINES.write_text("".join(json.dumps(one) + "\n" for one in [*load(), pair]))
            TABLE.write_text(table(load()))
    print(TABLE.read_text())


if __name__ == "__main__":
    main()
