"""Warnings about the splits of a run, before hours are spent on them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence

from nertagger.text.document import Sentence
from nertagger.text.schemes import read_spans

logger = logging.getLogger(__name__)

_NEVER_FOUND = "which are never found"


def check_splits(train: Sequence[Sentence], dev: Sequence[Sentence], *, refit: bool) -> None:
    """Warn if the dev split is training text, or has labels that the training split lacks.

    Args:
        train, dev: annotated sentences.
        refit: whether the last epochs train on the dev split too.
    """
    _warn_of_seen_sentences("dev", dev, "training", train)
    _warn_of_unseen_labels("dev", dev, train, "which only the last epochs train on" if refit else _NEVER_FOUND)


def check_test(train: Sequence[Sentence], dev: Sequence[Sentence], test: Sequence[Sentence], *, refit: bool) -> None:
    """Warn if the test split is training or dev text, or has labels that are not trained on; see `check_splits`."""
    _warn_of_seen_sentences("test", test, "training or dev", [*train, *dev])
    _warn_of_unseen_labels("test", test, [*train, *dev] if refit else train, _NEVER_FOUND)


def labels_of(sentences: Sequence[Sentence]) -> set[str]:
    """Return the labels of the entities of the sentences."""
    return {span.label for sentence in sentences for span in read_spans(sentence.tags or ())}


def _warn_of_seen_sentences(name: str, sentences: Sequence[Sentence], other: str, others: Sequence[Sentence]) -> None:
    seen = {sentence.words for sentence in others}
    known = sum(sentence.words in seen for sentence in sentences)
    if 2 * known > len(sentences):
        problem = "%d of %d %s sentences are %s sentences too: the %s F1 says little about other text"
        remedy = "give a %s file whose sentences are in no other"
        logger.warning(f"{problem}; {remedy}", known, len(sentences), name, other, name, name)


def _warn_of_unseen_labels(name: str, sentences: Sequence[Sentence], train: Sequence[Sentence], effect: str) -> None:
    labels = labels_of(train)
    unseen = [[span.label for span in read_spans(s.tags or ()) if span.label not in labels] for s in sentences]
    if counts := Counter(label for found in unseen for label in found):
        listed = ", ".join(f"{label} ({count})" for label, count in sorted(counts.items()))
        problem = "%s entities of labels that training lacks, %s: %s, in %d of %d sentences"
        logger.warning(problem, name, effect, listed, sum(map(bool, unseen)), len(sentences))
