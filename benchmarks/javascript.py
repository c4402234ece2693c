"""Measures the JavaScript module beside `Tagger.pipe` over the same texts, each pass with a newly loaded model.

    (cd js && npm ci --ignore-scripts) && python benchmarks/javascript.py [--model english] [--repeats 5]

They take turns, and the medians are compared: Python with one thread and with its default, Node with onnxruntime-node
and with onnxruntime-web, which is what browsers run. Loading is not included. Texts are sentences of UNER EWT's test
split, eight per text, read as often as the number of tokens needs.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

from corpora import DATA

import nertagger

PROGRAM = Path(__file__).parent / "programs" / "node_ner.mjs"
PER_TEXT = 8


class Pass(NamedTuple):
    """The time of one pass, in seconds by the clock and of the processor, and how many entities it found."""

    seconds: float
    processor: float
    entities: int


def main() -> None:
    """Print the medians."""
    parser = argparse.ArgumentParser(description="The JavaScript module beside Tagger.pipe.")
    parser.add_argument("--model", default="english")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--texts", type=int, default=750)
    arguments = parser.parse_args()
    texts = read_texts(arguments.texts)
    tagger = nertagger.load(arguments.model)
    tokens = sum(len(sentence) for text in texts for sentence in tagger.segment(text).sentences)
    with tempfile.TemporaryDirectory() as folder:
        model, file = Path(folder) / "model.ner", Path(folder) / "texts.json"
        tagger.save(model)
        file.write_text(json.dumps(texts), encoding="utf-8")
        runs: dict[str, Callable[[], Pass]] = {
            "Python, one thread": partial(python_pass, model, texts, threads=1),
            "Python": partial(python_pass, model, texts, threads=None),
            "Node, onnxruntime-node": partial(node_pass, model, file, "onnxruntime-node"),
            "Node, onnxruntime-web": partial(node_pass, model, file, "onnxruntime-web"),
        }
        turns = [{name: run() for name, run in runs.items()} for _ in range(arguments.repeats)]
    print(f"{tokens:,} tokens in {len(texts):,} texts, {arguments.repeats} turns, medians")
    for name in runs:
        passes = [turn[name] for turn in turns]
        clock = statistics.median(tokens / one.seconds for one in passes)
        processor = statistics.median(one.processor / tokens for one in passes)
        print(f"{name:<24}{clock:>10,.0f} tokens/s {1e6 * processor:>6.1f} µs/token {passes[0].entities:>8,} entities")


def read_texts(count: int) -> list[str]:
    """Return this many texts."""
    content = (DATA / "uner_ewt" / "test.iob2").read_text(encoding="utf-8")
    raw = [line.removeprefix("# text = ") for line in content.splitlines() if line.startswith("# text = ")]
    lines = cycle(raw)
    return [" ".join(islice(lines, PER_TEXT)) for _ in range(count)]


def python_pass(model: Path, texts: list[str], *, threads: int | None) -> Pass:
    """Tag with a newly loaded tagger."""
    tagger = nertagger.load(model, threads=threads)
    begun, processor = time.perf_counter(), time.process_time()
    entities = sum(len(document.entities) for document in tagger.pipe(texts))
    return Pass(time.perf_counter() - begun, time.process_time() - processor, entities)


def node_pass(model: Path, texts: Path, runtime: str) -> Pass:
    """Tag in a Node process of its own."""
    command = ["node", str(PROGRAM), str(model), str(texts), runtime]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return Pass(**json.loads(result.stdout))


if __name__ == "__main__":
    main()
