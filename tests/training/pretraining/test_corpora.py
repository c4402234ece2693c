"""Annotated corpora: their files, what is left out of them, and how long sentences are cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from nertagger.errors import TrainingError
from nertagger.training.pretraining.corpora import corpus_files, read_corpus
from nertagger.training.pretraining.exclusion import Exclusion

NONE = Exclusion.of([])


def write(path: Path, *sentences: str) -> str:
    blocks = ["".join(f"{token.replace('|', chr(9))}\n" for token in sentence.split()) for sentence in sentences]
    path.write_text("\n".join(blocks), encoding="utf-8")
    return str(path)


def test_files_of_a_corpus_are_joined_by_plus_signs(tmp_path: Path) -> None:
    first = write(tmp_path / "a.conll", "Bo|B-PER ran|O")
    second = write(tmp_path / "b.conll", "in|O Oslo|B-LOC")
    corpus = read_corpus(f"{first}+{second}", exclusion=NONE, max_length=9)
    assert [list(words) for words, _ in corpus.sentences] == [["Bo", "ran"], ["in", "Oslo"]]
    assert corpus.tags[0] == "O"
    assert {"S-LOC", "S-PER"} < set(corpus.tags)
    odd = write(tmp_path / "c+d.conll", "Bo|B-PER ran|O")
    assert corpus_files(odd) == [odd]


def test_sentences_are_cut_between_entities(tmp_path: Path) -> None:
    path = write(tmp_path / "a.conll", "a|O b|O New|B-LOC York|I-LOC City|I-LOC c|O d|O")
    corpus = read_corpus(path, exclusion=NONE, max_length=4)
    assert [(list(words), list(tags)) for words, tags in corpus.sentences] == [
        (["a", "b"], ["O", "O"]),
        (["New", "York", "City", "c"], ["B-LOC", "I-LOC", "E-LOC", "O"]),
        (["d"], ["O"]),
    ]
    assert len(read_corpus(path, exclusion=NONE, max_length=2).sentences) == 3  # the entity stays whole


def test_excluded_sentences_are_left_out(tmp_path: Path) -> None:
    path = write(tmp_path / "a.conll", "Bo|B-PER ran|O to|O Oslo|B-LOC", "Ann|B-PER sat|O")
    corpus = read_corpus(path, exclusion=Exclusion.of([["bo", "ran", "to", "oslo"]]), max_length=9)
    assert corpus.removed == ["exact\tBo ran to Oslo"]
    assert len(corpus.sentences) == 1
    with pytest.raises(TrainingError, match="without a single entity"):
        read_corpus(write(tmp_path / "b.conll", "a|O b|O"), exclusion=NONE, max_length=9)
