"""Many files, much text, and output of more than entities."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from nertagger.cli import main
from nertagger.corpus import read_documents

PASSAGE = "Barack Obama went to Paris. He met Michelle in New York, and nobody else.\n\n"
# In a process of its own, or the peak would be that of all tests so far; not by getrusage, whose peak begins with that
# of the process that started this one.
PEAK = """
import re, sys
from nertagger.cli import main
code = main(sys.argv[1:])
print(code, re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1], file=sys.stderr)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Five files of different sizes, some larger than what one process takes at a time."""
    monkeypatch.setattr("nertagger.cli.tagging.pieces.PIECE_BYTES", 1 << 16)
    (tmp_path / "in").mkdir()
    for number, passages in enumerate((1_200, 1, 900, 0, 30)):
        text = "".join(f"{i} {PASSAGE}" for i in range(passages))
        (tmp_path / "in" / f"{number}.txt").write_text(text)
    return tmp_path / "in"


@pytest.mark.parametrize("options", [["--to", "jsonl"], ["--to", "html"], ["--n-best", "2", "--confidence", "0.5"]])
def test_workers_write_the_same_bytes(lexicon_model, folder, tmp_path, options):
    for workers in ("1", "2"):
        arguments = [str(lexicon_model), str(folder), *options, "-o", str(tmp_path / workers), "--workers", workers]
        assert main(["tag", *arguments]) == 0
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()
    assert (tmp_path / "1").stat().st_size > 300_000


def test_an_error_of_a_worker_is_one_line_and_nothing_is_written(lexicon_model, folder, tmp_path, capsys):
    (folder / "2.txt").write_bytes(b"Paris\n\xff\n" * 20_000)
    code = main(["tag", str(lexicon_model), str(folder), "--workers", "2", "-o", str(tmp_path / "out")])
    assert code == 2
    message = capsys.readouterr().err
    assert message.startswith(f"error: {folder / '2.txt'}:2: byte 0xff is not utf-8")
    assert message.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--n-best", "3", "--to", "conll"], "conll cannot hold what --n-best and --posteriors find; write jsonl"),
        (["--posteriors", "-o", "a.html"], "html cannot hold"),
        (["--n-best", "-1"], "argument --n-best: got -1, expected a whole number from 0"),
        (["--n-best", "1000000000"], "argument --n-best: got 1000000000, expected a whole number from 0 to 1000"),
        (["--workers", "0"], "argument --workers: got 0, expected a whole number from 1"),
    ],
)
def test_contradictory_options_are_refused(lexicon_model, capsys, arguments, message):
    assert main(["tag", str(lexicon_model), *arguments]) == 2
    printed, messages = capsys.readouterr()
    assert printed == ""
    assert messages.startswith(f"error: {message}")
    assert messages.count("\n") == 1


def test_readings_and_posteriors(lexicon_model, tmp_path, capsys):
    (tmp_path / "a.txt").write_text("in Paris")
    assert main(["tag", str(lexicon_model), str(tmp_path / "a.txt"), "--n-best", "2", "--posteriors"]) == 0
    (sentence,) = json.loads(capsys.readouterr().out)["sentences"]
    assert [len(reading["entities"]) for reading in sentence["readings"]] == [1, 0]
    assert max(sentence["tokens"][1]["posteriors"].items(), key=lambda item: item[1])[0] == "S-LOC"


def test_a_file_of_one_line_is_not_read_whole(tmp_path):
    peaks = []
    for passages in (5_000, 10_000):
        (tmp_path / "a.txt").write_text(PASSAGE.replace("\n", " ") * passages)
        tracemalloc.start()
        assert sum(len(d.text) for d in read_documents(tmp_path / "a.txt", format="text")) == 75 * passages
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 1_000_000  # the whole line's tokens would need 18 times as much


def peak_kilobytes(model: Path, path: Path, *options: str) -> int:
    command = [sys.executable, "-c", PEAK, "tag", str(model), str(path), "-o", "/dev/null", *options]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    code, peak = result.stderr.split()
    assert code == "0"
    return int(peak)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the peak where Linux keeps it")
@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("a.txt", PASSAGE),
        ("a.txt", PASSAGE.replace("\n", " ")),
        ("a.conll", "Paris\tO\nis\tO\n\n"),
        ("a.jsonl", json.dumps({"text": PASSAGE}) + "\n"),
    ],
)
def test_memory_is_flat_in_the_size_of_the_input(lexicon_model, tmp_path, name, unit):
    peaks = []
    for size in (5_000_000, 50_000_000):
        (tmp_path / name).write_text(unit * (size // len(unit)))
        peaks.append(peak_kilobytes(lexicon_model, tmp_path / name))
    assert peaks[1] < peaks[0] + 8_000
