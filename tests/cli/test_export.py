from __future__ import annotations

import json

import pytest
from safetensors.numpy import load, save

from nertagger.cli import main
from nertagger.modelfile.reader import read_model
from nertagger.modelfile.schema import Tensor
from nertagger.modelfile.writer import write_model
from nertagger.runtime import Tagger
from nertagger.runtime.leakage import sentence_keys


@pytest.fixture
def gold(tmp_path):
    path = tmp_path / "dev.conll"
    path.write_text("Paris B-LOC\nis O\n\nMichelle O\n")
    return path


def test_size_and_f1_are_printed_and_stored(lexicon_model, gold, tmp_path, capsys):
    target = tmp_path / "int8.ner"
    assert main(["export", str(lexicon_model), "--int8", "--dev", str(gold), "-o", str(target)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"{target}: 8-bit weights, ")
    assert printed.endswith(f"F1 66.67 on {gold}, 66.67 of the float model\n")
    report = read_model(target).json("metrics.json")["int8"]
    assert (report["dev_f1"], report["float_dev_f1"]) == pytest.approx((2 / 3, 2 / 3))
    assert report["float_bytes"] == sum(map(len, read_model(lexicon_model).members.values()))
    assert "## 8-bit weights\n\n8-bit weights, " in read_model(target).text("README.md")
    assert Tagger.load(target).tag_tokens([["New", "York"]]) == [["B-LOC", "I-LOC"]]


def test_json_and_no_dev_file(lexicon_model, tmp_path, capsys):
    target = tmp_path / "int8.ner"
    assert main(["export", str(lexicon_model), "--int8", "-o", str(target), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"model", "bytes", "float_bytes"}


def test_the_english_tagger_becomes_a_complete_file(english_folder, tmp_path, capsys):
    target = tmp_path / "english.ner"
    assert main(["export", "english", "-o", str(target)]) == 0
    assert capsys.readouterr().out == f"{target}: {target.stat().st_size / 1e6:.1f} MB\n"
    assert Tensor.WORD_VECTORS in read_model(target).tensors
    assert Tagger.load(target).tag_tokens([["New", "York"]]) == Tagger.load("english").tag_tokens([["New", "York"]])


def test_a_model_is_written_as_it_is(lexicon_model, tmp_path, capsys):
    target = tmp_path / "copy.ner"
    assert main(["export", str(lexicon_model), "-o", str(target), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"model": str(target), "bytes": target.stat().st_size}
    assert read_model(target).members == read_model(lexicon_model).members


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "x.ner", "--dev", "dev.conll"], "--dev is for 8-bit weights, which it scores; pass --int8"),
        (["--int8"], "the following arguments are required: --output/-o"),
        (["--int8", "-o", "x.ner", "--dev", "absent.conll"], "absent.conll: cannot be read"),
    ],
)
def test_wrong_requests(lexicon_model, capsys, arguments, message):
    assert main(["export", str(lexicon_model), *arguments]) == 2
    assert capsys.readouterr().err.startswith(f"error: {message}")


@pytest.mark.parametrize(("learned", "warns"), [("a b c d Paris", True), ("a b c d Rome", False)])
def test_dev_sentences_of_the_training_text_are_warned_of(learned, warns, lexicon_model, tmp_path, caplog):
    members = {name: bytes(content) for name, content in read_model(lexicon_model).members.items()}
    tensors = {**load(members["weights.safetensors"]), Tensor.SENTENCE_KEYS: sentence_keys([learned.split()])}
    write_model(tmp_path / "learned.ner", members | {"weights.safetensors": save(tensors)})
    (tmp_path / "dev.conll").write_text("a O\nb O\nc O\nd O\nParis B-LOC\n")
    arguments = ["--int8", "--dev", str(tmp_path / "dev.conll"), "-o", str(tmp_path / "int8.ner")]
    assert main(["export", str(tmp_path / "learned.ner"), *arguments]) == 0
    assert ("trained on 1 of these 1 gold sentences" in caplog.text) == warns
    caplog.clear()
    assert main(["evaluate", str(tmp_path / "int8.ner"), str(tmp_path / "dev.conll")]) == 0
    assert ("trained on 1 of these 1 gold sentences" in caplog.text) == warns
