"""Compressed files are read only while they are plausibly text."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from nertagger.errors import DataError
from nertagger.files import open_binary


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress])
def test_open_binary_refuses_a_compression_bomb(tmp_path: Path, monkeypatch, pack: Callable[[bytes], bytes]) -> None:
    monkeypatch.setattr("nertagger.files.compression._FREE_BYTES", 1 << 20)
    (tmp_path / "zeros").write_bytes(pack(bytes(8 << 20)))
    with open_binary(tmp_path / "zeros") as stream:
        assert len(stream.read(1 << 20)) == 1 << 20
        with pytest.raises(DataError, match=r"zeros: [\d,]+ compressed bytes become more than .*; decompress it first"):
            stream.read()


def test_open_binary_reads_a_small_file_that_compresses_well(tmp_path: Path) -> None:
    (tmp_path / "x.gz").write_bytes(gzip.compress(b"Ann ran. " * (1 << 20)))  # a hundredth, but small
    with open_binary(tmp_path / "x.gz") as stream:
        assert len(stream.read()) == 9 << 20
