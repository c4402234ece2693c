"""Raw files as passages: together the whole file, each of bounded size and divided at the best place."""

from __future__ import annotations

import io
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nertagger.text.passages import read_passages
from nertagger.text.tokenization.tokenizer import token_spans

TEXTS = st.text(st.sampled_from("ab. \n\n\r\t!B1-北\u0301\ud800\xa0"), max_size=120)


def passages(text: str, **options: int) -> list[str]:
    return [passage for _, passage in read_passages(io.StringIO(text, newline=""), **options)]


@settings(max_examples=300)
@given(text=TEXTS, bound=st.integers(1, 60), as_file=st.booleans())
def test_passages_are_the_whole_text_in_pieces_within_the_bound(text: str, bound: int, as_file: bool) -> None:
    source = io.StringIO(text, newline="") if as_file else text.splitlines(keepends=True)
    found = list(read_passages(source, bound=bound))
    assert "".join(passage for _, passage in found) == text
    assert all(0 < len(passage) <= bound for _, passage in found)
    assert all(text.startswith(passage, offset) for offset, passage in found)
    assert [offset for offset, _ in found] == [sum(len(p) for _, p in found[:n]) for n in range(len(found))]


@settings(max_examples=300)
@given(text=TEXTS, bound=st.integers(20, 60))
def test_no_word_is_divided_unless_it_is_longer_than_the_bound(text: str, bound: int) -> None:
    pieces = text.split()
    found = passages(text, bound=bound)
    if max(map(len, pieces), default=0) < bound:
        assert [piece for passage in found for piece in passage.split()] == pieces


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\nb\n", ["a\nb\n"]),
        ("a\nb\n\nc\n", ["a\nb\n\n", "c\n"]),
        ("a\n\n\n\nb", ["a\n\n", "\n\nb"]),
        ("\n\na\n", ["\n\na\n"]),
        ("a\n \t\nb", ["a\n \t\n", "b"]),
        ("a\r\n\r\nb\r\n", ["a\r\n\r\n", "b\r\n"]),
        ("a\n\n", ["a\n\n"]),
        ("a\n\n\n", ["a\n\n", "\n"]),
        (" \n", [" \n"]),
    ],
)
def test_a_passage_ends_with_a_blank_line(text: str, expected: list[str]) -> None:
    assert passages(text) == expected
    assert [passage for _, passage in read_passages(text.splitlines(keepends=True))] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One two. Three\nfour five six\n", ["One two. Three\n", "four five six\n"]),
        ("One two. Three four five six", ["One two. ", "Three four five six"]),
        ("one two three four five six", ["one two three four ", "five six"]),
        ("one two three four f  x", ["one two three four f", "  x"]),
        ("北" * 45, ["北" * 20, "北" * 20, "北" * 5]),
        ("abcdefgh!" * 3, ["abcdefgh!abcdefgh!", "abcdefgh!"]),
        ("x" * 45, ["x" * 20, "x" * 20, "x" * 5]),
        ("a" * 19 + "\r\nb", ["a" * 19, "\r\nb"]),
    ],
)
def test_a_passage_that_is_too_long_is_divided_at_the_best_place(text: str, expected: list[str]) -> None:
    assert passages(text, bound=20) == expected


def test_a_forced_division_is_between_tokens() -> None:
    text = "e\u0301北👩\u200d👧" * 200
    edges = {0} | {end for _, end in token_spans(text)}
    assert all(offset in edges for offset, _ in read_passages([text], bound=50))


def test_a_passage_is_yielded_as_soon_as_its_blank_line_is_read() -> None:
    read: list[str] = []

    def lines() -> object:
        for line in ["a\n", "\n", "b\n", "\n", "c\n"]:
            read.append(line)
            yield line

    assert next(read_passages(lines())) == (0, "a\n\n")  # type: ignore[arg-type]
    assert read == ["a\n", "\n"]


def test_an_endless_line_is_read_in_parts() -> None:
    class Endless(io.StringIO):
        read_so_far = 0

        def readline(self, size: int = -1) -> str:  # type: ignore[override]
            assert size > 0
            self.read_so_far += size
            return ("word " * size)[:size]

    source = Endless()
    found = list(islice(read_passages(source, bound=10_000), 5))
    assert [len(passage) for _, passage in found] == [10_000] * 5
    assert source.read_so_far <= 200_000


def test_passages_of_a_whole_file_are_the_file(bundled: Path) -> None:
    path = bundled / "train.conll"
    with path.open(encoding="utf-8", newline="") as file:
        found = list(read_passages(file))
    assert "".join(passage for _, passage in found) == path.read_bytes().decode("utf-8")
    assert len(found) > 1_000
