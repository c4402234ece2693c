from __future__ import annotations

import json
import random
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nertagger.errors import ModelFileError, NerTaggerError
from nertagger.modelfile.reader import read_model
from nertagger.modelfile.schema import TAGGER_MEMBERS, language_member_names
from nertagger.modelfile.writer import write_model
from tests.small_models import encoder_members, lexicon_members


@pytest.fixture
def written(tmp_path, good_members) -> Path:
    path = tmp_path / "good.ner"
    write_model(path, good_members)
    return path


def rewrite(path: Path, change) -> Path:
    """Rewrite the zip with members changed by `change`, a function from a list of (name, bytes) to another."""
    with zipfile.ZipFile(path) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in change(members):
            archive.writestr(name, content)
    return path


def with_manifest(members, /, **changes):
    (name, content), *rest = members
    return [(name, json.dumps(json.loads(content) | changes)), *rest]


def test_model_files_round_trip(written, good_members):
    model = read_model(written)
    assert {name: bytes(content) for name, content in model.members.items()} == good_members
    assert model.json("metrics.json") == {"dev": {"f1": 0.5}}
    assert model.text("README.md").startswith("# A model")
    assert model.tensors["crf/transitions"].dtype == np.float32


ENCODER = encoder_members()
LANGUAGE_MODEL = dict.fromkeys(language_member_names(["forward"]), b"")
KINDS = [
    (lexicon_members({"Ann": "S-PER"}), "tagger"),
    (ENCODER, "encoder"),
    (LANGUAGE_MODEL, "language model"),
]


@pytest.mark.parametrize(("members", "kind"), KINDS)
def test_kinds_are_told_by_the_members(tmp_path, members, kind):
    write_model(tmp_path / "m", members)
    model = read_model(tmp_path / "m")
    assert model.kind == kind
    model.expect(kind)
    model.expect("tagger", "encoder", "language model")


@pytest.mark.parametrize(
    ("members", "expected", "message"),
    [
        (ENCODER, ["tagger"], "is an encoder, expected a tagger; nertagger train --encoder M trains one from it"),
        (ENCODER, ["language model"], "is an encoder, expected a language model; nertagger lm train makes one"),
        (
            LANGUAGE_MODEL,
            ["encoder", "tagger"],
            "is a language model, expected an encoder or a tagger; nertagger pretrain makes one",
        ),
    ],
)  # fmt: skip
def test_another_kind_is_an_error(tmp_path, members, expected, message):
    path = tmp_path / "m.enc"
    write_model(path, members)
    with pytest.raises(ModelFileError) as caught:
        read_model(path).expect(*expected)
    assert str(caught.value) == f"{path}: {message.replace('M', str(path))}"


def test_the_same_members_give_the_same_bytes(tmp_path, good_members, monkeypatch):
    write_model(tmp_path / "a.ner", good_members)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    write_model(tmp_path / "b.ner", dict(reversed(good_members.items())))
    assert (tmp_path / "a.ner").read_bytes() == (tmp_path / "b.ner").read_bytes()


def test_the_zip_module_reads_it_and_members_are_aligned(written, good_members):
    with zipfile.ZipFile(written) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["manifest.json", *TAGGER_MEMBERS]
        offsets = [written.read_bytes().index(archive.read(name)) for name in TAGGER_MEMBERS]
    assert all(offset % 64 == 0 for offset in offsets)


def test_a_failed_write_leaves_the_old_file(written, good_members, monkeypatch):
    before = written.read_bytes()
    monkeypatch.setattr("zipfile.ZipFile.writestr", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(ModelFileError, match=r"good\.ner: cannot be written \(No space left\)"):
        write_model(written, good_members)
    assert written.read_bytes() == before
    assert [path.name for path in written.parent.iterdir()] == ["good.ner"]


def test_writing_other_members_is_an_error(tmp_path, good_members):
    del good_members["README.md"]
    with pytest.raises(ModelFileError, match="got the members"):
        write_model(tmp_path / "m.ner", good_members)
    with pytest.raises(NerTaggerError, match="cannot be written"):
        write_model(tmp_path / "absent" / "m.ner", good_members | {"README.md": b""})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a model file"),
        (b"hello, world, this is no zip at all", "is not a model file"),
        (b"PK\x03\x04" + b"\0" * 40, "damaged or cut short"),
        (b"\x80\x04\x95pickle", "is not a model file"),
    ],
)
def test_not_a_zip(tmp_path, content, message):
    path = tmp_path / "m.ner"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=message) as caught:
        read_model(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)
    with pytest.raises(ModelFileError) as of_bytes:
        read_model(content)
    assert str(of_bytes.value) == str(caught.value).replace(str(path), "(in memory)")


