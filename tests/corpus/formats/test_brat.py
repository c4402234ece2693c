"""brat standoff: fragments, offsets, other annotations, and malformed lines."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from nertagger.corpus import read_documents, save_documents
from nertagger.errors import DataError, NerTaggerError
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


def test_read_brat_counts_code_points(tmp_path: Path) -> None:
    document = load(tmp_path, "T1\tPER 5 7\tBo\n", text="🙂\r\nA Bo\r\n")
    assert document.entities == (Entity("PER", 5, 7, "Bo"),)


def test_read_brat_counts_discontinuous_entities_and_other_lines(tmp_path: Path, caplog) -> None:
    lines = "T1\tPER 0 3;8 10\tAnn Bo\nR1\tX Arg1:T1 Arg2:T1\n#1\tAnnotatorNotes T1\tsure?\n"
    assert load(tmp_path, lines).entities == (Entity("PER", 0, 10, "Ann met Bo"),)
    name = tmp_path / "a.ann"
    assert caplog.messages == [
        f"{name}: 1 line without an entity left out (relations), first at {name}:2",
        f"{name}: 1 line without an entity left out (notes), first at {name}:3",
        f"{name}: 1 discontinuous entity read from the first character to the last, first at {name}:1 (PER 0 3;8 10)",
    ]


@pytest.mark.parametrize(("line", "message"), [
    ("T1\tPER 0 99\tAnn", "a.ann:1: got 'T1.tPER 0 99.tAnn', expected T1, tab, label"),
    ("T1 PER 0 3 Ann", "a.ann:1: got"),
    ("T1\tPER 1 3\tAnn", "a.ann:1: the text at 1 3 is 'nn', the line says 'Ann'"),
    ("T1\tPER 3 3\t", "a.ann:1: got"),
    ("T1\tPER 7 4\tmet", "a.ann:1: got"),
    (f"T1\tPER 0 {'9' * 5000}\tAnn", "a.ann:1: got"),
    ("t1\tPER 0 3\tAnn", "a.ann:1: got"),
    ("1\tPER 0 3\tAnn", "a.ann:1: got"),
])  # fmt: skip
def test_read_brat_raises_for_malformed_lines(tmp_path: Path, line: str, message: str, caplog) -> None:
    with pytest.raises(DataError, match=message):
        load(tmp_path, line + "\n")
    assert load(tmp_path, line + "\n", lenient=True).entities == ()
    assert len(caplog.messages) == 1


OTHER_LINES = {
    "R1\tCause Arg1:T1 Arg2:T2": "relations",
    "*\tAlias T1 T2": "equivalences",
    "E1\tLive:T1 Who:T2": "events",
    "A1\tNegated T1": "attributes",
    "M1\tNegated T1": "attributes",
    "N1\tReference T1 Wikidata:Q1\tAnn": "normalizations",
    "#1\tAnnotatorNotes T1\tsure?": "notes",
}


@pytest.mark.parametrize("line", OTHER_LINES)
def test_read_brat_counts_other_annotations(tmp_path: Path, line: str, caplog) -> None:
    assert load(tmp_path, line + "\n").entities == ()
    assert f"1 line without an entity left out ({OTHER_LINES[line]})" in caplog.messages[0]


@pytest.mark.parametrize(("text", "line", "place"), [
    ("Ann\r\nmet\r\nBo\r\n", "T2\tPER 8 10\tBo", (10, 12)),  # brat counts \\r\\n as one character
    ("\ufeffAnn met Bo", "T2\tPER 9 11\tBo", (8, 10)),  # the byte order mark counts as a character
    ("\ufeffAnn\r\nmet\r\nBo", "T2\tPER 9 11\tBo", (10, 12)),  # both
    ("Ann \U0001f642 met Bo", "T2\tPER 11 13\tBo", (10, 12)),  # UTF-16 code units, as in JavaScript
    ("Ann met\r\nBo\r\n", "T2\tPER 8 13\tmet Bo", None),  # no convention matches
])  # fmt: skip
def test_read_brat_detects_the_offset_convention(
    tmp_path: Path, text: str, line: str, place: tuple[int, int] | None, caplog
) -> None:
    if place is None:
        with pytest.raises(DataError, match=r"a\.ann:1: the text at 8 13 is"):
            load(tmp_path, line, text=text)
        assert load(tmp_path, line, text=text, lenient=True).entities == ()
        return
    document = load(tmp_path, line, text=text)
    assert [entity[1:4] for entity in document.entities] == [(*place, "Bo")]
    assert "1 entity moved to the text that the line quotes, as offsets count" in caplog.messages[0]


def test_read_brat_prefers_offsets_in_characters(tmp_path: Path) -> None:
    text = "Bo\r\nBo Bo Bo\r\n"
    document = load(tmp_path, "T1\tPER 0 2\tBo\nT2\tPER 4 6\tBo\nT3\tPER 7 9\tBo\n", text=text)
    assert [entity.start for entity in document.entities] == [0, 4, 7]


def test_read_brat_lenient_leaves_out_contradictory_lines(tmp_path: Path, caplog) -> None:
    lines = "T1\tPER 0 3\tAnn\nT2\tPER 4 8\tmeet\nT3\tPER 8 10\tBo\n"
    document = load(tmp_path, lines, lenient=True)
    assert [entity.text for entity in document.entities] == ["Ann", "Bo"]
    [message] = caplog.messages
    assert "1 entity left out whose text is not the one at the offsets" in message
    assert message.endswith("a.ann:2")


def test_read_brat_fragments_in_the_order_of_the_line(tmp_path: Path) -> None:
    document = load(tmp_path, "T1\tX 8 10;0 3\tBo Ann\n")
    assert document.entities == (Entity("X", 0, 10, "Ann met Bo"),)


def test_read_brat_with_carriage_returns_as_line_ends(tmp_path: Path) -> None:
    document = load(tmp_path, "T1\tPER 0 3\tAnn\rT2\tPER 8 10\tBo\r", text="Ann met\rBo\r")
    assert [entity.text for entity in document.entities] == ["Ann", "Bo"]
    assert document.text == "Ann met\rBo\r"


def test_read_brat_counts_duplicate_entities(tmp_path: Path, caplog) -> None:
    document = load(tmp_path, "T1\tPER 0 3\tAnn\nT2\tPER 0 3\tAnn\n")
    assert document.entities == (Entity("PER", 0, 3, "Ann"),)
    assert "1 duplicate entity read once" in caplog.messages[0]


def test_read_brat_without_entities_is_annotated(tmp_path: Path) -> None:
    assert all(sentence.tags is not None for sentence in load(tmp_path, "").sentences)


def test_read_brat_overlaps(tmp_path: Path, caplog) -> None:
    lines = "T1\tPER 0 3\tAnn\nT2\tPER 0 7\tAnn met\n"
    with pytest.raises(DataError, match=r"a\.ann:1: entities 'Ann met' and 'Ann' overlap \(the first is in line 2\)"):
        load(tmp_path, lines)
    with pytest.raises(DataError, match=r"a\.ann:3: entities 'Ann met' and 'met' overlap"):
        load(tmp_path, "T1\tPER 8 10\tBo\nT2\tPER 0 7\tAnn met\nT3\tPER 4 7\tmet\n")
    assert load(tmp_path, lines, lenient=True).entities == (Entity("PER", 0, 7, "Ann met"),)


def test_read_brat_folders_and_missing_files(tmp_path: Path) -> None:
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


def test_read_brat_counts_unpaired_texts_of_a_folder(tmp_path: Path, caplog) -> None:
    load(tmp_path, "T1\tPER 0 3\tAnn\n")
    (tmp_path / "b.txt").write_text("Bo sat.")
    (tmp_path / "._a.ann").write_bytes(b"\x00\x05")  # macOS writes such files
    assert len(list(read_documents(tmp_path, format="brat"))) == 1
    assert "1 text without .ann file left out" in caplog.messages[0]
    assert f"{tmp_path / 'b.txt'}:1" in caplog.messages[0]
    with pytest.raises(DataError, match=r"b\.ann: cannot be read: .*read it as text"):
        list(read_documents(tmp_path / "b.txt", format="brat"))


def test_read_brat_counts_unpaired_annotations_of_a_folder(tmp_path: Path, caplog) -> None:
    load(tmp_path, "T1\tPER 0 3\tAnn\n")
    (tmp_path / "b.ann").write_text("T1\tPER 0 2\tBo\n")
    with pytest.raises(DataError, match=r"b\.ann:1: its text is missing, expected b\.txt"):
        list(read_documents(tmp_path, format="brat"))
    assert len(list(read_documents(tmp_path, format="brat", lenient=True))) == 1
    assert "1 annotation without .txt file left out" in caplog.messages[0]


def test_read_brat_logs_counts_once_per_folder(tmp_path: Path, caplog) -> None:
    for name in "abc":
        (tmp_path / name).mkdir()
        load(tmp_path / name, "R1\tX Arg1:T1 Arg2:T2\n")
    caplog.clear()
    list(read_documents(tmp_path, format="brat"))
    [message] = caplog.messages
    assert message.startswith(f"{tmp_path}: 3 lines without an entity left out")


def test_write_brat(tmp_path: Path) -> None:
    first = Document.from_sentence(Sentence.from_words(("Ann", "ran"), tags=("B-PER", "O")))
    second = Document("in New\nYork", (), (Entity("a place", 3, 11, "New\nYork"),))
    save_documents(tmp_path / "x.ann", [first, second])
    assert (tmp_path / "x.txt").read_text() == "Ann ran\nin New\nYork"
    assert (tmp_path / "x.ann").read_text() == "T1\tPER 0 3\tAnn\nT2\ta_place 11 14;15 19\tNew York\n"
    [again] = read_documents(tmp_path / "x.ann")
    assert [entity[:3] for entity in again.entities] == [("PER", 0, 3), ("a_place", 11, 19)]


def written(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir()) if path.is_file()}


ANN_RAN = Document.from_sentence(Sentence.from_words(("Ann", "ran"), tags=("B-PER", "O")))
BO_SAT = Document.from_sentence(Sentence.from_words(("Bo", "sat"), tags=("B-PER", "O")))


@pytest.mark.parametrize(("name", "files"), [
    ("x.ann", ["x.ann", "x.txt"]), ("x.txt", ["x.ann", "x.txt"]), ("x", ["x.ann", "x.txt"]),
    ("x.brat", ["x.brat.ann", "x.brat.txt"]), ("x.v1", ["x.v1.ann", "x.v1.txt"]),
    ("a.b.c.ann", ["a.b.c.ann", "a.b.c.txt"]), ("new.d/", ["new.d.ann", "new.d.txt"]),
])  # fmt: skip
def test_write_brat_names(tmp_path: Path, name: str, files: list[str]) -> None:
    save_documents(f"{tmp_path}/{name}", [ANN_RAN], format="brat")
    assert sorted(path.name for path in tmp_path.rglob("*.*") if path.is_file()) == files
    [again] = read_documents(f"{tmp_path}/{name}".rstrip("/"), format="brat")
    assert again.entities == (Entity("PER", 0, 3, "Ann"),)


def test_write_brat_compressed(tmp_path: Path) -> None:
    save_documents(tmp_path / "x.ann.gz", [ANN_RAN])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.ann.gz", "x.txt.gz"]
    [again] = read_documents(tmp_path / "x.ann.gz")
    assert again.entities == (Entity("PER", 0, 3, "Ann"),)


@pytest.mark.parametrize("name", ["x.ann", "x.txt", "x.brat"])
@pytest.mark.parametrize("content", ["my own", "", "Ann ran and more", "T1\tPER 0 3\tAnn\nT2", b"\xff"])
def test_write_brat_does_not_replace_other_files(tmp_path: Path, name: str, content: str | bytes) -> None:
    raw = content if isinstance(content, bytes) else content.encode()
    base = "x.brat" if name == "x.brat" else "x"
    for other in (f"{base}.txt", f"{base}.ann"):
        (tmp_path / other).write_bytes(raw)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(NerTaggerError, match="exists already with other content, and was not named"):
        save_documents(tmp_path / name, [ANN_RAN], format="brat")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("name", ["x.ann", "x.txt", "x.brat"])
def test_write_brat_twice(tmp_path: Path, name: str) -> None:
    save_documents(tmp_path / name, [ANN_RAN], format="brat")
    first = written(tmp_path)
    save_documents(tmp_path / name, [ANN_RAN], format="brat")
    assert written(tmp_path) == first
    with pytest.raises(NerTaggerError, match="remove it, or write under another name"):
        save_documents(tmp_path / name, [BO_SAT], format="brat")
    assert written(tmp_path) == first


def test_write_brat_writes_nothing_if_a_reader_fails(tmp_path: Path) -> None:
    def documents():
        yield ANN_RAN
        raise DataError("the reader's own")

    (tmp_path / "x.txt").write_text("Ann ran")
    with pytest.raises(DataError, match="the reader's own"):
        save_documents(tmp_path / "x.ann", documents())
    assert written(tmp_path) == {"x.txt": "Ann ran"}


def test_write_brat_with_an_entity_that_is_a_line_end(tmp_path: Path) -> None:
    save_documents(tmp_path / "x.ann", [Document("a\nb", (), (Entity("X", 1, 2, "\n"),))])
    assert (tmp_path / "x.ann").read_text() == "T1\tX 1 2\t \n"
    [again] = read_documents(tmp_path / "x.ann")
    assert again.entities == (Entity("X", 1, 2, "\n"),)


@pytest.mark.parametrize(("label", "held"), [
    ("Date of Birth", "Date_of_Birth"), ("a\tb", "a_b"), ("a\nb", "a_b"), ("a\u00a0b", "a_b"), (" ", "_"),
])  # fmt: skip
def test_write_brat_logs_changed_labels(tmp_path: Path, label: str, held: str, caplog) -> None:
    save_documents(tmp_path / "x.ann", [Document("May", (), (Entity(label, 0, 3, "May"),))])
    assert (tmp_path / "x.ann").read_text() == f"T1\t{held} 0 3\tMay\n"
    kind = "label with white space, which brat does not hold, written with _ instead"
    assert caplog.messages == [f"{tmp_path / 'x.ann'}: 1 {kind}, first {label!r} as {held!r}"]


def test_read_brat_sets_the_line_of_each_sentence(tmp_path: Path) -> None:
    document = load(tmp_path, "", text="One came.\n\nTwo ran. Three sat.\n")
    assert [s.source.rpartition(":")[2] for s in document.sentences] == ["1", "3", "3"]


def test_read_brat_takes_linear_time(tmp_path: Path) -> None:
    line = "Ann ran.\n"
    number = 20_000
    annotations = "".join(f"T{n}\tPER {n * len(line)} {n * len(line) + 3}\tAnn\n" for n in range(number))
    begun = time.process_time()
    assert len(load(tmp_path, annotations, text=line * number).entities) == number
    assert time.process_time() - begun < 5  # a quadratic algorithm would take minutes


@pytest.mark.parametrize("text", ["One.\n\nTwo.", "a\r\n\r\nb\r\n", "long " * 30_000, "x\n\n\n\ny\n"])
def test_write_brat_keeps_an_equal_text(tmp_path: Path, text: str) -> None:
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
