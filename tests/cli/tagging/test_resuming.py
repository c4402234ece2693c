"""Interrupted and killed runs of `nertagger tag -o`, continued by --resume."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nertagger.cli import main
from nertagger.corpus.cutting.contents import Passages
from nertagger.text.document import Document

PASSAGE = "Barack Obama went to Paris.\n\nMichelle went to New York.\n\n"
SMALL_PIECES = (
    "import sys; import nertagger.cli.tagging.pieces as p; p.PIECE_BYTES = 3000; from nertagger.cli import main"
)


@pytest.fixture
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three files, the largest of four pieces."""
    monkeypatch.setattr("nertagger.cli.tagging.pieces.PIECE_BYTES", 1000)
    monkeypatch.setattr("nertagger.runtime.batching._WINDOW_ITEMS", 8)
    paths = [tmp_path / "in" / f"{number}.txt" for number in range(3)]
    paths[0].parent.mkdir()
    for path, passages in zip(paths, (10, 60, 25), strict=True):
        path.write_text(PASSAGE * passages)
    return [str(path) for path in paths]


@pytest.fixture
def interrupt(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """A function that makes Ctrl-C come after this many passages of large files have been read."""
    read = Passages.documents

    def install(number: int) -> None:
        left = iter(range(number))

        def interrupted(*arguments) -> Iterator[Document]:
            for document in read(*arguments):
                if next(left, None) is None:
                    raise KeyboardInterrupt
                yield document

        monkeypatch.setattr(Passages, "documents", interrupted)

    return install


def files_of(path: Path) -> dict[str, bytes]:
    """Return the contents of a file or of the files in a folder, without manifests."""
    if path.is_file():
        return {"": path.read_bytes()}
    found = (one for one in path.rglob("*") if one.is_file() and not one.name.startswith("_"))
    return {one.relative_to(path).as_posix(): one.read_bytes() for one in found}


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ([], "out.jsonl"),
        (["--to", "conll"], "out"),
        (["--n-best", "2"], "out.jsonl"),
        ([], "out.jsonl.gz"),
        ([], "out/"),
    ],
)
def test_a_resumed_run_writes_the_same_bytes(lexicon_model, inputs, interrupt, tmp_path, caplog, options, name) -> None:
    expected, output = tmp_path / "expected" / name, tmp_path / "found" / name
    for path in (expected, output):
        path.parent.mkdir()
    slash = "/" * name.endswith("/")
    command = ["tag", str(lexicon_model), *inputs, *options, "-o"]
    assert main([*command, f"{expected}{slash}"]) == 0
    for number in (90, 60, 30):
        interrupt(number)
        assert main([*command, f"{output}{slash}", "--resume"]) == 130
        assert "keeps the output so far, up to a place in" in caplog.text
        assert "repeat the command with --resume" in caplog.text
        if not slash:
            part = Path(f"{output}.part").read_bytes()
            assert part
            assert expected.read_bytes().startswith(part)
            assert not output.exists()
    interrupt(200)
    assert main([*command, f"{output}{slash}", "--resume", "--workers", "2"]) == 0
    assert files_of(output) == files_of(expected)
    assert not list(tmp_path.rglob("*.part*"))


def test_nothing_is_kept_of_a_run_without_a_complete_piece(lexicon_model, inputs, interrupt, tmp_path) -> None:
    for name in ("out.html", "out.jsonl", "out/"):
        interrupt(2)
        output = str(tmp_path / "new" / name)
        (tmp_path / "new").mkdir(exist_ok=True)
        assert main(["tag", str(lexicon_model), *inputs[1:], "-o", output + "/" * name.endswith("/")]) == 130
    assert not files_of(tmp_path / "new")


