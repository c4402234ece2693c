"""Copies of excluded sentences are found however they are tokenized, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

from nertagger.training.pretraining.exclusion import EXACT, NEAR, Exclusion

LONG = "The committee of the regional council met again on the second Monday of January in Oslo .".split()
SHORT = "He does n't live in Rome .".split()
TINY = "Yes , indeed".split()
OTHERS = [
    s.split() for s in ("Nothing of this kind was ever said by anybody in the whole town .", "He lives in Rome .", "")
]


@pytest.fixture
def exclusion() -> Exclusion:
    return Exclusion.of([LONG, SHORT, TINY, *OTHERS[:0]])


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        (" ".join(LONG), EXACT),
        (" ".join(LONG).upper(), EXACT),
        ("He doesn't live in Rome.", EXACT),
        ("Yes , indeed", 0),  # too short to be anybody's
        ("It is said that the committee of the regional council met again on the second Monday of May .", NEAR),
        ("It is said that the committee of the regional council is old .", 0),
        ("Once he does n't live in Rome .", 0),
    ],
)
def test_kinds(sentence: str, kind: int, exclusion: Exclusion) -> None:
    sentences = [*OTHERS, sentence.split(), *OTHERS]
    assert exclusion.kinds(sentences).tolist() == [0, 0, 0, kind, 0, 0, 0]


def test_near_copies_are_those_that_share_40_characters() -> None:
    """Compared with all windows of all sentences, one by one."""
    rng = np.random.default_rng(3)
    words = ["ab", "c", "Dd", "efgh", "ß", "漢字", "😀x"]
    made = [[words[i] for i in rng.integers(0, len(words), 60)] for _ in range(30)]
    excluded, others = made[:10], made[10:]
    others += [[*other[:9], *some[7:40], *other[9:]] for other, some in zip(others, excluded, strict=False)]

    def windows(sentence: list[str], starts: list[int]) -> set[str]:
        text = "".join(word.lower() for word in sentence)
        return {text[i : i + 40] for i in starts if i + 40 <= len(text)}

    known = set().union(*(windows(sentence, list(range(1000))) for sentence in excluded))
    found = Exclusion.of(excluded).kinds(others)
    for sentence, kind in zip(others, found.tolist(), strict=True):
        starts = [sum(len(word.lower()) for word in sentence[:n]) for n in range(len(sentence))]
        assert (kind == NEAR) == bool(windows(sentence, starts) & known)
    assert 0 < (found == NEAR).sum() < len(found)


def test_an_empty_exclusion_excludes_nothing() -> None:
    assert Exclusion.of([]).kinds([LONG, []]).tolist() == [0, 0]
    assert Exclusion.of([LONG]).kinds([]).tolist() == []
