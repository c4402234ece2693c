"""nertagger with its default configuration, without the encoder, whose data the other taggers do not have."""

from __future__ import annotations

import sys
from pathlib import Path

from program import Program, Sentences, Spans, main

from nertagger.cli import main as command
from nertagger.runtime import Tagger


def train(folder: Path, vectors: str | None, train_on_dev: bool) -> None:
    files = ["--train", str(folder / "train.jsonl"), "--dev", str(folder / "dev.jsonl")]
    options = ["--encoder", "none", *(["--vectors", vectors] if vectors else [])]
    if not train_on_dev:
        options += ["--set", "training.refit=0", "--set", "training.schedule=linear"]
    if command(["train", *files, *options, "--out", str(folder / "model" / "model.ner"), "--quiet"]):
        sys.exit(1)


def load(folder: Path) -> Tagger:
    return Tagger.load(folder / "model" / "model.ner")


def tag_texts(tagger: Tagger, texts: list[str]) -> Spans:
    return ((d.text, [(e.start, e.end, e.label) for e in d.entities]) for d in tagger.pipe(texts))


def tag_tokens(tagger: Tagger, sentences: Sentences) -> list[list[str]]:
    return tagger.tag_tokens(sentences)


def prepare(folder: Path) -> None:
    (folder / "model").mkdir(exist_ok=True)


if __name__ == "__main__":
    main(Program(train, load, tag_tokens, tag_texts, prepare))
