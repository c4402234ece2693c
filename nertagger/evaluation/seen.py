"""Scores apart for entities that stand in the training files and for those that do not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from nertagger.evaluation.parts import Found, Part, Spans, Wanted, surface
from nertagger.evaluation.scores import Counts
from nertagger.text.document import Sentence
from nertagger.text.schemes import read_spans


class Novelty(StrEnum):
    """What training has shown of an entity's words."""

    SEEN = "seen"
    OTHER_LABEL = "seen with another label only"
    UNSEEN = "unseen"


Lexicon = dict[tuple[str, ...], set[str]]


def entity_lexicon(sentences: Iterable[Sentence]) -> Lexicon:
    """The labels of each entity of annotated sentences, by its words in lower case."""
    lexicon: Lexicon = {}
    for sentence in sentences:
        for span in read_spans(sentence.tags or ()):
            lexicon.setdefault(_words(sentence.words, span), set()).add(span.label)
    return lexicon


def by_novelty(
    words: Iterable[Sequence[str]], gold: Iterable[Wanted], predicted: Iterable[Spans], lexicon: Lexicon
) -> dict[Novelty, Counts]:
    """The counts of each novelty: of gold entities by their words and label, of predicted ones by theirs.

    A correct entity is of one novelty on both sides, so that precision and recall of each are well defined.
    """
    counts = dict.fromkeys(Novelty, Counts())
    for sentence, one, other in zip(words, gold, predicted, strict=True):
        for sides, spans in (((1, 0, 0), one), ((0, 1, 0), other), ((0, 0, 1), set(one).intersection(other))):
            for span in spans:
                counts[_novelty(sentence, span, lexicon)] += Counts(*sides)
    return counts


def _novelty(words: Sequence[str], span: Found, lexicon: Lexicon) -> Novelty:
    labels = lexicon.get(_words(words, span))
    if labels is None:
        return Novelty.UNSEEN
    return Novelty.SEEN if span.label in labels else Novelty.OTHER_LABEL


def _words(words: Sequence[str], span: Found) -> tuple[str, ...]:
    """The words of an entity in lower case; of a `Part` what it holds of them."""
    if isinstance(span, Part):
        return tuple(surface(words, span).lower().split(" "))
    return tuple(word.lower() for word in words[span.first : span.stop])
