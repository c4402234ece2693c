"""spaCy's default: what `spacy init config --pipeline ner` writes, stopped by its own rule on the dev split."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import spacy
from program import Program, Sentences, Spans, main, read
from spacy.tokens import Doc, DocBin


def prepare(folder: Path) -> None:
    vocab = spacy.blank("en").vocab
    for split in ("train", "dev"):
        docs = [Doc(vocab, words=words, ents=tags) for words, tags in read(folder, split)]
        DocBin(docs=docs).to_disk(folder / f"{split}.spacy")
    run("init", "config", str(folder / "config.cfg"), "--lang", "en", "--pipeline", "ner", "--force")


def train(folder: Path, vectors: str | None) -> None:
    paths = ["--paths.train", str(folder / "train.spacy"), "--paths.dev", str(folder / "dev.spacy")]
    run("train", str(folder / "config.cfg"), "--output", str(folder / "model"), *paths)


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