def test_bytes_are_checked_like_a_file(written):
    content = written.read_bytes()
    assert read_model(content).members == read_model(written).members
    changed = content.replace(b"# A model", b"# B model")
    with pytest.raises(ModelFileError, match=r"^\(in memory\): is damaged: README\.md is not what was written"):
        read_model(changed)


def test_paths_that_cannot_be_opened(tmp_path):
    with pytest.raises(ModelFileError, match=r"absent\.ner: there is no such file; nertagger train"):
        read_model(tmp_path / "absent.ner")
    with pytest.raises(ModelFileError, match=r"cannot be read \(Is a directory"):
        read_model(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda members: members[1:], "a zip without manifest.json"),
        (lambda members: members[:-1], "lacks weights.safetensors"),
        (lambda members: [*members, ("extra.py", b"x")], "holds 'extra.py', which does not belong"),
        (lambda members: [*members, ("../../etc/passwd", b"x")], "holds '../../etc/passwd', which does not belong"),
        (
            lambda members: [*members[:1], (members[1][0], b"x = 1"), *members[2:]],
            "config.toml is not what was",
        ),
        (lambda members: with_manifest(members, format=2), "has format 2, this nertagger reads 1; upgrade"),
        (lambda members: with_manifest(members, format="1"), "has format '1'"),
        (lambda members: with_manifest(members, members={}), "does not list the members"),
        (lambda members: [("manifest.json", b"[]"), *members[1:]], "manifest.json is not an object"),
        (lambda members: [("manifest.json", b"{"), *members[1:]], "manifest.json is not an object"),
        (lambda members: [("manifest.json", b"[" * 100_000), *members[1:]], "manifest.json is not an object"),
    ],
)
def test_reading_other_members_is_an_error(written, change, message):
    with pytest.raises(ModelFileError, match=message) as caught:
        read_model(rewrite(written, change))
    assert "\n" not in str(caught.value)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_duplicate_member_is_an_error(written):
    with pytest.raises(ModelFileError, match=r"holds 'README\.md' more than once"):
        read_model(rewrite(written, lambda members: [*members, ("README.md", b"other")]))


def test_a_zip_bomb_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.ner"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b"0" * 50_000_000)
    with pytest.raises(ModelFileError, match="declares members larger than itself"):
        read_model(path)


def test_compressed_members_are_rejected(written):
    with zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("small", b"ab")
    with pytest.raises(ModelFileError, match="'small' is compressed"):
        read_model(written)


def test_truncation_at_any_place_is_detected(written):
    content = written.read_bytes()
    for size in [*range(0, len(content), 97), len(content) - 1]:
        written.write_bytes(content[:size])
        with pytest.raises(ModelFileError):
            read_model(written)


def test_a_flipped_byte_is_detected_or_changes_nothing(written, good_members):
    content = written.read_bytes()
    generator = random.Random(3)
    for place in [*generator.sample(range(len(content)), 300), *range(len(content) - 120, len(content))]:
        damaged = bytearray(content)
        damaged[place] ^= 1 << generator.randrange(8)
        written.write_bytes(damaged)
        try:
            members = read_model(written).members
        except ModelFileError:
            continue
        assert {name: bytes(member) for name, member in members.items()} == good_members


@pytest.mark.parametrize("content", [b"\xff\xfe", b"{", b"[" * 100_000, b"[1]"])
def test_members_that_are_not_json_objects(tmp_path, good_members, content):
    path = tmp_path / "m.ner"
    write_model(path, good_members | {"metrics.json": content})
    with pytest.raises(ModelFileError, match=r"metrics\.json"):
        read_model(path).json("metrics.json")
