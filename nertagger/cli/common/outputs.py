"""Anybody's output beside the gold sentences, as `nertagger score` and `nertagger compare` take it."""

from __future__ import annotations

from collections.abc import Sequence

from nertagger.corpus import annotated_sentences
from nertagger.evaluation import Scores, evaluate
from nertagger.evaluation.aligned import Judged, side_by_side
from nertagger.evaluation.projection import project, same_texts, scores_of
from nertagger.text.document import Document, Sentence


def judge(
    gold: Sequence[Document], output: Sequence[Document], *, names: tuple[str, str]
) -> tuple[Scores, list[Judged]]:
    """The scores of an output, and every sentence with both sides.

    Args:
        gold: annotated documents.
        output: the same words with tags, or the same texts with entities as characters.
        names: the files of both, for messages.

    Raises:
        DataError: if a sentence has no tags, or the sides do not align.
    """
    wanted, found = annotated_sentences(gold, names[0]), annotated_sentences(output, names[1])
    if same_texts(gold, output) and (_has_entities(output) or not _same_words(wanted, found)):
        judged = project(gold, output)
        return scores_of(judged), judged
    return evaluate(wanted, found), side_by_side(wanted, found)


def _has_entities(documents: Sequence[Document]) -> bool:
    return any(document.entities for document in documents)


def _same_words(gold: Sequence[Sentence], output: Sequence[Sentence]) -> bool:
    return [sentence.words for sentence in gold] == [sentence.words for sentence in output]
