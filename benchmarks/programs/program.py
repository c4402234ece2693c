"""What the programs of all taggers have in common; runs in any environment, for it needs nothing but Python.

    python NAME.py prepare|train|tag FOLDER [VECTORS]

FOLDER holds train.jsonl, dev.jsonl and test.jsonl, a sentence a row, ``{"tokens": [...], "tags": [...]}``. `train` is
timed from outside, as a process. `tag` prints one JSON object: the test split's tags, and seconds for all splits
together, from tokens to tags and from raw text to JSONL: the median of three passes, each by a tagger just loaded that
has tagged a few sentences.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import sys
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
        train: makes the model in a folder, perhaps with vectors.
        load: the model of a folder.
        tag_tokens: IOB2 tags of sentences.
        tag_texts: entities of raw texts, in order; None if it cannot cut text into words.
        prepare: what need not be timed, such as the conversion of files.
    """

    train: Callable[[Path, str | None], None]
    load: Callable[[Path], Any]
    tag_tokens: Callable[[Any, Sentences], list[list[str]]]
    tag_texts: Callable[[Any, list[str]], Spans] | None = None
    prepare: Callable[[Path], None] = lambda folder: None


def main(program: Program) -> None:
    """Do what the command line asks for."""
    command, folder, *vectors = sys.argv[1:]
    if command == "prepare":
        program.prepare(Path(folder))
    elif command == "train":
        program.train(Path(folder), vectors[0] if vectors else None)
    else:
        print(json.dumps(tag(program, Path(folder))))


def tag(program: Program, folder: Path) -> dict[str, Any]:
    """Tags of the test split, and what tagging all splits takes."""
    words = [tokens for split in ("train", "dev", "test") for tokens, _ in read(folder, split)]
    texts = [
        "\n".join(" ".join(tokens) for tokens in words[i : i + _SENTENCES_A_TEXT])
        for i in range(0, len(words), _SENTENCES_A_TEXT)
    ]
    test = [tokens for tokens, _ in read(folder, "test")]
    answer: dict[str, Any] = {"tags": program.tag_tokens(program.load(folder), test), "tokens": sum(map(len, words))}
    answer["token_seconds"] = _median(program, folder, lambda model: program.tag_tokens(model, words))
    tag_texts = program.tag_texts
    if tag_texts is not None:
        answer["text_seconds"] = _median(program, folder, lambda model: _write(tag_texts(model, texts)))
    return answer | {"peak_megabytes": _peak()}


def read(folder: Path, split: str) -> list[tuple[list[str], list[str]]]:
    """The words and tags of a split."""
    with (folder / f"{split}.jsonl").open(encoding="utf-8") as lines:
        rows = map(json.loads, lines)
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
    """The most memory that this process held, in megabytes, where Linux keeps it."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
    return int(found[1]) / 1000 if found else None
