"""Scores of a tagger on gold sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from time import perf_counter
from typing import Protocol

from nertagger.errors import DataError
from nertagger.evaluation.aligned import AlignedSentence, align_sentences
from nertagger.evaluation.checks import check_tagged, tags_of
from nertagger.evaluation.scores import Scores
from nertagger.evaluation.scoring import evaluate, scheme_of_predictions
from nertagger.text.arguments import check_several
from nertagger.text.document import Document, Sentence
from nertagger.text.in_memory import Annotated, annotated_documents
from nertagger.text.schemes import OUTSIDE, convert_tags, count_repairs, detect_scheme, read_spans


class TokenTagger(Protocol):
    """Anything that tags sentences given as their words."""

    def tag_tokens(self, sentences: list[Sequence[str]], /) -> Iterable[Sequence[str]]:
        """Return one tag per word of each sentence, in any scheme."""


class DocumentTagger(Protocol):
    """Anything that tags documents, with the confidence of each entity."""

    def tag_documents(self, documents: list[Document], /) -> Iterable[Document]:
        """Return each document with tags and entities."""


@dataclass(frozen=True, slots=True)
class TaggedGold:
    """Gold sentences tagged by a tagger.

    Attributes:
        gold: the sentences with their gold tags.
        predicted: the predicted tags of each sentence, in the scheme of the gold tags.
        repaired: the number of predicted tags that were invalid in their own scheme.
        confidences: the confidences of the predicted entities of each sentence; None if they are not known.
        seconds: how long the tagger took.
    """

    gold: Sequence[Sentence]
    predicted: list[Sequence[str]]
    repaired: int
    confidences: list[list[float]] | None
    seconds: float

    @property
    def tokens_per_second(self) -> float:
        """The speed of the tagger."""
        return sum(map(len, self.gold)) / self.seconds

    def renamed(self, labels: Mapping[str, str]) -> TaggedGold:
        """Return the same with other labels for predicted entities.

        Args:
            labels: the new label of each label to rename; empty to leave its entities out.
        """
        predicted: list[Sequence[str]] = [[_renamed(tag, labels) for tag in tags] for tags in self.predicted]
        if self.confidences is None:
            return replace(self, predicted=predicted)
        kept = [[labels.get(span.label, span.label) != "" for span in read_spans(tags)] for tags in self.predicted]
        confidences = [list(compress(*pair)) for pair in zip(self.confidences, kept, strict=True)]
        return replace(self, predicted=predicted, confidences=confidences)

    def scores(self) -> Scores:
        """Return the scores of all sentences."""
        return replace(evaluate(self.gold, self.predicted), repaired=self.repaired)

    def aligned(self) -> list[AlignedSentence]:
        """Return each sentence with its gold and predicted entities."""
        return align_sentences(self.gold, self.predicted, self.confidences)


def evaluate_tagger(tagger: TokenTagger, sentences: Iterable[Annotated]) -> Scores:
    """Return the scores of a tagger on annotated sentences, by conlleval's rules.

    Args:
        tagger: any object with a method ``tag_tokens`` that takes a list of sentences, each a sequence of words, and
            returns their tags. Its tags may be in another scheme than the gold tags.
        sentences: annotated sentences, documents with tags, or pairs of words and tags.

    Raises:
        DataError: if a sentence has no tags, an item is something else, or the tagger returns another number of
            sentences or tags.

    >>> class AllPersons:
    ...     def tag_tokens(self, sentences):
    ...         return [["B-PER"] * len(words) for words in sentences]
    >>> evaluate_tagger(AllPersons(), [Sentence.from_words(("Ann", "ran"), tags=("B-PER", "O"))]).micro.precision
    0.5
    """
    remedy = "nertagger.read(path) returns such sentences"
    check_several(sentences, "sentences", remedy=remedy)
    return tag_gold(tagger, _gold_sentences(list(sentences))).scores()


def _gold_sentences(items: list[Annotated]) -> list[Sentence]:
    sentences = [item for item in items if isinstance(item, Sentence)]
    if len(sentences) == len(items):
        return sentences
    documents = annotated_documents(items, place="gold")
    for number, document in enumerate(documents, 1):
        if not document.sentences and document.text.strip():
            raise DataError(f"gold, document {number}: got a text without sentences, expected tagged sentences")
    return [sentence for document in documents for sentence in document.sentences]


def tag_gold(tagger: TokenTagger, sentences: Sequence[Sentence]) -> TaggedGold:
    """Return annotated sentences with the tags of a tagger."""
    gold = tags_of(sentences, side="gold")
    begin = perf_counter()
    predicted = list(tagger.tag_tokens([sentence.words for sentence in sentences]))
    seconds = perf_counter() - begin
    return TaggedGold(sentences, *_in_scheme_of(gold, predicted), None, seconds)


def tag_gold_with_confidences(tagger: DocumentTagger, sentences: Sequence[Sentence]) -> TaggedGold:
    """Return annotated sentences with the tags of a tagger and the confidence of each entity, 0 if it has none."""
    gold = tags_of(sentences, side="gold")
    begin = perf_counter()
    documents = list(tagger.tag_documents([*map(Document.from_sentence, sentences)]))
    seconds = perf_counter() - begin
    predicted = [document.sentences[0].tags or () for document in documents]
    confidences = [[entity.confidence or 0.0 for entity in document.entities] for document in documents]
    return TaggedGold(sentences, *_in_scheme_of(gold, predicted), confidences, seconds)


def count_unknown_labels(sentences: Iterable[Sentence], labels: Collection[str]) -> Counter[str]:
    """Return the number of gold entities of each label that is not among `labels`."""
    return Counter(label for label in _labels_of(sentences) if label not in labels)


def _labels_of(sentences: Iterable[Sentence]) -> Iterator[str]:
    return (span.label for sentence in sentences for span in read_spans(sentence.tags or ()))


def _renamed(tag: str, labels: Mapping[str, str]) -> str:
    """Return a tag with the new name of its label, or ``O`` if that is empty."""
    prefix, hyphen, label = tag.partition("-")
    new = labels.get(label, label)
    return f"{prefix}{hyphen}{new}" if new or not hyphen else OUTSIDE


def _in_scheme_of(gold: Sequence[Sequence[str]], predicted: Sequence[Sequence[str]]) -> tuple[list[Sequence[str]], int]:
    """Return the predicted tags in the scheme of the gold tags, as accuracy needs, and how many were invalid."""
    check_tagged(predicted, side="predicted")
    tags = tags_of(predicted, side="predicted")
    gold_scheme = detect_scheme(gold)
    scheme = scheme_of_predictions(tags, gold_scheme=gold_scheme)
    repaired = sum(count_repairs(one, scheme) for one in tags)
    return tags if scheme is gold_scheme else [convert_tags(one, gold_scheme) for one in tags], repaired
