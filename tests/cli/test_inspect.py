from __future__ import annotations

import hashlib
import json
import zipfile

import numpy as np
import pytest
from safetensors.numpy import save

from nertagger.cli import main
from nertagger.features import WordIndex
from nertagger.modelfile.reader import read_model
from nertagger.modelfile.schema import TAGGER_MEMBERS
from nertagger.modelfile.writer import write_model
from tests.small_models import encoder_members


def test_inspect_prints_one_json_object(lexicon_model, capsys):
    assert main(["inspect", str(lexicon_model), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["labels"] == ["PER", "LOC"]
    assert shown["output"] == "crf"
    assert shown["settings"] == {"network": {"cell": "lstm", "layers": 1}}
    assert shown["metrics"] == {"dev": {"f1": 0.5}}
    assert shown["parameters"] == 9 * 9 + 9 + 9
    assert shown["card"] == "# A model made for a test\n"
    with zipfile.ZipFile(lexicon_model) as archive:
        for name in TAGGER_MEMBERS:
            assert shown["sha256"][name] == hashlib.sha256(archive.read(name)).hexdigest()
            assert shown["bytes"][name] == archive.getinfo(name).file_size


def test_inspect_prints_the_card_first(lexicon_model, capsys):
    assert main(["inspect", str(lexicon_model)]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("# A model made for a test\n")
    for text in ("labels      PER LOC", "network.layers  1", "dev.f1  0.5000", "sha256 "):
        assert text in shown


@pytest.mark.parametrize(
    ("member", "content", "message"),
    [
        ("config.toml", b"[", "config.toml is not TOML"),
        ("config.toml", b"\xff", "config.toml is not UTF-8"),
        ("vocabulary.json", b'{"tags": [1]}', "vocabulary.json has the tags"),
        ("metrics.json", b"1", "metrics.json holds a int, expected an object"),
        ("weights.safetensors", b"", "weights.safetensors: its header"),
    ],
)
def test_inspect_of_invalid_members(lexicon_model, tmp_path, capsys, member, content, message):
    members = dict(read_model(lexicon_model).members)
    write_model(tmp_path / "bad.ner", members | {member: content})
    assert main(["inspect", str(tmp_path / "bad.ner")]) == 2
    assert capsys.readouterr().err.startswith(f"error: {tmp_path / 'bad.ner'}: {message}")


def test_inspect_counts_words_stored_as_hashes(lexicon_model, tmp_path, capsys):
    members = dict(read_model(lexicon_model).members)
    index, _ = WordIndex.build(["the", "cat", "ran"])
    tensors = {"word_keys": index.keys, "word_vectors": np.zeros((4, 2), np.float16)}
    tensors |= {"tag_keys": index.keys[:2], "tag_counts": np.zeros((3, 9), np.int32)}
    write_model(tmp_path / "m.ner", members | {"weights.safetensors": save(tensors)})
    assert main(["inspect", str(tmp_path / "m.ner"), "--json"]) == 0
    sizes = json.loads(capsys.readouterr().out)["vocabulary"]
    assert (sizes["pretrained_words"], sizes["words_with_tag_counts"]) == (3, 2)


def test_inspect_shows_an_encoder(tmp_path, capsys):
    write_model(tmp_path / "e.enc", encoder_members())
    assert main(["inspect", str(tmp_path / "e.enc")]) == 0
    shown = capsys.readouterr().out
    for text in (
        "# An encoder made for a test",
        "pretrained_words  4 items",
        "network.layers      2",
        "step  9",
        "sha256 ",
    ):
        assert text in shown
    assert main(["inspect", str(tmp_path / "e.enc"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["vocabulary"] == {"characters": 2, "shapes": 2, "pretrained_words": 4}
    assert found["tensors"]["word_vectors"] == [5, 5]


@pytest.mark.parametrize("line", ["tag E T", "evaluate E T", "bench E T", "export E --int8 -o O"])
def test_an_encoder_is_no_tagger(tmp_path, capsys, line):
    path, text = tmp_path / "e.enc", tmp_path / "text.txt"
    write_model(path, encoder_members())
    text.write_text("Paris S-LOC\n")
    names = {"E": str(path), "T": str(text), "O": str(tmp_path / "o.ner")}
    assert main([names.get(word, word) for word in line.split()]) == 2
    remedy = f"nertagger train --encoder {path} trains one from it"
    assert capsys.readouterr().err == f"error: {path}: is an encoder, expected a tagger; {remedy}\n"


def test_inspect_of_a_truncated_file(lexicon_model, tmp_path, capsys):
    path = tmp_path / "cut.ner"
    path.write_bytes(lexicon_model.read_bytes()[:-100])
    assert main(["inspect", str(path)]) == 2
    assert capsys.readouterr().err.startswith(f"error: {path}: is damaged or cut short")
