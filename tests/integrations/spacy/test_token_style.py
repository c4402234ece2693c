"""A mismatch between spaCy's tokens and those of a model's training is measured and warned of once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc

from nertagger.modelfile.writer import write_model
from tests.small_models import LEXICON, lexicon_members

TEXT = "Well, Anna's friends don't e-mail Paris (much): they can't, won't, shan't! "


@pytest.fixture
def make_model(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a model that was trained on words of a given style."""

    def make(profile: str, agreement: float) -> Path:
        members = lexicon_members(LEXICON)
        vocabulary = json.loads(members["vocabulary.json"])
        vocabulary["tokenizer"] = {"profile": profile, "agreement": agreement}
        members["vocabulary.json"] = json.dumps(vocabulary).encode()
        path = tmp_path / "styled.ner"
        write_model(path, members)
        return path

    return make


@pytest.mark.parametrize(
    ("profile", "agreement", "split", "message"),
    [
        ("general", 0.99, False, None),
        ("general", 0.99, True, r"spaCy's tokens differ from those that the model was trained on \(\d\d\.\d % agree"),
        ("spaces", 0.99, True, None),
        ("character", 1.0, False, "spaCy's tokens differ"),
        ("general", 0.5, False, r"spaCy's tokens are those of raw text \(.*\), on which the model was not trained"),
        ("general", 0.5, True, None),
    ],
)
def test_warns_once(
    make_model: Callable[..., Path],
    caplog: pytest.LogCaptureFixture,
    profile: str,
    agreement: float,
    split: bool,
    message: str | None,
) -> None:
    nlp = spacy.blank("en")
    if split:
        nlp.tokenizer = lambda text: Doc(nlp.vocab, words=text.split())
    nlp.add_pipe("nertagger", config={"model": str(make_model(profile, agreement))})
    nlp("Paris, can't!")
    assert not caplog.records
    list(nlp.pipe([TEXT * 10] * 3, batch_size=1))
    messages = [record.message for record in caplog.records]
    if message is None:
        assert not messages
    else:
        assert len(messages) == 1
        assert re.match(rf"nertagger \(styled\.ner\): {message}", messages[0])
