"""The page: well-formed, escaped, complete, and written as documents come."""

from __future__ import annotations

import io
from html.parser import HTMLParser

from nertagger.corpus import write_documents
from nertagger.text import Document, Entity, Sentence

VOID = {"meta", "hr"}


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


def test_write_html_holds_every_character_and_entity() -> None:
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


def test_write_html_of_nothing_is_a_page() -> None:
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
