"""The tokenizer is chosen from the training words before training, and is stored in the model."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nertagger.config import Config
from nertagger.training import train
from nertagger.training.data import load_dataset

NAMES = ("김철수는", "박영희는", "이민호는", "최지우는")
CITIES = ("서울에서", "부산에서", "대구에서", "인천에서")
KOREAN = "\n".join(f"{name}\tB-PER\n오늘\tO\n{city}\tB-LOC\n일한다\tO\n.\tO\n" for name in NAMES for city in CITIES)
CHINESE = "王小明\tB-PER\n昨天\tO\n在\tO\n北京\tB-LOC\n大学\tO\n学习\tO\n。\tO\n\n"
JSONL = json.dumps({"text": "나는 서울에서 일한다.", "entities": [{"start": 3, "end": 7, "label": "LOC"}]}) + "\n"


@pytest.fixture
def on(tiny: Callable[..., Config], tmp_path: Path) -> Callable[..., Config]:
    """Return a function that makes the configuration of a small run on a file with this content."""

    def make(content: str, *overrides: str, name: str = "train.conll") -> Config:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return tiny(f'data.train=["{path}"]', f'data.dev=["{path}"]', *overrides)

    return make


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the warnings about the tokenizer."""
    return [message for message in caplog.messages if "tokenizer" in message]


@pytest.mark.parametrize(
    ("setting", "profile", "agreement"),
    [("auto", "whitespace", 1.0), ("whitespace", "whitespace", 1.0), ("general", "general", 2 * 16 / (16 * 19))],
)
def test_the_profile_is_chosen_automatically_or_by_name(on, caplog, setting, profile, agreement):
    tokenizer = load_dataset(on(KOREAN, f"text.tokenizer={setting}")).tokenizer
    assert tokenizer == (profile, pytest.approx(agreement))
    assert len(warnings_of(caplog)) == (setting == "general")


def test_english_uses_the_general_profile(tiny, caplog):
    assert load_dataset(tiny()).tokenizer.profile == "general"
    assert warnings_of(caplog) == []


def test_training_words_that_no_tokenizer_reproduces_give_one_warning(on, caplog):
    config = on(CHINESE * 3)
    load_dataset(config)
    (message,) = warnings_of(caplog)
    assert message.startswith(f"{config.data.train[0]}: raw text is tokenized differently from the ")
    assert "\n" not in message


@pytest.mark.parametrize(
    ("setting", "words"),
    [("auto", (*"나는서울에서일한다", ".")), ("whitespace", ("나는", "서울에서", "일한다", "."))],
)
def test_annotated_texts_are_tokenized_by_the_configured_profile(on, caplog, setting, words):
    data = load_dataset(on(JSONL * 2, f"text.tokenizer={setting}", name="train.jsonl"))
    assert data.train[0].words == data.dev[0].words == words
    assert data.tokenizer.f1 == 1.0
    assert warnings_of(caplog) == []


def test_a_trained_model_tokenizes_raw_text_as_the_training_data(on):
    tagger = train(on(KOREAN, "training.epochs=20", "training.refit=0"))
    assert tagger.tokenizer == ("whitespace", 1.0)
    assert "- Raw text: tokenizer whitespace, agrees with 100.0 % of the training words" in tagger.model.text(
        "README.md"
    )
    found = tagger("김철수는 오늘 부산에서 일한다.\n최지우는 오늘 서울에서 일한다.").entities
    assert [(entity.label, entity.text) for entity in found] == [
        ("PER", "김철수는"), ("LOC", "부산에서"), ("PER", "최지우는"), ("LOC", "서울에서"),
    ]  # fmt: skip
