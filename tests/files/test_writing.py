"""Files written as a whole or not at all."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from nertagger.errors import NerTaggerError
from nertagger.files import atomic_write, atomic_write_text, open_text

TEXT = "Zürich\tB-LOC\r\nis\u0085here\tO\n"


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
    message = re.escape(f"cannot be written: there is no folder {tmp_path / 'no'}; make it")
    with pytest.raises(NerTaggerError, match=message), atomic_write(tmp_path / "no" / "x"):
        pass


def in_another_process(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_atomic_write_removes_only_what_killed_writers_left(tmp_path: Path) -> None:
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
def test_a_full_disk_is_reported_with_the_file(tmp_path: Path, suffix: str) -> None:
    link = tmp_path / f"full.txt{suffix}"
    link.symlink_to("/dev/full")
    with pytest.raises(OSError, match=r"No space left on device: '.*full\.txt"), atomic_write_text(link) as stream:
        stream.write(TEXT * 100_000)
