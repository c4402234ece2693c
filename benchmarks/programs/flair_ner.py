"""Flair's BiLSTM-CRF on word vectors (learned words where there are none) and characters, 30 epochs.

Its usual 150 epochs take hours on a CPU.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

from flair.data import Dictionary, Sentence
from flair.datasets import ColumnCorpus
from flair.embeddings import CharacterEmbeddings, OneHotEmbeddings, StackedEmbeddings, WordEmbeddings
from flair.models import SequenceTagger
from flair.trainers import ModelTrainer
from program import Program, Sentences, main, read

EPOCHS = 30


def prepare(folder: Path) -> None:
    for split in ("train", "dev", "test"):
        blocks = ("".join(f"{w}\t{t}\n" for w, t in zip(*rows, strict=True)) for rows in read(folder, split))
        (folder / f"{split}.tsv").write_text("\n".join(blocks), encoding="utf-8")


def train(folder: Path, vectors: str | None, train_on_dev: bool) -> None:
    files = {"train_file": "train.tsv", "dev_file": "dev.tsv", "test_file": "test.tsv"}
    corpus = ColumnCorpus(folder, {0: "text", 1: "ner"}, column_delimiter="\t", **files)
    letters = [word for sentence, _ in read(folder, "train") for word in sentence]
    words = _word_embeddings(folder, vectors) if vectors else OneHotEmbeddings.from_corpus(corpus)
    embeddings = StackedEmbeddings([words, CharacterEmbeddings(_characters(letters))])
    tagger = SequenceTagger(
        embeddings=embeddings,
        tag_dictionary=corpus.make_label_dictionary(label_type="ner", add_unk=False),
        tag_type="ner",
        hidden_size=100,
        rnn_layers=2,
        use_crf=True,
    )
    ModelTrainer(tagger, corpus).train(folder / "model", max_epochs=EPOCHS, train_with_dev=train_on_dev)


def _word_embeddings(folder: Path, vectors: str) -> WordEmbeddings:
    """Vectors of a gzipped text file, which Flair wants plain."""
    plain = folder / "vectors.txt"
    plain.write_bytes(gzip.decompress(Path(vectors).read_bytes()))
    return WordEmbeddings(str(plain), no_header=True)


def _characters(words: list[str]) -> Dictionary:
    """Return the characters of the training text; Flair's own list is on the network."""
    dictionary = Dictionary()
    for character in sorted({character for word in words for character in word}):
        dictionary.add_item(character)
    return dictionary


def load(folder: Path) -> Any:
    best, final = (folder / "model" / f"{name}-model.pt" for name in ("best", "final"))
    return SequenceTagger.load(best if best.exists() else final)  # nothing found on dev, and there is no best one


def tag_tokens(tagger: Any, sentences: Sentences) -> list[list[str]]:
    found = [Sentence(words) for words in sentences]
    tagger.predict(found, mini_batch_size=32)
    return [_tags(sentence) for sentence in found]


def _tags(sentence: Any) -> list[str]:
    tags = ["O"] * len(sentence)
    for span in sentence.get_spans("ner"):
        first, *rest = (token.idx - 1 for token in span)
        tags[first] = f"B-{span.tag}"
        for i in rest:
            tags[i] = f"I-{span.tag}"
    return tags


if __name__ == "__main__":
    main(Program(train, load, tag_tokens, prepare=prepare))
