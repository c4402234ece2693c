"""Model files with structural changes in any member and valid hashes work or give a one-line error."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load, save

from nertagger.cli import main
from nertagger.config.language_model import LanguageModelConfig
from nertagger.errors import NerTaggerError
from nertagger.export.quantization import int8_members
from nertagger.features import WordIndex
from nertagger.features.vocabulary import Vocabulary
from nertagger.inspection.activations import language_activations
from nertagger.inspection.contents import describe
from nertagger.modelfile.archive import write_archive
from nertagger.modelfile.reader import read_model
from nertagger.modelfile.writer import write_model
from nertagger.network.language_model import LanguageNetwork
from nertagger.runtime import Tagger
from nertagger.runtime.encoder.contents import open_encoder
from nertagger.runtime.language_model.model import LanguageModel
from nertagger.runtime.language_model.sampling import samples
from nertagger.runtime.leakage import count_trained_on
from nertagger.training.contextual import load_language
from nertagger.training.language_model.model_writing import language_members
from nertagger.training.loop.weights import get_weights
from tests.small_models import encoder_members

ODD: list[Any] = [
    None, True, 0, 1, -1, 2**31, 2**63, 2**64, 10**30, 1.5, -0.0, 1e308, "", "O", "\n", "\x1b[2J", "x" * 100_000,
    "9" * 5_000, [], [[]], [None], ["a", "a"], [1, 2], ["\ud800"], {}, {"a": {}}, {"": None}, float("nan"),
    float("inf"), [0] * 1_000, json.loads("[" * 60 + "]" * 60),
]  # fmt: skip
SAID = [f"{value}" for value in (*ODD[:12], "nan", "inf", "[" * 5_000, "9" * 5_000, "0x" + "f" * 9_000)]
SAID += ['"x"', "[]", "1979-05-27", "{a = 1}", '["a"]', "a" + ".a" * 20_000, '"\\u0000"']

NAMES = ("config.toml", "vocabulary.json", "metrics.json", "README.md", "weights.safetensors", ".onnx")
Members = dict[str, bytes]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def changed(value: Any, rng: random.Random) -> Any:
    """Return the value with one part replaced or removed."""
    value = json.loads(json.dumps(value))
    *path, key = rng.choice([place for place in places(value) if place] or [("new",)])
    holder = value
    for step in path:
        holder = holder[step]
    if rng.random() < 0.2 and (isinstance(holder, dict) or len(holder) > key):
        del holder[key]
    else:
        holder[key] = rng.choice(ODD)
    return rng.choice(ODD) if rng.random() < 0.03 else value


def change_json(content: bytes, rng: random.Random) -> bytes:
    value = json.loads(content)
    text = json.dumps(changed(value, rng))
    if rng.random() < 0.1 and isinstance(value, dict) and value:
        text = "{" + json.dumps(next(iter(value))) + ": 1, " + json.dumps(value)[1:]  # a duplicate key
    return rng.choice([text.encode()] * 9 + [text.encode("utf-16"), text[:-1].encode()])


def change_toml(content: bytes, rng: random.Random) -> bytes:
    lines = content.decode().splitlines()
    place = rng.randrange(len(lines))
    name = lines[place].partition(" = ")[0] if "=" in lines[place] else "x"
    lines[place] = f"{name} = {rng.choice(SAID)}"
    return "\n".join(lines).encode()


def change_tensors(content: bytes, rng: random.Random) -> bytes:
    length = int.from_bytes(content[:8], "little")
    header, data = json.loads(content[8 : 8 + length]), content[8 + length :]
    if rng.random() < 0.5:
        said = json.dumps(changed(header, rng)).encode()
        length = rng.choice([len(said)] * 8 + [2**63, 0])
        return length.to_bytes(8, "little") + said + data
    tensors = load(content)
    name = rng.choice(sorted(tensors))
    kinds: list[Callable[[np.ndarray], np.ndarray]] = [
        lambda old: old[:-1].copy(),
        lambda old: np.full_like(old, np.nan if old.dtype.kind == "f" else -1),
        lambda old: np.full_like(old, 60_000 if old.dtype.kind == "f" else 100),
        lambda old: old.astype(np.float64),
        lambda old: old.reshape(-1),
        lambda old: old[:0].copy(),
        lambda old: old[::-1].copy(),
    ]
    tensors[name] = rng.choice(kinds)(tensors[name])
    if rng.random() < 0.2:
        del tensors[name]
    return save(tensors)


def change_bytes(content: bytes, rng: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(rng.choice([1, 1, 1, 2, 5])):
        place = rng.randrange(len(damaged))
        kind = rng.random()
        if kind < 0.5:
            damaged[place] = rng.choice([0, 1, 2, 8, 0x7F, 0x80, 0xFF, damaged[place] ^ (1 << rng.randrange(8))])
        elif kind < 0.7:
            del damaged[place : place + rng.randrange(1, 9)]
        else:
            damaged[place:place] = rng.choice([b"\x00", b"\xff" * 9, bytes(damaged[place : place + 30])])
    return bytes(damaged)


def change(member: str, content: bytes, rng: random.Random) -> bytes:
    kinds = {".json": change_json, ".toml": change_toml, ".safetensors": change_tensors}
    return kinds.get(Path(member).suffix, change_bytes)(content, rng)


def use_tagger(path: Path) -> None:
    tagger = Tagger.load(path)
    for document in tagger.pipe(["Barack Obama saw New York. Who?", "妈 \ud800"]):
        assert all(0 <= entity.confidence <= 1 for entity in document.entities)
    (readings,) = tagger.n_best([["Paris", "and", "Michelle"]], 3)
    assert all(0 <= reading.probability <= 1 for reading in readings)
    (posteriors,) = tagger.posteriors([["Paris", "and", "Michelle"]])
    assert np.isfinite(posteriors).all()
    count_trained_on(tagger.model, [["a"] * 9])
    model = read_model(path)
    json.dumps(describe(model), allow_nan=False, ensure_ascii=False).encode()
    int8_members(model)


def use_language_model(path: Path) -> None:
    model = LanguageModel.load(path)
    for name in model.directions:
        score = model.score(["abc", "b a"], direction=name)
        assert score.perplexity >= 1 - 1e-3
    list(samples(model, seed=1, count=2, length=5))
    language_activations(model, "abc")
    load_language(str(path)).encoder()([["ab", "c"]])


@pytest.fixture(scope="module")
def language() -> Members:
    config = LanguageModelConfig(units=4, size=3, cell="lstm", layers=2)
    weights: dict[str, np.ndarray] = {}
    for name in config.directions:
        network = LanguageNetwork(config, 5, name=name)
        network.build()
        weights |= {f"{name}/{key}": array for key, array in get_weights(network).items()}
    return language_members(config, Vocabulary(["\n", *"ab "]), weights, {"step": 1})


@pytest.fixture
def rich_members(good_members) -> Members:
    """Return a tagger with every kind of tensor that a model file can have."""
    index, _ = WordIndex.build(["paris", "new"])
    K = len(json.loads(good_members["vocabulary.json"])["tags"])
    tensors = load(good_members["weights.safetensors"]) | {
        "word_vectors": np.ones((3, 4), np.float16),
        "word_keys": index.keys,
        "tag_counts": np.ones((3, K), np.int32),
        "tag_keys": index.keys,
        "sentence_keys": np.arange(4),
    }
    extra: dict[str, Any] = {"characters": ["a", "b"], "max_length": 9, "shapes": ["xx"]}
    extra["tokenizer"] = {"profile": "general", "agreement": 0.9}
    vocabulary = json.dumps(json.loads(good_members["vocabulary.json"]) | extra).encode()
    return good_members | {"weights.safetensors": save(tensors), "vocabulary.json": vocabulary}


def use_encoder(path: Path) -> None:
    model = read_model(path)
    json.dumps(describe(model), allow_nan=False, ensure_ascii=False).encode()
    contents = open_encoder(model)
    inputs = contents.features.encode(["Paris", "妈 \ud800", ""])
    if contents.vectors is not None:
        assert np.isfinite(contents.vectors.lookup(inputs["vector_rows"])).all()


def check(path: Path, use: Callable[[Path], None], member: str) -> bool:
    """Return whether using the file gives a one-line error; fails for any result but that and success."""
    began = time.process_time()
    try:
        use(path)
    except NerTaggerError as error:
        text = str(error)
        assert str(path) in text, text
        assert member == "manifest.json" or any(name in text for name in NAMES), (
            text
        )  # if two members do not fit, either
        assert text.isprintable(), text
        assert len(text) < 600, text
        return True
    finally:
        assert time.process_time() - began < 20
    return False


COUNT = 40


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))])
def test_a_changed_tagger_runs_or_gives_a_one_line_error(tmp_path, rich_members, seed):
    use_tagger_of(tmp_path, rich_members)
    refused = 0
    for member in rich_members:
        rng = random.Random(f"{seed} {member}")
        for _ in range(COUNT if member != "README.md" else 3):
            content = change(member, rich_members[member], rng)
            write_model(tmp_path / "m.ner", rich_members | {member: content})
            refused += check(tmp_path / "m.ner", use_tagger, member)
    assert refused > COUNT


def use_tagger_of(folder: Path, members: Members) -> None:
    write_model(folder / "m.ner", members)
    use_tagger(folder / "m.ner")


@pytest.mark.filterwarnings("error")
def test_a_changed_language_model_runs_or_gives_a_one_line_error(tmp_path, language):
    write_model(tmp_path / "m.lm", language)
    use_language_model(tmp_path / "m.lm")
    refused = 0
    for member in language:
        rng = random.Random(f"language {member}")
        for _ in range(COUNT):
            content = change(member, language[member], rng)
            write_model(tmp_path / "m.lm", language | {member: content})
            refused += check(tmp_path / "m.lm", use_language_model, member)
    assert refused > COUNT


@pytest.mark.filterwarnings("error")
def test_a_changed_encoder_opens_or_gives_a_one_line_error(tmp_path):
    members = encoder_members()
    write_model(tmp_path / "m.enc", members)
    use_encoder(tmp_path / "m.enc")
    refused = 0
    for member in members:
        rng = random.Random(f"encoder {member}")
        for _ in range(3 * COUNT if member != "README.md" else 3):
            content = change(member, members[member], rng)
            write_model(tmp_path / "m.enc", members | {member: content})
            refused += check(tmp_path / "m.enc", use_encoder, member)
    assert refused > COUNT


def test_a_changed_manifest_gives_a_one_line_error(tmp_path, good_members):
    path = tmp_path / "m.ner"
    write_model(path, good_members)
    hashes = dict(read_model(path).hashes)
    manifest = {"format": 1, "nertagger": "0.1.0", "members": hashes}
    rng = random.Random(5)
    refused = 0
    for _ in range(150):
        with path.open("wb") as stream:
            write_archive(stream, {"manifest.json": change_json(json.dumps(manifest).encode(), rng), **good_members})
        refused += check(path, lambda path: json.dumps(describe(read_model(path))), "manifest.json")
    assert refused > 100


DEEP, NONSENSE = b"[" * 50_000, b"\x08\x08" * 50
TAGGERS = {
    "vocabulary.json": DEEP,
    "network.onnx": NONSENSE,
    "words.onnx": NONSENSE,
    "weights.safetensors": b"\xff" * 9,
}
ENCODERS = {"vocabulary.json": DEEP, "weights.safetensors": b"\xff" * 9, "config.toml": b"x = " + DEEP}
LANGUAGE_MODELS = {"vocabulary.json": DEEP, "forward.onnx": NONSENSE, "config.toml": b"x = " + DEEP}


def refused(capsys: pytest.CaptureFixture[str], path: Path, member: str, arguments: list[str]) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert error.count("\n") == 1, error
    assert str(path) in error
    assert member in error


@pytest.mark.parametrize("member", TAGGERS)
@pytest.mark.parametrize(
    "command", ["tag M T", "evaluate M G", "inspect M", "export M --int8 -o O", "bench M T", "activations M Paris"]
)
def test_every_command_gives_a_one_line_error_for_a_bad_tagger(tmp_path, good_members, capsys, command, member):
    path, text, gold = tmp_path / "m.ner", tmp_path / "text.txt", tmp_path / "gold.conll"
    write_model(path, good_members | {member: TAGGERS[member]})
    text.write_text("Paris.\n")
    gold.write_text("Paris B-LOC\n\n")
    names = {"M": str(path), "T": str(text), "G": str(gold), "O": str(tmp_path / "out.ner")}
    refused(capsys, path, member, [names.get(word, word) for word in command.split()])
    assert not (tmp_path / "out.ner").exists()


@pytest.mark.parametrize("member", ENCODERS)
def test_inspect_gives_a_one_line_error_for_a_bad_encoder(tmp_path, capsys, member):
    path = tmp_path / "m.enc"
    write_model(path, encoder_members() | {member: ENCODERS[member]})
    refused(capsys, path, member, ["inspect", str(path)])


@pytest.mark.parametrize("member", LANGUAGE_MODELS)
@pytest.mark.parametrize(
    "command",
    [
        "lm score M T",
        "lm sample M",
        "activations M abc",
        "train --quiet --train G --dev D --set features.language_model=M --out O",
    ],
)
def test_every_command_gives_a_one_line_error_for_a_bad_language_model(tmp_path, language, capsys, command, member):
    if member == "config.toml" and command.startswith("lm"):
        pytest.skip("scores and samples need no settings")
    path, text = tmp_path / "m.lm", tmp_path / "text.txt"
    write_model(path, language | {member: LANGUAGE_MODELS[member]})
    text.write_text("abc\n")
    for name, word in (("gold.conll", "Paris"), ("dev.conll", "Rome")):
        (tmp_path / name).write_text(f"{word} B-LOC\n\n" * 3)
    names = {"M": str(path), "T": str(text), "G": str(tmp_path / "gold.conll"), "D": str(tmp_path / "dev.conll")}
    names |= {"O": str(tmp_path / "out.ner"), "features.language_model=M": f"features.language_model={path}"}
    refused(capsys, path, member, [names.get(word, word) for word in command.split()])
