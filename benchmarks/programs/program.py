"""What the programs of all taggers have in common; it runs in any environment, since it needs only Python.

    python NAME.py prepare|train|tag FOLDER [--vectors FILE] [--train-on-dev]

FOLDER holds train.jsonl, dev.jsonl and test.jsonl, one sentence per row, ``{"tokens": [...], "tags": [...]}``. `train`
is timed from outside, as a process. `tag` prints one JSON object: the test split's tags, and seconds for all splits
together, from tokens to tags and from raw text to JSONL: the median of three passes, each by a tagger just loaded that
has tagged a few sentences; with `--scores-only` it leaves the passes out.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Sentences = list[list[str]]
Spans = Iterable[tuple[str, list[tuple[int, int, str]]]]
"""Texts with their entities: start, end, label."""

_PASSES = 3
_SENTENCES_A_TEXT = 20


@dataclass(frozen=True)
class Program:
    """A tagger.

    Attributes:
        train: writes the model of a folder, with vectors if given. With True it trains on the dev split too, after
            that split has chosen the epoch or step.
        load: loads the model of a folder.
        tag_tokens: IOB2 tags of sentences.
        tag_texts: entities of raw texts, in order; None if it cannot cut text into words.
        prepare: what need not be timed, such as the conversion of files.
    """

    train: Callable[[Path, str | None, bool], None]
    load: Callable[[Path], Any]
    tag_tokens: Callable[[Any, Sentences], list[list[str]]]
    tag_texts: Callable[[Any, list[str]], Spans] | None = None
    prepare: Callable[[Path], None] = lambda folder: None


def main(program: Program) -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["prepare", "train", "tag"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--vectors")
    parser.add_argument("--train-on-dev", action="store_true")
    parser.add_argument("--scores-only", action="store_true")
    options = parser.parse_args()
    if options.command == "prepare":
        program.prepare(options.folder)
    elif options.command == "train":
        program.train(options.folder, options.vectors, options.train_on_dev)
    else:
        print(json.dumps(tag(program, options.folder, scores_only=options.scores_only)))


def tag(program: Program, folder: Path, *, scores_only: bool = False) -> dict[str, Any]:
    """Tags of the test split, and the time that tagging all splits takes unless scores alone are asked for."""
    words = [tokens for split in ("train", "dev", "test") for tokens, _ in read(folder, split)]
    texts = [
        "\n".join(" ".join(tokens) for tokens in words[i : i + _SENTENCES_A_TEXT])
        for i in range(0, len(words), _SENTENCES_A_TEXT)
    ]
    test = [tokens for tokens, _ in read(folder, "test")]
    answer: dict[str, Any] = {"tags": program.tag_tokens(program.load(folder), test), "tokens": sum(map(len, words))}
    if scores_only:
        return answer
    answer["token_seconds"] = _median(program, folder, lambda model: program.tag_tokens(model, words))
    tag_texts = program.tag_texts
    if tag_texts is not None:
        answer["text_seconds"] = _median(program, folder, lambda model: _write(tag_texts(model, texts)))
    return answer | {"peak_megabytes": _peak()}


def read(folder: Path, *splits: str) -> list[tuple[list[str], list[str]]]:
    """Return the words and tags of the sentences of these splits."""
    rows = [json.loads(line) for split in splits for line in (folder / f"{split}.jsonl").open(encoding="utf-8")]
    return [(row["tokens"], row["tags"]) for row in rows]


def _median(program: Program, folder: Path, task: Callable[[Any], object]) -> float:
    seconds = []
    for _ in range(_PASSES):
        model = program.load(folder)
        program.tag_tokens(model, [["Anna", "lives", "in", "Oslo", "."]] * 20)
        began = time.perf_counter()
        task(model)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def _write(found: Spans) -> None:
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        for text, entities in found:
            rows = [{"start": start, "end": end, "label": label} for start, end, label in entities]
            nowhere.write(json.dumps({"text": text, "entities": rows}, ensure_ascii=False) + "\n")


def _peak() -> float | None:
    """Return the most memory that this process held, in megabytes, where Linux keeps it."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
    return int(found[1]) / 1000 if found else None
