"""Commands that tokenize raw text, or show how a model does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nertagger.cli import main
from nertagger.modelfile.reader import read_model
from nertagger.modelfile.writer import write_model

WARNING = "raw text is tokenized differently from the training words (tokenizer general, agrees with 41.2 % of the"


@pytest.fixture
def model(lexicon_model: Path, tmp_path: Path) -> Path:
    """A model whose training words no tokenizer profile produces."""
    members = dict(read_model(lexicon_model).members)
    vocabulary = json.loads(bytes(members["vocabulary.json"]))
    vocabulary["tokenizer"] = {"profile": "general", "agreement": 0.412}
    path = tmp_path / "model.ner"
    write_model(path, members | {"vocabulary.json": json.dumps(vocabulary).encode()})
    return path


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two files, one for each of two processes."""
    monkeypatch.setattr("nertagger.cli.tagging.pieces.PIECE_BYTES", 1 << 13)
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "in" / name).write_text("Barack Obama went to Paris.\n\n" * 400, encoding="utf-8")
    return tmp_path / "in"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_tag_warns_once_in_one_line(model, texts, tmp_path, caplog, capfd, workers):
    assert main(["tag", str(model), str(texts), "-o", str(tmp_path / "out.jsonl"), "--workers", workers]) == 0
    (message,) = caplog.messages
    assert message.startswith(f"{model}: {WARNING}")
    assert "\n" not in message
    assert capfd.readouterr().err == f"warning: {message}\n"  # the other processes write to the same stream


@pytest.mark.parametrize(("name", "text"), [("a.lines", "Anna met Bo .\n"), ("a.conll", "Anna\tO\n")])
def test_tokenized_text_gives_no_warning(model, tmp_path, caplog, name, text):
    (tmp_path / name).write_text(text)
    format = [] if name == "a.conll" else ["--format", "lines"]
    assert main(["tag", str(model), str(tmp_path / name), *format]) == 0
    assert caplog.messages == []


def test_records_of_tokens_give_no_warning_and_records_of_text_do(model, tmp_path, caplog):
    path = tmp_path / "a.jsonl"
    path.write_text('{"tokens": ["Anna", "ran"]}\n')
    assert main(["tag", str(model), str(path)]) == 0
    assert caplog.messages == []
    path.write_text('{"text": "Anna ran"}\n')
    assert main(["tag", str(model), str(path)]) == 0
    assert WARNING in caplog.text


def test_inspect_shows_the_tokenizer(model, lexicon_model, capsys):
    assert main(["inspect", str(model)]) == 0
    assert "\ntokenizer   general, agrees with 41.2 % of the training words\n" in capsys.readouterr().out
    assert main(["inspect", str(lexicon_model)]) == 0
    assert "\ntokenizer   general\n" in capsys.readouterr().out
    assert main(["inspect", str(model), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tokenizer"] == {"profile": "general", "agreement": 0.412}


@pytest.mark.parametrize(("profile", "tokens"), [("general", 4), ("whitespace", 2)])
def test_evaluate_tokenizes_texts_as_the_model_does(lexicon_model, tmp_path, capsys, profile, tokens):
    members = dict(read_model(lexicon_model).members)
    vocabulary = json.loads(bytes(members["vocabulary.json"]))
    vocabulary["tokenizer"] = {"profile": profile, "agreement": 1.0}
    write_model(tmp_path / "m.ner", members | {"vocabulary.json": json.dumps(vocabulary).encode()})
    (tmp_path / "gold.jsonl").write_text('{"text": "in New-York", "entities": [[3, 11, "LOC"]]}\n')
    assert main(["evaluate", str(tmp_path / "m.ner"), str(tmp_path / "gold.jsonl"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tokens"] == tokens
