"""Raw text is tokenized by the profile in the model file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nertagger.errors import ModelFileError
from nertagger.modelfile.reader import read_model
from nertagger.modelfile.writer import write_model
from nertagger.runtime import Tagger
from nertagger.runtime.tokenizing import read_tokenizer, tokenizer_record
from nertagger.text.tokenization.profiles import Agreement, Profile

LEXICON = {"서울에서": "S-LOC", "서": "B-PER", "울": "E-PER", "don't": "S-LOC", "小": "B-PER", "明": "E-PER"}
TEXT = "나는 서울에서 don't. 小明"


@pytest.fixture
def with_tokenizer(make_lexicon_model: Callable[..., Path]) -> Callable[..., Path]:
    """Return a function that writes a model file with a tokenizer in its vocabulary."""

    def make(value: object) -> Path:
        path = make_lexicon_model(LEXICON)
        members = dict(read_model(path).members)
        vocabulary = json.loads(bytes(members["vocabulary.json"])) | {"tokenizer": value}
        write_model(path, members | {"vocabulary.json": json.dumps(vocabulary).encode()})
        return path

    return make


@pytest.mark.parametrize(
    ("profile", "found"),
    [
        ("general", ["서울", "小明"]),
        ("whitespace", ["서울에서", "don't"]),
        ("spaces", ["서울에서"]),
        ("character", ["서울", "小明"]),
    ],
)
def test_text_is_tokenized_by_the_profile(with_tokenizer, profile, found):
    tagger = Tagger.load(with_tokenizer({"profile": profile, "agreement": 0.99}))
    assert tagger.tokenizer == (profile, 0.99)
    for document in (tagger(TEXT), *tagger.pipe([TEXT]), *tagger.tag_documents([tagger.segment(TEXT)])):
        assert [entity.text for entity in document.entities] == found
        assert all(document.text[entity.start : entity.end] == entity.text for entity in document.entities)
    assert tagger.segment("a b", source="x.txt", offset=7).offset == 7


def test_a_model_without_a_tokenizer_has_the_general_one_and_does_not_warn(lexicon_model, caplog):
    tagger = Tagger.load(lexicon_model)
    assert tagger.tokenizer == Agreement(Profile.GENERAL)
    tagger(TEXT)
    assert caplog.messages == []


def test_low_agreement_gives_one_warning_for_raw_text_only(with_tokenizer, caplog):
    path = with_tokenizer({"profile": "general", "agreement": 0.412})
    tagger = Tagger.load(path)
    tagger.tag_tokens([["나는", "서울에서"]])
    assert caplog.messages == []
    tagger(TEXT)
    list(tagger.pipe([TEXT, TEXT]))
    (message,) = caplog.messages
    assert message.startswith(f"{path}: raw text is tokenized differently from the training words")
    assert "41.2 %" in message
    assert "--format lines" in message
    assert "\n" not in message


@pytest.mark.parametrize("share", [None, 0, 0.5, 1])
def test_tokenizers_round_trip(with_tokenizer, share):
    tokenizer = Agreement(Profile.SPACES, share)
    value = tokenizer_record(tokenizer)
    assert read_tokenizer({"tokenizer": value}, read_model(with_tokenizer(value))) == tokenizer


@pytest.mark.parametrize(
    "value",
    [
        "general",
        [],
        1,
        {},
        {"profile": "hologram", "agreement": 1.0},
        {"profile": ["general"], "agreement": 1.0},
        {"profile": "general", "agreement": "1"},
        {"profile": "general", "agreement": True},
        {"profile": "general", "agreement": 1.5},
        {"profile": "general", "agreement": float("nan")},
    ],
)
def test_invalid_values_give_a_one_line_error(with_tokenizer, value):
    message = r"vocabulary\.json (has the tokenizer .*, expected a profile|is not JSON)"
    with pytest.raises(ModelFileError, match=message) as error:
        Tagger.load(with_tokenizer(value))
    assert "\n" not in str(error.value)
