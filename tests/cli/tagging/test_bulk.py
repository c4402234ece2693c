"""Large and many inputs: compressed, in archives, remote, in shards, with bad records, and in several processes."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import resource
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

PASSAGE = "Barack Obama went to Paris.\n\n"


@pytest.fixture
def tag(tag, monkeypatch) -> Callable[..., tuple[int, str, str]]:
    """Run the command on small pieces."""
    monkeypatch.setattr("nertagger.cli.tagging.pieces.PIECE_BYTES", 500)
    return tag


def texts(printed: str) -> list[str]:
    return [json.loads(line)["text"] for line in printed.splitlines()]


def zstd_compress(content: bytes) -> bytes:
    import zstandard

    half = len(content) // 2
    return b"".join(map(zstandard.ZstdCompressor().compress, (content[:half], content[half:])))


PACKED = {".gz": gzip.compress, ".xz": lzma.compress, ".bz2": bz2.compress, ".zst": zstd_compress}


@pytest.mark.parametrize("suffix", PACKED)
def test_compressed_files(tag, tmp_path, suffix) -> None:
    text = "".join(f"{i} {PASSAGE}" for i in range(100))
    (tmp_path / "a.txt").write_text(text)
    (tmp_path / f"b.txt{suffix}").write_bytes(PACKED[suffix](text.encode()))
    expected = tag(tmp_path / "a.txt")[1].replace("a.txt", f"b.txt{suffix}")
    assert tag(tmp_path / f"b.txt{suffix}") == (0, expected, "")
    output = tmp_path / f"out.jsonl{suffix}"
    assert tag(tmp_path / f"b.txt{suffix}", "-o", output) == (0, "", "")
    assert output.stat().st_size < len(expected) / 3
    assert texts(tag(output)[1]) == texts(expected)
    (tmp_path / "empty.txt").touch()
    assert tag(tmp_path / "empty.txt", "-o", output) == (0, "", "")
    assert output.stat().st_size > 0
    assert tag(output) == (0, "", "")


@pytest.mark.parametrize("suffix", PACKED)
def test_a_compressed_file_cut_short_is_an_error(tag, tmp_path, suffix) -> None:
    path = tmp_path / f"a.txt{suffix}"
    path.write_bytes(PACKED[suffix](os.urandom(3_000).hex().encode())[:-20])
    code, _, messages = tag(path)
    assert (code, messages.count("\n")) == (2, 1)
    assert messages.startswith(f"error: {path}: damaged or cut short")


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with equal names in different folders, empty and hidden files, a BOM, CR LF and NUL bytes."""
    files = {
        "x/1.txt": PASSAGE * 60,
        "y/1.txt": "\ufeffMichelle\r\n\r\nin\0Paris\r\n",
        "y/empty.txt": "",
        "z.jsonl": '{"text": "in Paris", "id": 7}\n' * 30,
        ".hidden": "no",
    }
    for name, content in files.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(content.encode())
    return tmp_path / "in"


