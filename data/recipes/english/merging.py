"""The training text: all corpora, made alike and mixed."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from completion import completed
from gmb import clean
from leakage import ScoredText
from letter_case import headlines
from sources import SOURCES, Source, read_source
from tables import Names, rows

from nertagger.runtime import Tagger
from nertagger.text.document import Sentence

logger = logging.getLogger(__name__)
_SEED = 18
_CAPITALS, _TITLES, _ROWS = 0.08, 0.05, 0.08  # fractions of the training text, beside it
_LONGEST = 120  # tokens; longer sentences, of contracts, are left out

Corpora = dict[str, list[Sentence]]
"""The sentences of each source, by its name."""


def read_corpora(data: Path, *, without: Iterable[str] = ()) -> tuple[Corpora, Corpora]:
    """Return the training sentences of each source, and those that were left out because they may be scored."""
    scored = ScoredText.of_corpora(data)
    kept: Corpora = {}
    left_out: Corpora = {}
    for name, source in SOURCES.items():
        if name in set(without):
            continue
        sentences = list(read_source(data, source, source.train))
        cleaned = clean(sentences) if name == "gmb" else sentences
        kept[name], left_out[name] = scored.without(cleaned)
        logger.info("%s: %d sentences, %d left out", name, len(kept[name]), len(left_out[name]))
    return kept, left_out


def complete(corpora: Corpora, train_helper: Callable[[list[Sentence]], Tagger]) -> Corpora:
    """Return the corpora with the labels that some lack, found by a helper that is trained on GMB, which has all."""
    if "gmb" not in corpora:
        return corpora
    helper = train_helper(_of_size(SOURCES["gmb"], corpora["gmb"]))
    return {
        name: sentences if name == "gmb" else completed(helper, SOURCES[name], sentences)
        for name, sentences in corpora.items()
    }


def merged(corpora: Corpora) -> list[Sentence]:
    """Return the corpora by their shares, with headlines and rows of tables made of them, in random order."""
    rng = random.Random(_SEED)
    text = [sentence for name, sentences in corpora.items() for sentence in _of_size(SOURCES[name], sentences)]
    capitals, titles, count = (round(fraction * len(text)) for fraction in (_CAPITALS, _TITLES, _ROWS))
    names = Names.of([sentence for sentences in corpora.values() for sentence in sentences])
    text += [*headlines(text, capitals=capitals, titles=titles, rng=rng), *rows(names, count, rng=rng)]
    rng.shuffle(text)
    return text


def _of_size(source: Source, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return as many sentences as the source's share: all of them several times, and a sample."""
    usable = [sentence for sentence in sentences if len(sentence) <= _LONGEST]
    times, rest = divmod(source.share, len(usable))
    return [*usable * times, *random.Random(_SEED).sample(usable, rest)]
