"""Entities in brackets: as nertagger writes them, as in Markdown, and as the tagger of Illinois writes them."""

from __future__ import annotations

import io
import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nertagger.corpus import write_documents
from nertagger.corpus.detection import detect_format
from nertagger.corpus.marked.brackets import read_brackets
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text import Document, Entity
from nertagger.text.entities import document_entities
from tests.small_corpus import labels_and_texts

BAR = "[Anna Kern|PER] moved to [Oslo|LOC]. c:\\\\x \\[1] a|b\n\nNo one ran.\n"
PARENTHESES = "[Anna Kern](PER) moved to [Oslo](LOC).\nSee [1] and [this](https://x.org/a).\nI met [Bo](PER).\n"
PREFIX = "[PER Anna Kern ] moved to [LOC Oslo ] .\nShe saw [PER Bo] in [ORG Acme].\n"


def test_marks_are_entities(load) -> None:
    expected = [("PER", "Anna Kern"), ("LOC", "Oslo")]
    assert labels_and_texts(load(BAR, "x.txt")) == expected
    assert labels_and_texts(load(PARENTHESES, "x.md")) == [*expected, ("PER", "Bo")]
    assert labels_and_texts(load(PREFIX, "x")) == [*expected, ("PER", "Bo"), ("ORG", "Acme")]


def test_texts_are_those_without_marks(load) -> None:
    assert [document.text for document in load(BAR, "x.txt")] == [
        "Anna Kern moved to Oslo. c:\\x [1] a|b",
        "No one ran.",
    ]
    assert load(PARENTHESES, "x.md")[1].text == "See [1] and [this](https://x.org/a)."
    assert load(PREFIX, "x")[0].text == "Anna Kern moved to Oslo ."
    assert load("[Ann\nKern|PER] ran\nhome\n\n[Bo|PER]\n", "x.txt")[0].text == "Ann\nKern ran\nhome"


PIECES = st.text(st.sampled_from("[]|\\aB \u00e9🙂"), min_size=1, max_size=9).filter(lambda text: bool(text.strip()))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(PIECES, st.sampled_from(("PER", "a|b]", ""))), min_size=1, max_size=5))
def test_what_is_written_is_read_again(pieces: list[tuple[str, str]]) -> None:
    text, entities = "", []
    for piece, label in pieces:
        surface = piece.strip() if label else piece
        if label:
            entities.append(Entity(label, len(text), len(text) + len(surface), surface))
        text += surface
    stream = io.StringIO()
    document = Document(text, (), tuple(entities))
    write_documents(stream, [document, Document("[Ann](PER) or [PER Ann]", ())], format="marked-text")
    first, second = read_brackets(iter(stream.getvalue().splitlines(keepends=True)), Source("x"))
    assert (first.text, document_entities(first)) == (text, tuple(entities))
    assert second.text == "[Ann](PER) or [PER Ann]"


@pytest.mark.parametrize("text", [
    "[Ann|PER] ran to [Oslo|LOC]\n",
    "turn on the [lamp|device] in the [hall|room], the [fan|device] or the [tv|device] in the [den|room]\n",
    "# Met\n\n[Bo](PER) in [Oslo](LOC)\n\n- see [the page](https://x.org), [a](b.md) and [c](d/e)\n",
    "is [Bo](person) in [Oslo](city)? or in [Rome](city)\n",
    "[PER Ann] ran to [LOC Oslo]\n",
])  # fmt: skip
def test_marks_are_recognized(text: str) -> None:
    assert detect_format(text.splitlines(keepends=True)) == "marked-text"


@pytest.mark.parametrize("text", [
    "[Ann|PER] ran\n",
    "[PER Ann] ran\n",
    "As shown in [1] and [2, 3], see [Kern 2020].\n",
    "[he|she] said [his|her] name, [he|she] ran, [him|her]\n" * 5,
    "A [link](https://x.org) and [another](a.md), [one](#top), ![image](x.png), [LICENSE](LICENSE)\n",
    "[Chapter](chapter) [Notes](notes) [Index](index) [End](end)\n",
    "[[Oslo|city]] and [[Rome|city]], [[Bern|city]], [[Bonn|city]]\n",
    "[LAUGHTER] Yes. [CROSSTALK 00:12] No. [MUSIC PLAYING]\n",
    "Dear [NAME OF PERSON], of [ORG NAME], on [DATE TBD]\n",
    "[PER 1000 units] and [sic]\n",
    "x = a[i](b) + f[j](c) + g[k](b) + h[m](c)\n",
    "[a](bool) { run(); }, [b](bool) { run(); }, [c](bool) { run(); }, [d](bool) { run(); }\n",
    "usage: x [-v|verbose] [--in|file] [--out|file] [start|stop]\n",
    "[person|people] have [city|country]\n",
    "- [ ] a task\n- [x] done\n",
])  # fmt: skip
def test_other_brackets_stay_text(load, text: str) -> None:
    assert detect_format(text.splitlines(keepends=True)) == "text"
    assert "".join(document.text for document in load(text, "x.txt")) == text


def test_doubtful_marks_are_counted(load, caplog) -> None:
    text = "a [Nike|maker], a [Puma|maker], a [cap|thing]\n"
    with caplog.at_level(logging.WARNING):
        load(text, "x.txt")
    assert "1 text with brackets that are read as words (name the format marked-text if" in caplog.text
    assert len(labels_and_texts(load(text, "x.txt", format="marked-text"))) == 3


@pytest.mark.parametrize(("line", "problem"), [
    ("[Bo [Al|PER]|PER] ran", "x:2: the mark at '[Bo [...]|PER] ran' is nested or not closed; fix it, or name the"),
    ("[Bo|PER ran", "x:2: the mark at '[Bo|PER ran' is nested or not closed"),
    ("Bo|PER] ran", "x:2: the mark at '|PER] ran' is nested or not closed"),
    ("[ |PER] ran", "x:2: a mark of PER without text"),
])  # fmt: skip
def test_faulty_marks_are_errors_or_counted(load, caplog, line: str, problem: str) -> None:
    text = f"[Ann|PER] ran\n{line}\n[Oslo|LOC] is big\n"
    with pytest.raises(DataError) as caught:
        load(text, "x")
    assert str(caught.value).startswith(problem)
    with caplog.at_level(logging.WARNING):
        found = labels_and_texts(load(text, "x", lenient=True))
    assert {("PER", "Ann"), ("LOC", "Oslo")} <= set(found)
    assert "1 entity left out that could not be read, first at x:2" in caplog.text


@pytest.mark.parametrize(("good", "bad"), [
    ("[Ann](PER) saw [Bo](PER)", "[Al [Li](PER)](PER) ran"),
    ("[Ann](PER) saw [Bo](PER)", "[Al Li](PER ran"),
    ("[PER Ann] saw [PER Bo]", "[PER Al [LOC Oslo] ] ran"),
    ("[PER Ann] saw [PER Bo]", "[PER Al ran"),
])  # fmt: skip
def test_nested_and_open_marks_of_other_forms_are_errors(load, good: str, bad: str) -> None:
    with pytest.raises(DataError, match=r"^x:201: the mark at '.*' is nested or not closed"):
        load(f"{good}\n" * 200 + f"{bad}\n", "x")


def test_a_bracket_that_stays_open_joins_no_lines(load) -> None:
    texts = [document.text for document in load("[Ann|PER] saw [Al|PER] [\nBo ran\n" + "No one ran\n" * 9, "x")]
    assert texts[:3] == ["Ann saw Al [", "Bo ran", "No one ran"]
