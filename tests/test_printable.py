"""Text made safe for terminals."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nertagger.printable import LAYOUT, PrintableStream, counted_kind, printable, printable_json


@pytest.mark.parametrize(("text", "shown"), [
    ("Ann\x1b[2J", r"Ann\x1b[2J"),
    ("\x07\x08\x00", r"\x07\x08\x00"),
    ("a\rb", r"a\rb"),
    ("\x7f", r"\x7f"),
    ("\x9b31m\x85", r"\x9b31m\x85"),
    ("\u202egnp.exe\u2066", r"\u202egnp.exe\u2066"),
    ("a\u2028b", r"a\u2028b"),
    ("\udc80", r"\udc80"),
    ("a\nb\tc", r"a\nb\tc"),
    ("Zoë 東京 👩‍👩‍👧 שלום\u200f می‌خواهم \u00a0", "Zoë 東京 👩‍👩‍👧 שלום\u200f می‌خواهم \u00a0"),
])  # fmt: skip
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_printable_keeps_layout_if_asked() -> None:
    assert printable("a\n\tb\r\x1b", keep=LAYOUT) == "a\n\tb\\r\\x1b"


@given(st.text())
def test_printable_is_idempotent(text: str) -> None:
    assert printable(printable(text)) == printable(text)


@given(st.text(st.characters(codec=None)))
def test_printable_json_has_the_same_value(text: str) -> None:
    written = printable_json(json.dumps(text, ensure_ascii=False))
    assert json.loads(written) == json.loads(json.dumps(text))
    assert printable(written) == written


def test_printable_stream_escapes_what_it_writes() -> None:
    raw = io.BytesIO()
    stream = PrintableStream(raw, encoding="utf-8")
    assert stream.write("a\x1b\n") == 3
    stream.writelines(["\x9b\t\n"])
    stream.flush()
    assert raw.getvalue() == b"a\\x1b\n\\x9b\t\n"


@pytest.mark.parametrize(("kind", "one"), [
    ("sentences without tags", "sentence without tags"),
    ("overlapping entities left out", "overlapping entity left out"),
    ("discontinuous entities read from the first character to the last",
     "discontinuous entity read from the first character to the last"),
    ("spans of doc.spans['sc'] left out", "span of doc.spans['sc'] left out"),
    ("texts of several sentences or lines kept as one", "text of several sentences or lines kept as one"),
    ("sentence boundaries inside a text", "sentence boundary inside a text"),
    ("rows with n-best labellings or posteriors, which are not read",
     "row with n-best labellings or posteriors, which are not read"),
])  # fmt: skip
def test_counted_kind_of_one_and_of_several(kind: str, one: str) -> None:
    assert counted_kind(1, kind) == f"1 {one}"
    assert counted_kind(2000, kind) == f"2,000 {kind}"
