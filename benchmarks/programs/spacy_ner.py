"""spaCy's default: what `spacy init config --pipeline ner` writes, stopped by its own rule on the dev split.

Vectors, if given, are those of its vocabulary and an input of its network. To train on the dev split too, it is trained
anew on both for as many steps as the best model of the first run had.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import spacy
from program import Program, Sentences, Spans, main, read
from spacy.tokens import Doc, DocBin


def prepare(folder: Path) -> None:
    vocab = spacy.blank("en").vocab
    for name, splits in {"train": ["train"], "dev": ["dev"], "both": ["train", "dev"]}.items():
        docs = [Doc(vocab, words=words, ents=tags) for words, tags in read(folder, *splits)]
        DocBin(docs=docs).to_disk(folder / f"{name}.spacy")
    run("init", "config", str(folder / "config.cfg"), "--lang", "en", "--pipeline", "ner", "--force")


def train(folder: Path, vectors: str | None, train_on_dev: bool) -> None:
    log = folder / "log.jsonl"
    logger = ["--training.logger.@loggers", "spacy.ConsoleLogger.v2", "--training.logger.output_file", str(log)]
    static = use_vectors(folder, vectors) if vectors else []
    fit(folder, "train", *static, *logger)
    if train_on_dev:
        rows = [json.loads(line) for line in log.open(encoding="utf-8")]
        best = max(rows, key=lambda row: row["score"])["step"]
        fit(folder, "both", *static, "--training.max_steps", str(best), "--training.patience", "0")
        (folder / "model" / "model-best").rename(folder / "model" / "chosen-on-dev")
        (folder / "model" / "model-last").rename(folder / "model" / "model-best")


def use_vectors(folder: Path, vectors: str) -> list[str]:
    """Write a pipeline with these vectors, and return the options to train with them."""
    run("init", "vectors", "en", vectors, str(folder / "vectors"))
    static = ["--components.tok2vec.model.embed.include_static_vectors", "true"]
    return ["--paths.vectors", str(folder / "vectors"), *static]


def fit(folder: Path, split: str, *options: str) -> None:
    paths = ["--paths.train", str(folder / f"{split}.spacy"), "--paths.dev", str(folder / "dev.spacy")]
    run("train", str(folder / "config.cfg"), "--output", str(folder / "model"), *paths, *options)


def run(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "spacy", *arguments], check=True, stdout=subprocess.DEVNULL)


def load(folder: Path) -> Any:
    return spacy.load(folder / "model" / "model-best")


def tag_tokens(nlp: Any, sentences: Sentences) -> list[list[str]]:
    docs = nlp.pipe(Doc(nlp.vocab, words=words) for words in sentences)
    return [["-".join(filter(None, (token.ent_iob_, token.ent_type_))) for token in doc] for doc in docs]


def tag_texts(nlp: Any, texts: list[str]) -> Spans:
    docs = zip(texts, nlp.pipe(texts), strict=True)
    return ((text, [(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents]) for text, doc in docs)


if __name__ == "__main__":
    main(Program(train, load, tag_tokens, tag_texts, prepare))
