"""Interrupted runs of `nertagger tag -o`, continued by --resume."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nertagger.cli import main
from nertagger.cli.tagging.job import Job
from nertagger.text.document import Document

PASSAGE = "Barack Obama went to Paris.\n\nMichelle went to New York.\n\n"


@pytest.fixture
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Files of two chunks, of 80 and 50 documents, each several look-ahead windows long."""
    monkeypatch.setattr("nertagger.cli.tagging.job._CHUNK_BYTES", 1000)
    monkeypatch.setattr("nertagger.runtime.batching._WINDOW_ITEMS", 8)
    paths = [tmp_path / f"{number}.txt" for number in range(3)]
    for path, passages in zip(paths, (10, 30, 25), strict=True):
        path.write_text(PASSAGE * passages)
    return [str(path) for path in paths]


@pytest.fixture
def interrupt(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """A function that makes Ctrl-C come after this many documents have been read."""
    read = Job._read

    def install(number: int) -> None:
        left = iter(range(number))

        def interrupted(*arguments) -> Iterator[Document]:
            for document in read(*arguments):
                if next(left, None) is None:
                    raise KeyboardInterrupt
                yield document

        monkeypatch.setattr(Job, "_read", interrupted)

    return install


@pytest.mark.parametrize("options", [[], ["--to", "conll"], ["--n-best", "2"]])
def test_a_resumed_run_writes_the_same_bytes(lexicon_model, inputs, interrupt, tmp_path, caplog, options) -> None:
    expected, output = tmp_path / "expected.jsonl", tmp_path / "out.jsonl"
    command = ["tag", str(lexicon_model), *inputs, *options, "-o"]
    assert main([*command, str(expected)]) == 0
    for number in (30, 100, 20):  # in the first chunk, in the second, and near the same place again
        interrupt(number)
        again = ["--resume"] if Path(f"{output}.part").exists() else []
        assert main([*command, str(output), *again]) == 130
        part = Path(f"{output}.part").read_bytes()
        assert part
        assert expected.read_bytes().startswith(part)
        assert not output.exists()
        assert "out.jsonl.part keeps the output so far, up to a place in" in caplog.text
        assert "repeat the command with --resume" in caplog.text
    interrupt(200)
    assert main([*command, str(output), "--resume", "--workers", "2"]) == 0
    assert output.read_bytes() == expected.read_bytes()
    assert not list(tmp_path.glob("*.part*"))


def test_nothing_is_kept_of_an_output_that_cannot_be_resumed(lexicon_model, inputs, interrupt, tmp_path) -> None:
    for name in ("out.html", "out.jsonl.gz"):
        interrupt(60)
        assert main(["tag", str(lexicon_model), *inputs, "-o", str(tmp_path / name)]) == 130
    assert not list(tmp_path.glob("*out*"))


def test_resuming_something_else_is_refused(lexicon_model, inputs, interrupt, tmp_path, capsys) -> None:
    output = tmp_path / "out.jsonl"
    command = ["tag", str(lexicon_model), *inputs, "-o", str(output), "--resume"]

    def refused(*arguments: str) -> str:
        assert main(list(arguments)) == 2
        return capsys.readouterr().err.removeprefix(f"error: {output}.part: ").strip()

    assert refused(*command) == "there is no interrupted run to continue; leave out --resume"
    interrupt(60)
    assert main(command[:-1]) == 130
    capsys.readouterr()
    remedy = "since the interruption; leave out --resume to start over"
    assert refused(*command, "--confidence", "0.5") == f"options differ {remedy}"
    assert refused(*command, "--to", "conll") == f"format or scheme differ {remedy}"
    os.utime(inputs[0])
    assert refused(*command, "--lenient") == f"options and input files differ {remedy}"
    with Path(f"{output}.part").open("a") as stream:
        stream.write("\n")
    assert refused(*command[:2], *inputs[1:], *command[-3:]) == f"input files differ {remedy}"
    html = [*command[:-2], str(tmp_path / "page.html"), "--resume"]
    assert "--resume continues files of records" in refused(*html)