def archive_of(folder: Path, path: Path) -> None:
    names = sorted(one for one in folder.rglob("*") if one.is_file())
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for one in names:
                archive.write(one, one.relative_to(folder))
    else:
        with tarfile.open(path, "w:gz" if path.suffix == ".gz" else "w") as archive:
            for one in names:
                archive.add(one, one.relative_to(folder))


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
def test_archives_are_read_like_folders(tag, folder, tmp_path, name) -> None:
    archive_of(folder, tmp_path / name)
    expected = tag(folder)[1].replace(str(folder), str(tmp_path / name))
    for options in ([], ["--workers", "2"]):
        code, printed, messages = tag(tmp_path / name, *options)
        assert (code, messages) == (0, "")
        assert printed == expected
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:300])
    code, _, messages = tag(tmp_path / name)
    assert (code, messages.count("\n")) == (2, 1)


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
@pytest.mark.parametrize("hidden", [False, True])
def test_archives_without_files_are_errors_like_empty_folders(tag, tmp_path, name, hidden) -> None:
    (tmp_path / "in" / "folder").mkdir(parents=True)
    if hidden:
        (tmp_path / "in" / ".DS_Store").write_text("in Paris")
    assert tag(tmp_path / "in") == (2, "", f"error: {tmp_path}/in: there is no file in this folder\n")
    archive_of(tmp_path / "in", tmp_path / name)
    assert tag(tmp_path / name) == (2, "", f"error: {tmp_path / name}: there is no file in this archive\n")
    code, printed, _ = tag(tmp_path / name, "--rejects", tmp_path / "rejects.jsonl")
    assert (code, printed, (tmp_path / "rejects.jsonl").read_text().count("no file in this archive")) == (1, "", 1)
    (tmp_path / "in" / "empty.txt").touch()
    archive_of(tmp_path / "in", tmp_path / name)
    assert tag(tmp_path / name) == tag(tmp_path / "in") == (0, "", "")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_folder_of_outputs_has_one_per_input(tag, folder, tmp_path, workers) -> None:
    whole = texts(tag(folder)[1])
    for _ in range(2):  # the outputs, in the folder of inputs, are no inputs the second time
        assert tag(folder, "-o", f"{folder}/out/", "--workers", workers) == (0, "", "")
    found = sorted(path.relative_to(folder / "out").as_posix() for path in (folder / "out").rglob("*.*"))
    assert found == ["_manifest.jsonl", "x/1.txt.jsonl", "y/1.txt.jsonl", "y/empty.txt.jsonl", "z.jsonl"]
    assert [text for name in found[1:] for text in texts((folder / "out" / name).read_text())] == whole
    assert tag(folder, "-o", f"{folder}/out/", "--resume") == (0, "", "")


def test_no_input_is_replaced_by_an_output(tag, tmp_path) -> None:
    (tmp_path / "a.csv").write_text("text\nin Paris\n")
    for path in (tmp_path, f"{tmp_path}/*.csv"):
        code, _, messages = tag(path, "-o", f"{tmp_path}/", "--column", "text")
        assert (code, messages) == (2, f"error: {path}: names only what is in the output; name another output\n")
    code, _, messages = tag(tmp_path / "a.csv", "-o", f"{tmp_path}/", "--column", "text")
    assert (code, messages.count("is read here, and would be lost")) == (2, 1)
    assert (tmp_path / "a.csv").read_text() == "text\nin Paris\n"


def test_outputs_of_one_name_are_refused(tag, tmp_path) -> None:
    for name in ("a.txt", "a.txt.gz"):
        (tmp_path / name).touch()
    code, _, messages = tag(tmp_path / "a.txt", tmp_path / "a.txt.gz", "-o", f"{tmp_path}/out/")
    assert code == 2
    assert "would have the same output, a.txt.jsonl" in messages


@pytest.mark.parametrize("count", [1, 3, 9])
@pytest.mark.parametrize("output", ["{}.jsonl", "out/"])
def test_shards_together_are_the_whole(tag, folder, tmp_path, count, output) -> None:
    expected = texts(tag(folder)[1])
    found, parts = [], 0
    for number in range(1, count + 1):
        name = tmp_path / output.format(number)
        slash = "/" * output.endswith("/")
        assert tag(folder, "-o", f"{name}{slash}", "--shard", f"{number}/{count}") == (0, "", "")
        if not slash:
            found += texts(name.read_text())
            parts += name.stat().st_size > 0
    if output == "out/":
        names = ["x/1.txt.jsonl", "y/1.txt.jsonl", "y/empty.txt.jsonl", "z.jsonl"]
        found = [text for name in names for text in texts((tmp_path / "out" / name).read_text())]
    else:
        assert parts >= min(count, 3)
    assert found == expected


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--shard", "0/2"], "argument --shard: got '0/2', expected I/N with I from 1 to N"),
        (["--shard", "x"], "argument --shard: got 'x'"),
        (["--to", "html.gz"], "html is not compressed to .gz"),
        (["-o", "out.XLSX"], "out.XLSX: office documents and PDF are not written; name it .html for reading, .csv"),
        (["-o", "out.tar.gz"], "out.tar.gz: archives are read and not written; name a folder, DIR/, or one compressed"),
        (["--to", "html", "-o", "DIR/"], "html is not written to a folder"),
        (["--rejects", "IN"], "IN: is read here, and would be lost"),
        (["-o", "IN"], "IN: is read here, and would be lost"),
        (["-o", "new", "--rejects", "new"], "--rejects new: is the output"),
        (["--entities-column", "x"], "--entities-column names the new column of a table; give --column as well"),
        (
            ["-o", "memory://x/out.jsonl", "--resume"],
            "--resume needs files that are here; memory://x/out.jsonl is remote",
        ),
        (["--resume"], "--resume needs files that are here; - is a stream"),
    ],
)
def test_impossible_combinations(tag, tmp_path, monkeypatch, options, message) -> None:
    monkeypatch.chdir(tmp_path)
    Path("IN").write_text("a")
    code, printed, messages = tag("IN", *options)
    assert (code, printed, messages.count("\n")) == (2, "", 1)
    assert messages.startswith(f"error: {message}")


