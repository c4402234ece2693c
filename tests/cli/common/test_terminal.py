"""No command sends control characters to a terminal."""

from __future__ import annotations

import ast
import io
import json
import logging
import os
import pty
import sys
from pathlib import Path

import pytest

import nertagger.cli
from nertagger.cli import main
from nertagger.cli.common.messages import LogFormatter
from nertagger.cli.common.terminal import to_json
from nertagger.modelfile.reader import read_model
from nertagger.modelfile.writer import write_model

ESC, C1, OVERRIDE = "\x1b[2J\x1b]0;pwn\x07", "\x9b31m", "\u202e"
EVIL = f"Ann{ESC}{C1}{OVERRIDE}\x7f"
LABEL = f"P{ESC}{C1}R"
ACTED_UPON = {chr(i) for i in [*range(32), *range(0x7F, 0xA0), 0x202E]} - {"\n", "\t"}


@pytest.fixture
def evil(tmp_path: Path) -> dict[str, str]:
    """Files whose words, labels and names would clear the screen."""
    texts = {
        "g": f"{EVIL} B-{LABEL}\nb O\n\nKern B-{LABEL}\nran O\n",
        "p": f"{EVIL} O\nb O\n\nKern B-{LABEL}x\nran O\n",
        "q": f"{EVIL} B-{LABEL}\nb O\n\nKern O\nran O\n",
        "bad": f"Kern {LABEL}\n",
        "torn": f"a O\n{EVIL} b c d O\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}\x1b.conll").write_text(text, encoding="utf-8")
    return {name: str(tmp_path / f"{name}\x1b.conll") for name in texts}


@pytest.fixture
def evil_model(tmp_path: Path, lexicon_model: Path) -> str:
    """A model with escape sequences in its card, settings, metrics and labels."""
    members = {name: bytes(content) for name, content in read_model(lexicon_model).members.items()}
    members["README.md"] = f"# A card {EVIL}\r\n".encode()
    members["config.toml"] = b'[network]\ncell = "\\u001b[2J\\u009b"\n"odd\\u001b" = 1\n'
    members["metrics.json"] = json.dumps({f"dev{ESC}": EVIL}).encode()
    vocabulary = members["vocabulary.json"].decode().replace("PER", json.dumps(LABEL)[1:-1])
    members["vocabulary.json"] = vocabulary.encode()
    write_model(tmp_path / "m\x1b.ner", members)
    return str(tmp_path / "m\x1b.ner")


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    """Return all that was printed, after checking that it has no control characters."""
    printed = capsys.readouterr()
    both = printed.out + printed.err
    assert not ACTED_UPON.intersection(both)
    return both


@pytest.mark.parametrize(("arguments", "expected"), [
    (["check", "g"], r"P\x1b[2J"),
    (["check", "bad"], r"bad\x1b.conll:1: error"),
    (["check", "g", "--json"], r"\u001b[2J"),
    (["check", "g", "torn"], "torn\\x1b.conll"),
    (["score", "g", "p", "--details"], r"P\x1b[2J\x1b]0;pwn\x07\x9b31mR"),
    (["score", "g", "p", "--details", "--json"], r"P\u001b[2J\u001b]0;pwn\u0007\u009b31mR"),
    (["compare", "g", "p", "q", "--resamples", "100"], r"Ann\x1b[2J\x1b]0;pwn\x07\x9b31m\u202e"),
    (["score", "g", "torn"], r"error: "),
    (["score", "g", "absent\x1b[2J"], r"absent\x1b[2J"),
    (["convert", "torn", "-", "--to", "brat"], r"error: "),
    (["tga\x1b[2J"], r"tga\x1b[2J"),
    (["score", "g", "p", "--format", "\x1b[2J"], r"\x1b[2J"),
    (["score", "g", "p", "--\x1b[2J"], r"--\x1b[2J"),
    (["score", "g", "absent\x1b[2J", "--traceback"], r"absent\x1b[2J"),
])  # fmt: skip
def test_commands_print_no_escapes(evil, capsys, arguments: list[str], expected: str) -> None:
    main([evil.get(argument, argument) for argument in arguments])
    assert expected in shown(capsys)


def test_split_and_evaluate_print_no_escapes(evil, evil_model: str, tmp_path: Path, capsys) -> None:
    assert main(["split", evil["g"], "--out", str(tmp_path / "parts"), "--dev", "0", "--test", "0.5"]) == 0
    assert r"P\x1b[2J" in shown(capsys)
    assert main(["evaluate", evil_model, evil["g"], "--details"]) == 0
    assert r"P\x1b[2J" in shown(capsys)


def test_inspect_prints_no_escapes(evil_model: str, capsys) -> None:
    assert main(["inspect", evil_model]) == 0
    printed = shown(capsys)
    for part in (
        r"# A card Ann\x1b[2J",
        r"\x7f\r",
        r"cell     \x1b[2J\x9b",
        r"odd\x1b",
        r"dev\x1b[2J",
    ):
        assert part in printed
    assert main(["inspect", evil_model, "--json"]) == 0
    assert json.loads(shown(capsys))["labels"][0] == LABEL


def test_log_records_are_lines_without_escapes() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LogFormatter())
    try:
        raise ValueError(EVIL)
    except ValueError:
        record = logging.LogRecord("x", logging.WARNING, "", 0, "%s: a\nb", (EVIL,), sys.exc_info())
    handler.emit(record)
    first, *traceback = stream.getvalue().splitlines()
    assert first.startswith(r"warning: Ann\x1b[2J")
    assert first.endswith(r": a\nb")
    assert traceback[0].startswith("Traceback")
    assert not ACTED_UPON.intersection(stream.getvalue())


def test_to_json_has_the_same_value() -> None:
    value = {"a": EVIL, "b": "\udc80"}
    assert json.loads(to_json(value)) == value
    assert not ACTED_UPON.intersection(to_json(value))


@pytest.mark.parametrize("target", ["conll", "jsonl"])
def test_tagged_text_is_exact_except_on_a_terminal(evil, tmp_path: Path, monkeypatch, target: str) -> None:
    arguments = ["convert", evil["g"], "-", "--to", target]
    with (tmp_path / "out").open("w+b") as file:
        monkeypatch.setattr("sys.stdout", io.TextIOWrapper(file, encoding="utf-8"))
        assert main(arguments) == 0
        exact = (tmp_path / "out").read_text(encoding="utf-8")
    assert C1 in exact
    master, slave = pty.openpty()
    with os.fdopen(slave, "wb", buffering=0) as terminal:
        monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BufferedWriter(terminal), encoding="utf-8"))
        assert main(arguments) == 0
        looked_at = os.read(master, 1 << 16).decode()
    os.close(master)
    assert not ACTED_UPON.intersection(looked_at.replace("\r\n", "\n"))
    assert r"\x9b31m" in looked_at


def test_commands_print_only_through_the_terminal_module() -> None:
    """The overview and errors, which are escaped, are the only exceptions."""
    folder = Path(nertagger.cli.__file__).parent
    for path in folder.rglob("*.py"):
        calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        prints = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
        to_errors = [call for call in prints if any(keyword.arg == "file" for keyword in call.keywords)]
        assert path.name in ("terminal.py", "__init__.py") or prints == to_errors, path
