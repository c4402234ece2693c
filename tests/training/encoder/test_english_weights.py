"""Which weights of English a training text starts from."""

from __future__ import annotations

from pathlib import Path

import pytest

from nertagger.runtime import Tagger
from nertagger.text.document import Sentence
from nertagger.training.encoder.english_weights import found_share

TEXTS = [
    (("Barack", "Obama", "saw", "Oslo"), ("B-X", "I-X", "O", "B-X"), 0.5),
    (("Paris", "is", "far"), ("O", "O", "O"), 0.0),
    (("Paris", "is", "far"), ("B-X", "I-X", "O"), 0.0),
    (("Paris", "is", "far"), ("B-CITY", "O", "O"), 1.0),
]


@pytest.mark.parametrize(("words", "tags", "expected"), TEXTS)
def test_exact_spans_are_found_whatever_their_label(
    words: tuple[str, ...], tags: tuple[str, ...], expected: float, lexicon_model: Path
) -> None:
    sentence = Sentence.from_words(words, tags=tags)
    assert found_share(Tagger.load(lexicon_model), [sentence]) == expected