def test_one_text_per_line(tag, tmp_path) -> None:
    (tmp_path / "a.txt").write_bytes("\ufeffMichelle ran. She\r\n\nin Paris".encode())
    code, printed, _ = tag(tmp_path / "a.txt", "--format", "text-lines")
    rows = [json.loads(line) for line in printed.splitlines()]
    assert code == 0
    assert [(row["text"], row["offset"], len(row["entities"])) for row in rows] == [
        ("Michelle ran. She", 0, 1),
        ("", 19, 0),
        ("in Paris", 20, 1),
    ]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_bad_records_are_rejected_and_the_rest_goes_on(tag, tmp_path, workers) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "in Paris"}\nno\n{"txt": 1}\n\xff\n' + b'{"text": "Michelle"}\n' * 40)
    (tmp_path / "b.txt").write_bytes(b"Paris\n\xff\n")
    (tmp_path / "c.gz").write_bytes(gzip.compress(b"Paris\n")[:-9])
    (tmp_path / "d.txt").write_text("in Paris")
    rejects = tmp_path / "out" / "rejects.jsonl"
    rejects.parent.mkdir()
    code, printed, messages = tag(tmp_path, "--rejects", rejects, "--workers", workers)
    assert code == 1
    assert texts(printed) == ["in Paris", *["Michelle"] * 40, "in Paris"]
    found = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert [one["place"].rpartition("/")[2] for one in found][:3] == ["a.jsonl:2", "a.jsonl:3", "a.jsonl:4"]
    assert [one.get("record") for one in found][:3] == ["no", '{"txt": 1}', "\\xff"]
    assert all("the rest of the file was not read" in one["reason"] for one in found[3:])
    assert len(found) == 5
    assert "5 records left out that could not be read" in messages


def test_a_file_without_bad_records_has_no_rejects(tag, tmp_path) -> None:
    (tmp_path / "a.txt").write_text("in Paris")
    assert tag(tmp_path / "a.txt", "--rejects", tmp_path / "rejects")[0] == 0
    assert (tmp_path / "rejects").read_bytes() == b""


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_pipe_is_shared_among_processes(tag, tmp_path, workers) -> None:
    (tmp_path / "a.txt").write_text(PASSAGE * 300)
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_text(PASSAGE * 300))
    writer.start()
    code, printed, messages = tag(tmp_path / "pipe", "--workers", workers)
    writer.join()
    assert (code, messages) == (0, "")
    assert printed == tag(tmp_path / "a.txt")[1].replace("a.txt", "pipe")


def test_links_that_lead_back_are_not_followed(tag, folder) -> None:
    expected = texts(tag(folder)[1])
    (folder / "x" / "again").symlink_to(folder)
    (folder / "x" / "itself").symlink_to(folder / "x" / "itself")
    assert texts(tag(folder)[1]) == expected
    assert texts(tag(f"{folder}/**/*.*")[1]) == expected


