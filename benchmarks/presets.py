"""The presets beside spaCy: F1, training time and size, and tokens per second on the same text in one run.

    python benchmarks/presets.py --spacy-python PEERS/bin/python [--corpus wikigold] [--text ewt] [--rounds 3] [--test]

Every tagger is trained on one corpus, and tags the raw text of another one, in turn, as often as there are rounds; each
in a process of its own, on an otherwise idle machine. The rates are medians of the rounds. Without `--test` the test
split is not read. The table is written to benchmarks/results/presets.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, get_args

from corpora import CORPORA, DATA, Corpus
from peers import model_files
from scores import run_json
from taggers import Peer, write_splits

from nertagger.config import Preset

RESULT = Path(__file__).parent / "results" / "presets.md"
NERTAGGER = Peer("nertagger", "nertagger", sys.executable, "nertagger_ner.py")
HEAD = [
    "| tagger | {split} F1 | training s | tokens/s from raw text | times spaCy | tokens/s from tokens | model MB |",
    "|---|---|---|---|---|---|---|",
]


def train_preset(preset: str, corpus: Corpus, folder: Path, *, test: bool) -> dict[str, Any]:
    """Train a preset into a folder; return its F1 in points, and the seconds of the training."""
    model = folder / "model" / "model.ner"
    splits = [("--train", path) for path in corpus.train] + [("--dev", corpus.dev)]
    files = [part for option, path in splits for part in (option, str(DATA / path))]
    began = time.perf_counter()
    found = run_json("train", "--preset", preset, *files, "--out", str(model), "--json")["dev"]
    seconds = time.perf_counter() - began
    if test:
        found = run_json("evaluate", str(model), str(DATA / corpus.test), "--json")
    return {"f1": 100 * found["micro"]["f1"], "seconds": seconds}


def train_spacy(peer: Peer, corpus: Corpus, folder: Path) -> dict[str, Any]:
    """Train spaCy into a folder; return the seconds of the training."""
    write_splits(corpus, folder)
    peer.prepare(folder)
    return {"seconds": peer.train(folder)}


def row(name: str, result: dict[str, Any], rates: list[tuple[float, float]], spacy: float) -> str:
    """Return a row of the table; `rates` are tokens per second from raw text and from tokens, of each round."""
    text, tokens = (statistics.median(column) for column in zip(*rates, strict=True))
    f1 = f"{result['f1']:.2f}" if "f1" in result else "-"
    return (
        f"| {name} | {f1} | {result['seconds']:.0f} | {text:,.0f} | {text / spacy:.1f} | {tokens:,.0f} "
        f"| {result['megabytes']:.1f} |"
    )


def table(options: argparse.Namespace, root: Path) -> list[str]:
    """Train and time all taggers; return the lines of the table."""
    corpus, text = CORPORA[options.corpus], CORPORA[options.text]
    spacy = Peer("spacy", "spacy", options.spacy_python, "spacy_ner.py")
    results: dict[str, dict[str, Any]] = {}
    for name in ("spacy", *get_args(Preset)):
        folder = root / name
        (folder / "model").mkdir(parents=True)
        is_spacy = name == "spacy"
        results[name] = (
            train_spacy(spacy, corpus, folder) if is_spacy else train_preset(name, corpus, folder, test=options.test)
        )
        results[name]["megabytes"] = sum(path.stat().st_size for path in model_files(folder / "model")) / 1e6
        write_splits(text, folder)  # what is tagged from here on
    rates: dict[str, list[tuple[float, float]]] = {name: [] for name in results}
    for _ in range(options.rounds):
        for name, known in rates.items():
            answer = (spacy if name == "spacy" else NERTAGGER).tag(root / name)
            known.append((answer["tokens"] / answer["text_seconds"], answer["tokens"] / answer["token_seconds"]))
    reference = statistics.median(rate for rate, _ in rates["spacy"])
    head = [line.format(split="test" if options.test else "dev") for line in HEAD]
    return [*head, *(row(name, results[name], known, reference) for name, known in rates.items())]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spacy-python", required=True, help="the Python of an environment that has spaCy")
    parser.add_argument("--corpus", default="wikigold", choices=CORPORA, help="what is trained on")
    parser.add_argument("--text", default="ewt", choices=CORPORA, help="what is tagged")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--test", action="store_true", help="score each model once on the test split")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = table(options, Path(folder))
    title = f"# The presets, trained on {CORPORA[options.corpus].name}, tagging {CORPORA[options.text].name}"
    machine = f"{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}."
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text("\n".join([title, "", *lines, "", machine]) + "\n")
    print(RESULT.read_text())


if __name__ == "__main__":
    main()
