from __future__ import annotations

import json

import pytest

from nertagger.cli import main


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Barack Obama went to Paris. He met nobody there. " * 50)
    return path


def test_json(lexicon_model, text, capsys):
    assert main(["bench", str(lexicon_model), str(text), "--repeat", "2", "--threads", "1", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["tokens"] == 550
    assert figures["model_megabytes"] == pytest.approx(lexicon_model.stat().st_size / 1e6)
    for name in ("text_tokens_per_second", "token_tokens_per_second", "cold_start_seconds"):
        assert len(figures[name]) == 2
        assert min(figures[name]) > 0
    assert 0 < figures["latency_p50_ms"] <= figures["latency_p99_ms"]
    assert 20 < figures["peak_megabytes"] < 2000


def test_table(lexicon_model, text, capsys):
    assert main(["bench", str(lexicon_model), str(text), "--repeat", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["median", "least", "most"]
    assert [line.split()[-1] for line in lines[1:8]] == ["tokens/s", "tokens/s", "ms", "ms", "s", "MB", "MB"]
    assert lines[-1] == "text of 550 tokens"


@pytest.mark.parametrize(
    ("content", "argument", "message"),
    [("", "FILE", "FILE: has no words"), ("a", "-", "-: standard input can be read once only")],
)
def test_nothing_to_measure(lexicon_model, tmp_path, capsys, content, argument, message):
    path = tmp_path / "a.txt"
    path.write_text(content)
    assert main(["bench", str(lexicon_model), argument.replace("FILE", str(path))]) == 2
    assert capsys.readouterr().err.startswith(f"error: {message.replace('FILE', str(path))}")
