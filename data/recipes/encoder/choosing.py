"""Which words pay: frequent ones, and names before other words, since they are what a tagger looks for."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from nertagger.files.reading import open_text

logger = logging.getLogger(__name__)

_FORM = re.compile(r"\w+(?:['.-]\w+)*|\S")
_TEXT_WEIGHT = 0.7  # of the counts in the text; the rest is Zipf's law over GloVe's order
_NAME_SHARE, _NAME_FACTOR, _DIGIT_FACTOR = 0.6, 2.0, 0.3


def count_forms(path: Path) -> Counter[str]:
    """Return how often each form occurs in a text."""
    counts: Counter[str] = Counter()
    with open_text(path) as text:
        for line in text:
            counts.update(_FORM.findall(line))
    logger.info("%s running words, %s forms", f"{counts.total():,}", f"{len(counts):,}")
    return counts


def chosen_words(words: Sequence[str], counts: Mapping[str, int]) -> np.ndarray:
    """Return the places of all words, those that pay most first, int64 (V,).

    The frequency of a word is the geometric mean of those by GloVe's order and in the text. It counts double for words
    that are mostly written with a capital there, and a third for words with a digit, whose digits are folded.

    Args:
        words: lower-cased, most frequent first.
        counts: of forms.
    """
    place = {word: number for number, word in enumerate(words)}
    small, capital = np.zeros(len(words)), np.zeros(len(words))
    for form, count in counts.items():
        number = place.get(form.lower())
        if number is not None:
            (capital if form[:1].isupper() else small)[number] += count
    total = small + capital
    by_order, by_text = 1 / np.arange(1, len(words) + 1), total + 0.5
    frequency = (by_order / by_order.sum()) ** (1 - _TEXT_WEIGHT) * (by_text / by_text.sum()) ** _TEXT_WEIGHT
    frequency *= np.where(capital > _NAME_SHARE * total, _NAME_FACTOR, 1.0)
    frequency *= [_DIGIT_FACTOR if any(map(str.isdigit, word)) else 1.0 for word in words]
    chosen: np.ndarray = np.argsort(-frequency, kind="stable")
    return chosen
