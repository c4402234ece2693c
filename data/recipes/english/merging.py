"""The training text: all corpora, made alike and mixed."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from completion import completed
from gmb import clean, vary_titles, without_honorifics
from leakage import ScoredText
from letter_case import vary_case
from sources import SOURCES, Source, read_source
from tables import Names, rows

from nertagger.runtime import Tagger
from nertagger.text.document import Sentence

logger = logging.getLogger(__name__)
_SEED = 18
_ROWS = 0.05  # rows of tables and lists for each sentence of the corpora
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
        if name == "gmb":
            sentences = vary_titles(clean(sentences), rng=random.Random(_SEED))
        kept[name], left_out[name] = scored.without(without_honorifics(sentences))
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
    """Return the corpora by their shares, with rows of tables made of their names, in random order."""
    rng = random.Random(_SEED)
    text = [sentence for name, sentences in corpora.items() for sentence in _of_size(SOURCES[name], sentences)]
    names = Names.of([sentence for sentences in corpora.values() for sentence in sentences])
    text = [*vary_case(text, rng=rng), *rows(names, round(_ROWS * len(text)), rng=rng)]
    rng.shuffle(text)
    return text


def unused(corpora: Corpora, text: Iterable[Sentence]) -> list[Sentence]:
    """Return the sentences of GMB, whose labels are those of programs, that are not in the training text."""
    used = {sentence.words for sentence in text}
    return [one for one in corpora.get("gmb", []) if one.words not in used and len(one) <= _LONGEST]


def _of_size(source: Source, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return a sample of the source's share of sentences; of a smaller source all. No sentence is there twice."""
    usable = {sentence.words: sentence for sentence in sentences if len(sentence) <= _LONGEST}
    return random.Random(_SEED).sample(list(usable.values()), min(source.share, len(usable)))