def test_resuming_something_else_is_refused(lexicon_model, inputs, interrupt, tmp_path, capsys) -> None:
    output = tmp_path / "out.jsonl"
    command = ["tag", str(lexicon_model), *inputs, "-o", str(output), "--resume"]

    def refused(*arguments: str) -> str:
        assert main(list(arguments)) == 2
        return capsys.readouterr().err.removeprefix("error: ").removeprefix(f"{output}.part.manifest: ").strip()

    output.write_text("old")
    assert "exists, and there is no interrupted run to continue" in refused(*command)
    interrupt(90)
    assert main(command[:-1]) == 130
    capsys.readouterr()
    remedy = "since the interruption; leave out --resume to start over"
    assert refused(*command, "--confidence", "0.5") == f"options differ {remedy}"
    assert refused(*command, "--to", "conll") == f"format or scheme differ {remedy}"
    assert refused(*command, "--shard", "1/2") == f"shard differ {remedy}"
    assert refused(*command[:2], *inputs[1:], *command[-3:]) == f"{inputs[0]}: is no longer part of the input {remedy}"
    os.utime(inputs[0])
    assert refused(*command, "--lenient") == f"options differ {remedy}"
    assert refused(*command) == f"{inputs[0]}: was changed {remedy}"
    Path(inputs[0]).unlink()
    assert refused(*command[:2], *inputs[1:], *command[-3:]) == f"{inputs[0]}: has vanished {remedy}"
    html = [*command[:2], *inputs[1:], "-o", str(tmp_path / "page.html"), "--resume"]
    assert "--resume continues files of records" in refused(*html)
    assert "--resume needs files that are here; - is a stream" in refused(*command[:2], "-", *command[-3:])


def test_a_part_that_was_cut_is_not_continued(lexicon_model, inputs, interrupt, tmp_path, capsys) -> None:
    output = tmp_path / "out.jsonl"
    interrupt(90)
    command = ["tag", str(lexicon_model), *inputs, "-o", str(output)]
    assert main(command) == 130
    Path(f"{output}.part").write_text("")
    assert main([*command, "--resume"]) == 2
    assert "out.jsonl.part: the file was changed since the interruption" in capsys.readouterr().err


def test_two_runs_of_one_output_at_once_are_refused(lexicon_model, inputs, tmp_path, capsys) -> None:
    from nertagger.files import locked

    manifest = tmp_path / "out.jsonl.part.manifest"
    manifest.touch()
    with locked(manifest):
        assert main(["tag", str(lexicon_model), *inputs, "-o", str(tmp_path / "out.jsonl")]) == 2
    assert "another run is at work here" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "workers"), [("out.jsonl", "1"), pytest.param("out/", "2", marks=pytest.mark.slow)])
def test_killed_runs_lose_and_repeat_nothing(lexicon_model, tmp_path, name, workers) -> None:
    """Kill -9 comes to the process at any moment, and its workers end with it."""
    (tmp_path / "in").mkdir()
    for number in range(3):
        lines = (f"{i} in file {number}: {PASSAGE}" for i in range(1_500))
        (tmp_path / "in" / f"{number}.txt").write_text("".join(lines))
    (tmp_path / "in" / "bad.jsonl").write_text('{"text": "in Paris"}\nbad\n')
    results = []
    for kills in (0, 3):
        folder = tmp_path / str(kills)
        folder.mkdir()
        arguments = ["tag", str(lexicon_model), str(tmp_path / "in"), "-o", f"{folder}/{name}", "--resume"]
        arguments += ["--workers", workers, "--rejects", f"{folder}/rejects"]
        for kill in range(kills):
            run_killed([sys.executable, "-c", f"{SMALL_PIECES}; main()", *arguments], folder, lines=2 + 15 * kill)
        done = subprocess.run([sys.executable, "-c", f"{SMALL_PIECES}; sys.exit(main())", *arguments], timeout=120)
        assert done.returncode == 1  # because of the reject
        assert not list(folder.rglob("*.part*"))
        results.append(files_of(folder))
    assert results[0] == results[1]
    assert len(results[0]["rejects"].splitlines()) == 1


def run_killed(command: list[str], folder: Path, *, lines: int) -> None:
    """Start a command, and kill it when its manifest has this many lines, or at once if it ends before."""
    with subprocess.Popen(command) as process:
        while process.poll() is None:
            manifests = [*folder.rglob("*.manifest"), *folder.rglob("_manifest.jsonl")]
            if any(path.read_bytes().count(b"\n") >= lines for path in manifests):
                process.send_signal(signal.SIGKILL)
                break
            time.sleep(0.01)
    assert process.returncode == -signal.SIGKILL
