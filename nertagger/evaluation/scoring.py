"""Scores from gold and predicted tags, sentence by sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from nertagger.evaluation.aligned import GoldSpans, PredictedSpans
from nertagger.evaluation.checks import TaggedSentence, check_aligned, check_tagged, tags_of
from nertagger.evaluation.scores import Counts, Scores
from nertagger.text.schemes import TagScheme, count_repairs, detect_scheme, read_spans

Sequences = Sequence[Sequence[str]]


def evaluate(gold: Sequence[TaggedSentence], predicted: Sequence[TaggedSentence]) -> Scores:
    """Return the scores of predicted tags against gold ones, equal to conlleval's for valid and invalid tag sequences.

    Either side is a list of sentences, each a list of tags or a `Sentence` with tags; the sides may be in different
    schemes, though the token accuracy compares the tags as they are written. Where both sides are `Sentence` values,
    their words must be the same.

    Raises:
        DataError: if the sides do not align, a sentence has no tags, or a tag is malformed; names the sentence.

    >>> scores = evaluate([["B-PER", "I-PER", "O", "B-LOC"]], [["B-PER", "I-PER", "O", "B-ORG"]])
    >>> scores.micro
    Rates(precision=0.5, recall=0.5, f1=0.5)
    """
    check_tagged(gold, side="gold")
    check_tagged(predicted, side="predicted")
    check_aligned(gold, predicted)
    gold_tags = tags_of(gold, side="gold")
    predicted_tags = tags_of(predicted, side="predicted")
    return Scores(
        tokens=sum(map(len, gold_tags)),
        correct_tags=_count_equal(gold_tags, predicted_tags),
        repaired=_count_repaired(gold_tags, predicted_tags),
        types=count_by_type(map(read_spans, gold_tags), map(read_spans, predicted_tags)),
    )


def count_by_type(gold: Iterable[GoldSpans], predicted: Iterable[PredictedSpans]) -> dict[str, Counts]:
    """Return the counts of every type that occurs on either side, in alphabetical order."""
    in_gold: Counter[str] = Counter()
    found: Counter[str] = Counter()
    correct: Counter[str] = Counter()
    for one, other in zip(gold, predicted, strict=True):
        in_gold.update(span.label for span in one)
        found.update(span.label for span in other)
        correct.update(span.label for span in set(one).intersection(other))
    return {label: Counts(in_gold[label], found[label], correct[label]) for label in sorted(in_gold | found)}


def _count_equal(gold: Sequences, predicted: Sequences) -> int:
    pairs = zip(gold, predicted, strict=True)
    return sum(tag == guess for tags, guesses in pairs for tag, guess in zip(tags, guesses, strict=True))


def _count_repaired(gold: Sequences, predicted: Sequences) -> int:
    """Return the number of predicted tags that are invalid in the scheme of the predictions."""
    scheme = scheme_of_predictions(predicted, gold_scheme=detect_scheme(gold))
    return sum(count_repairs(tags, scheme) for tags in predicted)


def scheme_of_predictions(predicted: Sequences, *, gold_scheme: TagScheme) -> TagScheme:
    """Return the scheme of predicted tags, which is IOB1 only if the gold tags are in IOB1.

    A tagger predicts the scheme that it was trained on; other tags that look like IOB1 are I- tags without their B-.
    """
    scheme = detect_scheme(predicted)
    return TagScheme.IOB2 if scheme is TagScheme.IOB1 and gold_scheme is not TagScheme.IOB1 else scheme
