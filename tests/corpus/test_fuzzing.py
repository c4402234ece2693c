"""Readers with mutated inputs; and the fuzzing helper, which must detect readers that lose or invent entities."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from nertagger.corpus import read_documents
from nertagger.text import Document, Sentence
from tests.corpus.fuzzing import file_reader, fuzz

TABLE = b"""Ann\tB-PER
Bo\tI-PER
ran\tO
to\tO
Oslo\tB-LOC

Acme\tB-ORG
Corp\tI-ORG
sold\tO
Rome\tB-LOC

Tom\tB-PER
sat\tO
"""


def _rows(form: str, head: str = "") -> bytes:
    """Return the sentences of `TABLE` with each row formatted from {sentence}, {number}, {word} and {tag}."""
    blocks = [
        [form.format(*row.split("\t"), number=number, sentence=sentence) for number, row in enumerate(block, 1)]
        for sentence, block in enumerate((part.split("\n") for part in TABLE.decode().strip().split("\n\n")), 1)
    ]
    between = "\n" if "{sentence}" in form else "\n\n"
    return (head + between.join("\n".join(block) for block in blocks) + "\n").encode()


@pytest.mark.parametrize(("name", "original"), {
    "x.conll": TABLE,
    "spaces.conll": _rows("{0} NN - {1}", "-DOCSTART- -X- O O\n\n"),
    "numbers.conll": _rows("{number} {0} NN {1}"),
    "underscore.conll": TABLE.replace(b"-", b"_"),
    "plain.conll": TABLE.replace(b"\tB-", b"\t").replace(b"\tI-", b"\t"),
    "x.conllu": _rows("{number}\t{0}\t{1}"),
    "header.tsv": _rows("{0}\tNN\t{1}\t_", "TOKEN\tPOS\tNE-COARSE\tMISC\n"),
    "gmb.tsv": _rows("{sentence}\t{0}\tNN\t{1}", "Sentence #\tWord\tPOS\tTag\n"),
    "x.csv": _rows("Sentence: {sentence},{0},NN,{1}", "Sentence #,Word,POS,Tag\n"),
    "quoted.csv": _rows('{sentence};"{0}";"""";{1}', "sentence_id;word;pos;tag\n"),
    "naive.csv": _rows('{sentence},{0},",{1}', "sentence_id,word,pos,tag\n"),
    "blank.csv": _rows("{0},{1}", "token,ner\n"),
}.items())  # fmt: skip
def test_mutated_tables_are_read_or_rejected(tmp_path: Path, name: str, original: bytes) -> None:
    for lenient in (False, True):
        outcomes = fuzz(file_reader(tmp_path / name, lenient=lenient), original, count=500)
        assert outcomes.total() == 500
        assert outcomes["rejected"] > 10
        assert outcomes["read"] + outcomes["warned"] > 200


def test_fuzz_detects_a_reader_that_loses_entities(tmp_path: Path) -> None:
    def read(data: bytes) -> Iterable[Document]:
        (tmp_path / "x.conll").write_bytes(data)
        return [] if data.startswith(b"\n") else list(read_documents(tmp_path / "x.conll"))

    with pytest.raises(AssertionError, match="lost without a warning"):
        fuzz(read, TABLE)


def test_fuzz_detects_a_reader_that_invents_entities() -> None:
    def read(data: bytes) -> Iterable[Document]:
        label = "PER" if data == TABLE else "NEW"
        yield Document.from_sentence(Sentence.from_words(("Ann",), tags=(f"B-{label}",)))

    with pytest.raises(AssertionError, match="invented"):
        fuzz(read, TABLE, entities_per_edit=9, rewritings=())
