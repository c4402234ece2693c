"""Files read with any compression and byte order mark, and damaged ones refused."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import sys
import threading
from pathlib import Path

import pytest

from nertagger.errors import DataError, NerTaggerError
from nertagger.files import atomic_write_text, is_stream, open_text

TEXT = "Zürich\tB-LOC\r\nis\u0085here\tO\n"


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress, bz2.compress])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_open_text_decompresses_by_content_and_drops_the_mark(tmp_path: Path, pack, bom: bytes) -> None:
    path = tmp_path / "name.without.telling.suffix"
    path.write_bytes(pack(bom + TEXT.encode()))
    with open_text(path) as stream:
        assert list(stream) == ["Zürich\tB-LOC\r\n", "is\u0085here\tO\n"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_open_text_uses_the_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "x").write_bytes(TEXT.encode(encoding))
    with open_text(tmp_path / "x") as stream:
        assert stream.read() == TEXT


def test_open_text_reads_standard_input_and_leaves_it_open(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(gzip.compress(TEXT.encode())))
    stdin = io.TextIOWrapper(io.BufferedReader(stdin.detach()))
    monkeypatch.setattr(sys, "stdin", stdin)
    with open_text("-") as stream:
        assert stream.read() == TEXT
    assert not stdin.buffer.closed


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress])
def test_open_text_reports_a_truncated_file(tmp_path: Path, pack) -> None:
    path = tmp_path / "x.conll"
    path.write_bytes(pack(os.urandom(5000).hex().encode())[:-20])
    with pytest.raises(DataError, match=r"x\.conll: damaged or cut short"), open_text(path) as stream:
        stream.read()


def test_open_text_names_the_line_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "x.conll"
    path.write_bytes(b"one\ntw\x93o\n")
    message = r"x\.conll:2: byte 0x93 is not utf-8; name the file's encoding"
    with pytest.raises(DataError, match=message), open_text(path) as stream:
        stream.read()
    with open_text(path, encoding="cp1252") as stream:
        assert stream.read() == "one\ntw“o\n"


@pytest.mark.parametrize(("name", "encoding", "message"), [
    ("absent", None, "absent: cannot be read: No such file"),
    (".", None, "is a folder, expected a file; name the file in it"),
    ("x", "klingon", "no encoding is called 'klingon'"),
])  # fmt: skip
def test_open_text_reports_what_is_wrong(tmp_path: Path, name: str, encoding: str | None, message: str) -> None:
    (tmp_path / "x").write_text("x")
    with pytest.raises(DataError, match=message), open_text(tmp_path / name, encoding=encoding):
        pass


def test_open_text_does_not_catch_errors_of_the_block(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    with pytest.raises(BrokenPipeError), open_text(tmp_path / "x"):
        raise BrokenPipeError(32, "Broken pipe")


def test_a_bad_byte_of_a_pipe_is_reported_without_a_line(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    writer = threading.Thread(target=fifo.write_bytes, args=(b"one\ntw\x93o\n",))
    writer.start()
    with pytest.raises(DataError, match=r"fifo: byte 0x93 is not utf-8"), open_text(fifo) as stream:
        stream.read()
    writer.join()


def test_an_unnamed_pipe_is_read_once(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, TEXT.encode())
    os.close(writing)
    path = f"/dev/fd/{reading}"
    assert is_stream(path)
    with open_text(path) as stream:
        assert stream.read() == TEXT
    with pytest.raises(DataError, match=r"can be read once only, and was read already; save it as a file"):
        open_text(path).__enter__()
    os.close(reading)


def test_closed_standard_streams_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(DataError, match="-: standard input is closed; name a file"):
        open_text("-").__enter__()
    with pytest.raises(NerTaggerError, match="-: standard output is closed; name a file to write"):
        atomic_write_text("-").__enter__()
