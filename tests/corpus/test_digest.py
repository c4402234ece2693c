"""The digest of sentences depends on words and tags only."""

from __future__ import annotations

import pytest

from nertagger.corpus.digest import digest
from nertagger.text.document import Sentence


def one(words: str, tags: str) -> Sentence:
    return Sentence.from_words(tuple(words.split()), tags=tuple(tags.split()))


BASE = [one("Ann ran", "B-PER O"), one("Bo", "B-PER")]


@pytest.mark.parametrize("other", [
    [one("Ann ran", "B-PER O"), one("Bo", "B-LOC")],
    [one("Ann run", "B-PER O"), one("Bo", "B-PER")],
    [one("Ann ran Bo", "B-PER O B-PER")],
    BASE[::-1], BASE[:1], [*BASE, BASE[0]], [],
    [one("Annran", "B-PER"), one("Bo", "B-PER")],
])  # fmt: skip
def test_digest_changes_with_any_word_or_tag(other: list[Sentence]) -> None:
    assert digest(other) != digest(BASE)


def test_digest_ignores_the_source() -> None:
    moved = [Sentence.from_words(s.words, tags=s.tags, source="elsewhere:7") for s in BASE]
    assert digest(moved) == digest(BASE)
