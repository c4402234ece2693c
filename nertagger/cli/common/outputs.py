"""Output of any tool scored on gold documents, as `nertagger score` and `nertagger compare` take it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from nertagger.corpus import annotated_sentences
from nertagger.evaluation import Scores, evaluate
from nertagger.evaluation.aligned import AlignedSentence, align_sentences
from nertagger.evaluation.projection import project, same_texts, score_aligned
from nertagger.text.document import Document, Sentence


class ScoredOutput(NamedTuple):
    """An output with its scores.

    Attributes:
        scores: the scores of all sentences.
        aligned: returns each sentence with its gold and predicted entities.
    """

    scores: Scores
    aligned: Callable[[], list[AlignedSentence]]


def score_output(gold: Sequence[Document], output: Sequence[Document], *, names: tuple[str, str]) -> ScoredOutput:
    """Return the scores of an output, and every sentence with the entities of both sides.

    Args:
        gold: annotated documents.
        output: the same words with tags, or the same texts with entities as ranges of characters.
        names: the files of both, for messages.

    Raises:
        DataError: if a sentence has no tags, or the sides do not align.
    """
    gold_sentences, predicted = annotated_sentences(gold, names[0]), annotated_sentences(output, names[1])
    if same_texts(gold, output) and (_has_entities(output) or not _same_words(gold_sentences, predicted)):
        aligned = project(gold, output)
        return ScoredOutput(score_aligned(aligned), lambda: aligned)
    return ScoredOutput(evaluate(gold_sentences, predicted), lambda: align_sentences(gold_sentences, predicted))


def _has_entities(documents: Sequence[Document]) -> bool:
    return any(document.entities for document in documents)


def _same_words(gold: Sequence[Sentence], output: Sequence[Sentence]) -> bool:
    return [sentence.words for sentence in gold] == [sentence.words for sentence in output]
