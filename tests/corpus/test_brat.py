"""brat's pairs of files: fragments, offsets, what is no entity, and what is wrong."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from nertagger.corpus import read_documents, save_documents
from nertagger.errors import DataError
from nertagger.text import Document, Entity, Sentence

TEXT = "Ann met Bo\nin New\nYork.\n"


def load(folder: Path, annotations: str, text: str = TEXT, **options) -> Document:
    (folder / "a.txt").write_text(text, encoding="utf-8", newline="")
    (folder / "a.ann").write_text(annotations, encoding="utf-8")
    [document] = read_documents(folder / "a.ann", **options)
    return document


def test_read_brat(tmp_path: Path) -> None:
    document = load(tmp_path, "T1\tPER 0 3\tAnn\nT2\tLOC 14 17;18 22\tNew York\n")
    assert document.text == TEXT
    assert document.entities == (Entity("PER", 0, 3, "Ann"), Entity("LOC", 14, 22, "New\nYork"))
    tagged = [pair for s in document.sentences for pair in zip(s.words, s.tags or (), strict=True)]
    assert tagged[:2] == [("Ann", "B-PER"), ("met", "O")]
    assert tagged[-3:] == [("New", "B-LOC"), ("York", "I-LOC"), (".", "O")]
    assert document.sentences[-1].source in (f"{tmp_path / 'a.txt'}:1", f"{tmp_path / 'a.txt'}:2")


def test_read_brat_counts_characters_as_brat_does(tmp_path: Path) -> None:
    document = load(tmp_path, "T1\tPER 5 7\tBo\n", text="🙂\r\nA Bo\r\n")
    assert document.entities == (Entity("PER", 5, 7, "Bo"),)


def test_read_brat_reports_discontinuous_entities_and_other_lines(tmp_path: Path, caplog) -> None:
    lines = "T1\tPER 0 3;8 10\tAnn Bo\nR1\tX Arg1:T1 Arg2:T1\n#1\tAnnotatorNotes T1\tsure?\n"
    assert load(tmp_path, lines).entities == (Entity("PER", 0, 10, "Ann met Bo"),)
    name = tmp_path / "a.ann"
    assert caplog.messages == [
        f"{name}: 1 discontinuous entities read from their first character to their last, "
        f"first at {name}:1 (PER 0 3;8 10)",
        f"{name}: 2 lines left out that are not entities (relations, events, attributes, notes), first at {name}:2",
    ]


@pytest.mark.parametrize(("line", "message"), [
    ("T1\tPER 0 99\tAnn", "a.ann:1: got 'T1.tPER 0 99.tAnn', expected T1, tab, label"),
    ("T1 PER 0 3 Ann", "a.ann:1: got"),
    ("T1\tPER 1 3\tAnn", "a.ann:1: the text at 1 3 is 'nn', the line says 'Ann'"),
])  # fmt: skip
def test_read_brat_says_what_is_wrong(tmp_path: Path, line: str, message: str, caplog) -> None:
    with pytest.raises(DataError, match=message):
        load(tmp_path, line + "\n")
    load(tmp_path, line + "\n", lenient=True)
    assert len(caplog.messages) == (1 if "says" not in message else 2)  # the repaired one is inside a token


def test_read_brat_overlaps(tmp_path: Path, caplog) -> None:
    lines = "T1\tPER 0 3\tAnn\nT2\tPER 0 7\tAnn met\n"
    with pytest.raises(DataError, match="'Ann met' and 'Ann' overlap"):
        load(tmp_path, lines)
    assert load(tmp_path, lines, lenient=True).entities == (Entity("PER", 0, 7, "Ann met"),)


def test_read_brat_folder_and_absent_files(tmp_path: Path) -> None:
    load(tmp_path, "")
    (tmp_path / "deep").mkdir()
    load(tmp_path / "deep", "")
    documents = list(read_documents(tmp_path, format="brat"))
    assert [document.source for document in documents] == [str(tmp_path / "a.txt"), str(tmp_path / "deep" / "a.txt")]
    (tmp_path / "a.txt").unlink()
    with pytest.raises(DataError, match=r"a\.txt: cannot be read"):
        list(read_documents(tmp_path / "a.ann"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no file in this folder ends in"):
        list(read_documents(tmp_path / "empty", format="brat"))


def test_write_brat(tmp_path: Path) -> None:
    first = Document.from_sentence(Sentence.from_words(("Ann", "ran"), tags=("B-PER", "O")))
    second = Document("in New\nYork", (), (Entity("a place", 3, 11, "New\nYork"),))
    save_documents(tmp_path / "x.ann", [first, second])
    assert (tmp_path / "x.txt").read_text() == "Ann ran\nin New\nYork"
    assert (tmp_path / "x.ann").read_text() == "T1\tPER 0 3\tAnn\nT2\ta_place 11 14;15 19\tNew York\n"
    [again] = read_documents(tmp_path / "x.ann")
    assert [entity[:3] for entity in again.entities] == [("PER", 0, 3), ("a_place", 11, 19)]


def test_read_brat_says_in_which_line_a_sentence_begins(tmp_path: Path) -> None:
    document = load(tmp_path, "", text="One came.\n\nTwo ran. Three sat.\n")
    assert [s.source.rpartition(":")[2] for s in document.sentences] == ["1", "3", "3"]


def test_read_brat_takes_time_in_proportion(tmp_path: Path) -> None:
    line = "Ann ran.\n"
    number = 20_000
    annotations = "".join(f"T{n}\tPER {n * len(line)} {n * len(line) + 3}\tAnn\n" for n in range(number))
    begun = time.process_time()
    assert len(load(tmp_path, annotations, text=line * number).entities) == number
    assert time.process_time() - begun < 5  # a pass over all sentences for each entity would take minutes


@pytest.mark.parametrize("text", ["One.\n\nTwo.", "a\r\n\r\nb\r\n", "long " * 30_000, "x\n\n\n\ny\n"])
def test_write_brat_leaves_the_text_that_it_stands_beside(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_bytes(text.encode())
    save_documents(tmp_path / "a.ann", read_documents(tmp_path / "a.txt", format="text"))
    assert (tmp_path / "a.txt").read_bytes() == text.encode()


def test_write_brat_into_a_folder(tmp_path: Path) -> None:
    document = load(tmp_path, "T1\tPER 0 3\tAnn\n")
    folder = tmp_path / "brat"
    folder.mkdir()
    save_documents(folder, [document], format="brat")
    assert sorted(path.name for path in folder.iterdir()) == ["brat.ann", "brat.txt"]
    assert [d.entities for d in read_documents(folder, format="brat")] == [document.entities]
