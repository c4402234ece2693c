"""Files: compression, byte order marks, damage, and writing whole or not at all."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from nertagger import files
from nertagger.errors import DataError, NerTaggerError
from nertagger.files import atomic_write, atomic_write_text, base_suffix, is_stream, open_binary, open_text

TEXT = "Zürich\tB-LOC\r\nis\u0085here\tO\n"


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress, bz2.compress])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_open_text_unpacks_by_content_and_drops_the_mark(tmp_path: Path, pack, bom: bytes) -> None:
    path = tmp_path / "name.without.telling.suffix"
    path.write_bytes(pack(bom + TEXT.encode()))
    with open_text(path) as stream:
        assert list(stream) == ["Zürich\tB-LOC\r\n", "is\u0085here\tO\n"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_open_text_believes_the_byte_order_mark(tmp_path: Path, encoding: str) -> None:
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
def test_open_text_reports_a_file_cut_short(tmp_path: Path, pack) -> None:
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
def test_open_text_says_what_is_wrong(tmp_path: Path, name: str, encoding: str | None, message: str) -> None:
    (tmp_path / "x").write_text("x")
    with pytest.raises(DataError, match=message), open_text(tmp_path / name, encoding=encoding):
        pass


def test_open_text_lets_errors_of_the_block_pass(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    with pytest.raises(BrokenPipeError), open_text(tmp_path / "x"):
        raise BrokenPipeError(32, "Broken pipe")


@pytest.mark.parametrize("suffix", ["", ".gz", ".xz", ".bz2"])
def test_atomic_write_text_round_trips_and_is_deterministic(tmp_path: Path, suffix: str) -> None:
    paths = [tmp_path / f"{name}.txt{suffix}" for name in "ab"]
    for path in paths:
        with atomic_write_text(path) as stream:
            stream.write(TEXT)
        with open_text(path) as stream:
            assert stream.read() == TEXT
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_atomic_write_leaves_the_old_file_when_the_block_fails(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), atomic_write_text(path) as stream:
        raise ZeroDivisionError(stream.write("new"))
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == [path.name]


def test_atomic_write_keeps_permissions_and_follows_links(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    with atomic_write(link) as stream:
        stream.write(b"new")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_atomic_write_gives_a_new_file_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    with atomic_write(tmp_path / "new"):
        pass
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_atomic_write_writes_devices_and_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    for name in ("-", "/dev/null"):
        with atomic_write_text(name) as stream:
            stream.write("é\n")
    with pytest.raises(ZeroDivisionError), atomic_write_text("-"):
        raise ZeroDivisionError
    print("still open")  # noqa: T201
    sys.stdout.flush()
    assert capfdbinary.readouterr().out == "é\nstill open\n".encode()


def test_atomic_write_refuses_a_folder_and_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(NerTaggerError, match="is a folder"), atomic_write(tmp_path):
        pass
    with pytest.raises(NerTaggerError, match="cannot be written: No such file"), atomic_write(tmp_path / "no" / "x"):
        pass


def in_another_process(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_atomic_write_removes_what_killed_writers_left_and_nothing_else(tmp_path: Path) -> None:
    code = """if True:
        import sys, time
        from nertagger.files import atomic_write
        with atomic_write(sys.argv[1]) as stream:
            print("writes", flush=True)
            time.sleep(60)"""
    path = tmp_path / "x[1].txt"
    (tmp_path / ".other.txt.abcdefgh.part").touch()
    with in_another_process(code, path) as killed, in_another_process(code, path) as writing:
        for process in (killed, writing):
            assert process.stdout is not None
            assert process.stdout.readline() == "writes\n"
        killed.kill()
        killed.wait()
        assert len(os.listdir(tmp_path)) == 3
        with atomic_write_text(path) as stream:
            stream.write("new")
        assert len(os.listdir(tmp_path)) == 3  # the file, the other file's, and that of the writer that lives
        writing.kill()
    assert path.read_text() == "new"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device is always full")
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_full_disk_is_named(tmp_path: Path, suffix: str) -> None:
    link = tmp_path / f"full.txt{suffix}"
    link.symlink_to("/dev/full")
    with pytest.raises(OSError, match=r"No space left on device: '.*full\.txt"), atomic_write_text(link) as stream:
        stream.write(TEXT * 100_000)


def test_a_bad_byte_of_a_pipe_is_told_without_a_line(tmp_path: Path) -> None:
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


def test_closed_standard_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(DataError, match="-: standard input is closed; name a file"):
        open_text("-").__enter__()
    with pytest.raises(NerTaggerError, match="-: standard output is closed; name a file to write"):
        atomic_write_text("-").__enter__()


@pytest.mark.parametrize(
    ("name", "suffix"), [("a.conll", ".conll"), ("b/a.CONLL.gz", ".conll"), ("a.gz", ""), ("a", "")]
)
def test_base_suffix(name: str, suffix: str) -> None:
    assert base_suffix(name) == suffix


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bz2.compress])
def test_what_becomes_too_much_is_refused(tmp_path: Path, monkeypatch, pack: Callable[[bytes], bytes]) -> None:
    monkeypatch.setattr(files, "_FREE_BYTES", 1 << 20)
    (tmp_path / "zeros").write_bytes(pack(bytes(8 << 20)))
    with open_binary(tmp_path / "zeros") as stream:
        assert len(stream.read(1 << 20)) == 1 << 20
        with pytest.raises(DataError, match=r"zeros: [\d,]+ compressed bytes become more than .*; decompress it first"):
            stream.read()


def test_what_compresses_well_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.gz").write_bytes(gzip.compress(b"Ann ran. " * (1 << 20)))  # a hundredth, but small
    with open_binary(tmp_path / "x.gz") as stream:
        assert len(stream.read()) == 9 << 20
