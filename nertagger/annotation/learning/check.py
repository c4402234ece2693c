"""A check of all decisions by models that have not seen them: k-fold cross-validation.

It gives two things at once: F1 on the random draws, which is a point of the learning curve, and the doubtful decisions,
where a model that is sure disagrees.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import NamedTuple

import numpy as np

from nertagger.annotation.store.decisions import Decision
from nertagger.annotation.store.models import Checked, Point, Proposal
from nertagger.annotation.store.texts import StoredSentence
from nertagger.corpus.splitting import split_into_folds
from nertagger.decoding.predictions import SentenceDetails
from nertagger.evaluation.resampling import MICRO, bootstrap_intervals, count_sentences, f1_of
from nertagger.runtime import Tagger
from nertagger.text.document import Document, Sentence, Span
from nertagger.text.schemes import write_tags

FOLDS = 5


class Decided(NamedTuple):
    """A sentence and the decision on it that is trained on."""

    sentence: StoredSentence
    decision: Decision

    def document(self) -> Document:
        """Return the sentence with the tags of the decision."""
        one = self.sentence.sentence
        tags = tuple(write_tags(self.decision.spans, len(one)))
        return Document(self.sentence.text, (Sentence(one.words, one.starts, tags),))


Train = Callable[[Sequence[Document], int], Tagger]
"""Trains a tagger on documents; the number of the fold is for the report of progress."""


def check_decisions(
    decided: Sequence[Decided], train: Train, *, sample: Set[int]
) -> tuple[list[Checked], Point | None]:
    """Return what models that have not seen the decisions predict, and F1 on a random sample of them.

    Args:
        decided: the decided sentences.
        train: trains a model on some of them.
        sample: the numbers of the sentences that were drawn at random.
    """
    documents = [one.document() for one in decided]
    place = {id(document): number for number, document in enumerate(documents)}
    found = [Checked(one.decision.sentence, one.decision.number, [], 0.0) for one in decided]
    trained = 0
    for fold, (rest, held_out) in enumerate(split_into_folds(documents, FOLDS)):
        tagger = train(rest, fold)
        trained += len(rest)
        tagged = tagger.tag_in_detail(held_out, posteriors=True)
        for document, (_, (details,)) in zip(held_out, tagged, strict=True):
            number = place[id(document)]
            found[number] = _checked(decided[number].decision, details)
    return found, _point(decided, found, sample, trained=trained // FOLDS)


def _checked(decision: Decision, details: SentenceDetails) -> Checked:
    """Compare a decision with predictions: the doubt is how sure the model is of what it has in place of it.

    That is the confidence of an entity that the decision has not, or the probability that no token is one where only
    the decision has an entity.
    """
    proposals = [Proposal(one.span, one.confidence) for one in details.predictions]
    predicted = [span for span, _ in proposals]
    added = [confidence for span, confidence in proposals if span not in decision.spans]
    alone = [span for span in decision.spans if all(span.stop <= p.first or p.stop <= span.first for p in predicted)]
    outside = [_outside(span, details.posteriors) for span in alone]
    return Checked(decision.sentence, decision.number, proposals, round(max([0.0, *added, *outside]), 6))


def _outside(span: Span, posteriors: np.ndarray | None) -> float:
    """Return an upper bound of the probability that no token of a range is in an entity; tag 0 is ``O``."""
    return 0.0 if posteriors is None else float(posteriors[span.first : span.stop, 0].min())


def _point(decided: Sequence[Decided], found: Sequence[Checked], sample: Set[int], *, trained: int) -> Point | None:
    """Return F1 on the random sample, None if it has no entity."""
    pairs = [
        (one.decision.spans, [span for span, _ in checked.proposals])
        for one, checked in zip(decided, found, strict=True)
        if one.decision.sentence in sample
    ]
    labels = sorted({span.label for pair in pairs for spans in pair for span in spans})
    if not any(gold for gold, _ in pairs):
        return None
    counts = count_sentences([gold for gold, _ in pairs], [spans for _, spans in pairs], labels)
    intervals = bootstrap_intervals(counts)
    totals = counts.table.sum(axis=0)
    scores = {
        label: {"f1": round(f1, 4), "low": round(intervals[label].low, 4), "high": round(intervals[label].high, 4),
                "gold": gold}
        for label, f1, gold in zip(counts.labels, f1_of(totals).tolist(), totals[0].tolist(), strict=True)
    }  # fmt: skip
    micro = scores.pop(MICRO)
    return Point(trained, len(pairs), micro["f1"], micro["low"], micro["high"], scores)
