"""Scores from gold and predicted tags, sentence by sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from nertagger.evaluation.alignment import Annotated, check_aligned, check_side, tags_of
from nertagger.evaluation.parts import Spans, Wanted
from nertagger.evaluation.scores import Counts, Scores
from nertagger.text.schemes import TagScheme, count_repairs, detect_scheme, read_spans

Sequences = Sequence[Sequence[str]]


def evaluate(gold: Sequence[Annotated], predicted: Sequence[Annotated]) -> Scores:
    """The scores of predicted tags against gold ones, equal to conlleval's on valid and invalid sequences alike.

    Either side is a list of sentences, each a list of tags or a `Sentence` with tags; the sides may be in different
    schemes, though the token accuracy compares the tags as they are written. Where both sides are `Sentence` values,
    their words must be the same.

    Raises:
        DataError: if the sides do not align, a sentence has no tags, or a tag is malformed; names the sentence.

    >>> scores = evaluate([["B-PER", "I-PER", "O", "B-LOC"]], [["B-PER", "I-PER", "O", "B-ORG"]])
    >>> scores.micro
    Rates(precision=0.5, recall=0.5, f1=0.5)
    """
    check_side(gold, side="gold")
    check_side(predicted, side="predicted")
    check_aligned(gold, predicted)
    gold_tags = tags_of(gold, side="gold")
    predicted_tags = tags_of(predicted, side="predicted")
    return Scores(
        tokens=sum(map(len, gold_tags)),
        correct_tags=_count_equal(gold_tags, predicted_tags),
        repaired=_count_repaired(gold_tags, predicted_tags),
        types=count_types(map(read_spans, gold_tags), map(read_spans, predicted_tags)),
    )


def count_types(gold: Iterable[Wanted], predicted: Iterable[Spans]) -> dict[str, Counts]:
    """The counts of every type that occurs in the entities of either side's sentences, in alphabetical order."""
    in_gold: Counter[str] = Counter()
    found: Counter[str] = Counter()
    correct: Counter[str] = Counter()
    for wanted, other in zip(gold, predicted, strict=True):
        in_gold.update(span.label for span in wanted)
        found.update(span.label for span in other)
        correct.update(span.label for span in set(wanted).intersection(other))
    return {label: Counts(in_gold[label], found[label], correct[label]) for label in sorted(in_gold | found)}


def _count_equal(gold: Sequences, predicted: Sequences) -> int:
    pairs = zip(gold, predicted, strict=True)
    return sum(tag == guess for tags, guesses in pairs for tag, guess in zip(tags, guesses, strict=True))


def _count_repaired(gold: Sequences, predicted: Sequences) -> int:
    """How many predicted tags are not proper in the scheme of the predictions."""
    scheme = detect_scheme(predicted)
    if scheme is TagScheme.IOB1 and detect_scheme(gold) is not TagScheme.IOB1:
        scheme = TagScheme.IOB2  # nobody predicts IOB1 from IOB2 data: these are I- tags that lack their B-
    return sum(count_repairs(tags, scheme) for tags in predicted)
