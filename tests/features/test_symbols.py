"""Lines as symbols: only blank lines are left out, and batch streams have the text in order."""

from __future__ import annotations

import gzip
import lzma
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nertagger.features.symbols import END_ID, batch_streams, blocks, build_symbols, encode_lines, read_lines
from nertagger.features.vocabulary import Vocabulary

TEXT = "Mr. Li's cat sat.  It slept!\r\n\r\n \nA\tdog\n"


@pytest.mark.parametrize(("suffix", "pack"), [("", bytes), (".gz", gzip.compress), (".xz", lzma.compress)])
def test_lines_of_characters_are_those_of_the_file_that_are_not_blank(tmp_path: Path, suffix, pack) -> None:
    path = tmp_path / f"text.txt{suffix}"
    path.write_bytes(pack(TEXT.encode()))
    assert list(read_lines(path, level="characters")) == ["Mr. Li's cat sat.  It slept!", "A\tdog"]


def test_lines_of_tokens_are_sentences_as_a_tagger_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text(TEXT)
    assert list(read_lines(path, level="characters", tokens=True)) == ["Mr. Li 's cat sat .", "It slept !", "A dog"]


def test_words_are_those_of_sentences(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text(TEXT)
    sentences = [("Mr.", "Li", "'s", "cat", "sat", "."), ("It", "slept", "!"), ("A", "dog")]
    assert list(read_lines(path, level="words")) == sentences


def test_a_file_of_one_endless_line_is_read_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "text.txt"
    path.write_text("abcde" * 10)
    monkeypatch.setattr("nertagger.features.symbols._LINE_PART", 20)
    assert list(read_lines(path, level="characters")) == ["abcde" * 4, "abcde" * 4, "abcde" * 2]


def test_rare_symbols_and_those_above_the_limit_are_unknown() -> None:
    symbols = build_symbols(["aaab", "bbc"], min_count=2, max_symbols=1)
    assert symbols.items == ["\n", "a"]
    assert encode_lines(["ab", ["c", "a"]], symbols).tolist() == [2, 0, END_ID, 0, 2, END_ID]


@given(st.lists(st.text("ab", min_size=1, max_size=9), max_size=20), st.integers(1, 30))
def test_blocks_have_every_line_once_in_order(lines: list[str], size: int) -> None:
    found = list(blocks(lines, size))
    assert [line for block in found for line in block] == lines
    assert all(sum(len(line) + 1 for line in block) >= size for block in found[:-1])


@given(st.integers(1, 60), st.integers(1, 7))
def test_batch_streams_are_the_text_read_in_parallel(length: int, count: int) -> None:
    ids = np.arange(length + 1)
    inputs, targets = batch_streams(ids, count)
    assert inputs.T.ravel().tolist() == ids[: length // count * count].tolist()
    assert (targets == inputs + 1).all()
    assert inputs.shape == targets.shape == (length // count, count)


def test_the_end_of_a_line_is_a_symbol_of_its_own() -> None:
    assert Vocabulary(["\n", "a"]).id("\n") == END_ID