@pytest.mark.parametrize("root", ["memory://bulk", "file://{}"])
def test_remote_files(tag, folder, tmp_path, root) -> None:
    fsspec = pytest.importorskip("fsspec")
    root = root.format(tmp_path / "remote")
    system, base = fsspec.url_to_fs(root)
    system.put(f"{folder}/", f"{base}/in/", recursive=True)
    expected = texts(tag(folder)[1])
    hidden = f"{base}/in/.hidden"
    if system.exists(hidden):
        system.rm(hidden)
    assert texts(tag(f"{root}/in")[1]) == expected
    assert texts(tag(f"{root}/in", "--workers", "2", "-o", f"{root}/out.jsonl.gz")[1]) == []
    with fsspec.open(f"{root}/out.jsonl.gz") as stream:
        assert texts(gzip.decompress(stream.read()).decode()) == expected
    assert tag(f"{root}/in/*/*.txt", "-o", f"{root}/out/") == (0, "", "")
    assert sorted(path.removeprefix(f"{base}/out/") for path in system.find(f"{base}/out")) == [
        "x/1.txt.jsonl",
        "y/1.txt.jsonl",
        "y/empty.txt.jsonl",
    ]
    for path in (f"{root}/absent.txt", "nosuchthing://x/a.txt"):
        code, _, messages = tag(path)
        assert (code, messages.count("\n")) == (2, 1)
        assert messages.startswith(f"error: {path}: ")


def test_a_missing_extra_is_named(tag, tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    (tmp_path / "a.txt").write_text("a")
    assert "pip install 'nertagger[zstd]'" in tag(tmp_path / "a.txt", "-o", tmp_path / "a.jsonl.zst")[2]
    assert "pip install 'nertagger[remote]'" in tag("s3://bucket/a.txt")[2]


def run(*arguments: object, before: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    code = "import sys, nertagger.cli.tagging.pieces as p; p.PIECE_BYTES = 3000; from nertagger.cli import main"
    command = [sys.executable, "-c", f"{code}; sys.exit(main())", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, preexec_fn=before)


def test_a_full_disk_is_one_line_and_the_run_can_be_resumed(lexicon_model, tmp_path) -> None:
    (tmp_path / "a.txt").write_text(PASSAGE * 2_000)
    command = ["tag", lexicon_model, tmp_path / "a.txt", "-o", tmp_path / "out.jsonl"]
    full = run(*command, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)))
    assert full.returncode == 2
    assert full.stderr.splitlines()[-1] == f"error: {tmp_path / 'out.jsonl.part'}: File too large"
    assert "repeat the command with --resume" in full.stderr
    assert run(*command, "--resume").returncode == 0
    assert run(*command[:-1], tmp_path / "expected.jsonl").returncode == 0
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "expected.jsonl").read_bytes()


def test_a_killed_worker_is_one_line_and_the_run_can_be_resumed(lexicon_model, tmp_path) -> None:
    """As the system does when memory runs out."""
    psutil = pytest.importorskip("psutil")
    (tmp_path / "a.txt").write_text(PASSAGE * 60_000)
    command = ["tag", lexicon_model, tmp_path / "a.txt", "-o", tmp_path / "out.jsonl", "--workers", "2"]
    found: list[subprocess.CompletedProcess[str]] = []
    thread = threading.Thread(target=lambda: found.append(run(*command)))
    thread.start()
    manifest = tmp_path / "out.jsonl.part.manifest"
    while thread.is_alive():
        if manifest.exists() and manifest.read_bytes().count(b"\n") > 2:
            below = psutil.Process().children(recursive=True)
            for one in [one for one in below if "spawn_main" in " ".join(one.cmdline())][-1:]:
                one.kill()
            break
    thread.join()
    assert found[0].returncode == 2
    assert found[0].stderr.splitlines()[-1].startswith("error: a worker process was killed from outside")
    assert "repeat the command with --resume" in found[0].stderr
    assert manifest.exists()
