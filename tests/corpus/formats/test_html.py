"""The page: well-formed, escaped, complete, and written as documents come."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import pytest

from nertagger.corpus import write_documents
from nertagger.text import Document, Entity, Sentence

VOID = {"meta", "link", "hr"}


class Page(HTMLParser):
    """Checks that tags nest; collects the passages and the marks' contents."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.passages: list[str] = []
        self.marks: list[tuple[str, str]] = []
        self.legend = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        if tag == "p":
            self.passages.append("")
        if tag == "mark":
            self.marks.append(("", ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "footer" in self.open:
            self.legend += data
        elif "b" in self.open:
            self.marks[-1] = (self.marks[-1][0], data)
        elif "p" in self.open:
            self.passages[-1] += data
            if "mark" in self.open:
                self.marks[-1] = (data, "")


def page(*documents: Document) -> tuple[Page, str]:
    stream = io.StringIO()
    write_documents(stream, documents, format="html")
    return Page(stream.getvalue()), stream.getvalue()


def test_write_html_keeps_every_character_and_entity() -> None:
    hostile = "<script>alert('x')</script> & Ann\n  <b>שלום</b>\n\n"
    entities = (Entity("<P&R>", 0, 8, "<script>", 0.987), Entity("LOC", 30, 33, "Ann"))
    tagged = Document.from_sentence(Sentence.from_words(("Bo", "sat"), tags=("B-LOC", "O")))
    parsed, text = page(Document(hostile, (), entities, source="a&b.txt"), tagged, Document("\n", ()))
    assert parsed.passages == [hostile.rstrip("\n"), "Bo sat"]
    assert parsed.marks[:3] == [("<script>", "<P&R>"), ("Ann", "LOC"), ("Bo", "LOC")]
    assert "<script" not in text
    assert "http" not in text  # one file, nothing fetched
    assert 'title="98.7%"' in text
    assert parsed.legend.split() == ["LOC", "2", "<P&R>", "1"] or parsed.legend.split() == ["LOC2", "<P&R>1"]


def test_write_html_without_documents_is_a_page() -> None:
    parsed, text = page()
    assert parsed.passages == []
    assert "No entities." in text


def test_write_html_gives_each_label_one_colour() -> None:
    entities = tuple(Entity(f"L{i % 30}", i, i + 1, "x") for i in range(60))
    _, text = page(Document("x" * 60, (), entities))
    hues = {piece.split('"')[0] for piece in text.split("--hue:")[1:]}
    assert len(hues) == 30


def test_write_html_streams() -> None:
    stream = io.StringIO()

    def documents():
        yield Document("first", ())
        assert "first" in stream.getvalue()
        yield Document("second", ())

    write_documents(stream, documents(), format="html")


def test_write_html_has_no_empty_marks() -> None:
    text = "in San\n\nFrancisco and\r\nNew \nYork."
    entities = (Entity("LOC", 3, 17, text[3:17]), Entity("LOC", 23, 32, text[23:32]))
    parsed, _ = page(Document(text, (), entities))
    assert parsed.passages == [text]
    assert parsed.marks[:-1] == [("San", ""), ("Francisco", "LOC"), ("New", ""), ("York", "LOC")]
    assert parsed.legend.split() == ["LOC2"]


RULE, HEADING, PASSAGE = "<hr>", "<h2>", "<p "


@pytest.mark.parametrize(("documents", "shown"), [
    ([("a", "x", True)], [HEADING, PASSAGE]),
    ([("a", "x", True), ("a", "y", True)], [HEADING, PASSAGE, RULE, PASSAGE]),
    ([("a", "x", True), ("a", "y", False)], [HEADING, PASSAGE, PASSAGE]),
    ([("a", "", True), ("a", "", True), ("a", "x", True), ("a", "\n", True), ("a", "", True), ("a", "y", False)],
     [HEADING, PASSAGE, RULE, PASSAGE]),
    ([("a", "x", True), ("a", "", True), ("b", "y", True)], [HEADING, PASSAGE, HEADING, PASSAGE]),
    ([("", "x", True), ("", "y", True)], [PASSAGE, RULE, PASSAGE]),
    ([("a", "x", True), ("a", "", True)], [HEADING, PASSAGE]),
])  # fmt: skip
def test_write_html_has_one_rule_between_passages(documents: list[tuple[str, str, bool]], shown: list[str]) -> None:
    _, text = page(*(Document(text, (), source=source, opens=opens) for source, text, opens in documents))
    assert re.findall(f"{RULE}|{HEADING}|{PASSAGE}", text) == shown


def test_write_html_shows_control_characters() -> None:
    text = "a\x00b\x1bc\x7fd\x85e\tf"
    parsed, written = page(Document(text, (), (Entity("L\x1b\x00", 0, 1, "a"),), source="x\x07"))
    assert parsed.passages == ["a\u2400b\u241bc\u2421d\ufffde\tf"]
    assert parsed.marks[:-1] == [("a", "L\u241b\u2400")]
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", written)
