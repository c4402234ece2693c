"""Conversion of documents to another format, with a count of what the format cannot hold."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

from nertagger.corpus import save_documents
from nertagger.corpus.formats.brat import follows
from nertagger.corpus.interface import Holds
from nertagger.corpus.registry import find_writer
from nertagger.printable import counted_kind
from nertagger.text.document import Document
from nertagger.text.schemes import TagScheme
from nertagger.text.segment import segment

logger = logging.getLogger(__name__)


def convert(
    documents: Iterable[Document], path: str | Path, *, format: str, scheme: TagScheme | None = None
) -> dict[str, int]:
    """Write documents in a format; return and log the number of losses by kind.

    If the format does not distinguish unannotated texts from texts without entities, the unannotated ones are left out,
    unless all are unannotated.

    Raises:
        DataError: if there is no such format, or it cannot be written.
    """
    holds = find_writer(format).holds
    losses = Losses(holds)
    kept = documents if Holds.UNANNOTATED in holds else losses.annotated(iter(documents))
    save_documents(path, losses.watch(kept), format=format, scheme=scheme)
    if not losses.documents:
        logger.warning("%s: nothing to write, as nothing was read", path)
    losses.report(path, format)
    return dict(losses.counts)


class Losses:
    """Counter of what documents lose when they are written in a format.

    Attributes:
        counts: number of losses by kind.
        documents: number of documents so far.
    """

    def __init__(self, holds: Holds) -> None:
        self.counts: Counter[str] = Counter()
        self.documents = 0
        self._joins = Holds.RECORDS not in holds
        self._checks = [(kind, check) for part, (kind, check) in _CHECKS.items() if part not in holds]
        if Holds.SENTENCES in holds and Holds.TOKENS in holds:
            self._checks = [(kind, check) for kind, check in self._checks if check is not _is_tokenized_otherwise]

    def watch(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Yield the documents and count their losses."""
        before = None
        for document in documents:
            for kind, check in self._checks:
                if number := check(document):
                    self.counts[kind] += number
            if self._joins and before is not None and not follows(before, document):
                self.counts[_JOINED] += 1
            self.documents += 1
            yield document
            before = document

    def annotated(self, documents: Iterator[Document]) -> Iterator[Document]:
        """Yield the annotated documents and count the others; yield all if the first thousands have no annotation."""
        held: list[Document] = []
        for document in documents:
            if document.is_annotated or len(held) == _MAX_HELD:
                break
            held.append(document)
        else:
            yield from held
            return
        if not document.is_annotated:
            yield from chain(held, [document], documents)
            return
        if held:
            self.counts[_LEFT_OUT] += len(held)
        for following in chain([document], documents):
            if following.is_annotated or not following.sentences:
                yield following
            else:
                self.counts[_LEFT_OUT] += 1

    def report(self, path: str | Path, format: str) -> None:
        """Log one warning for each kind of loss; `path` and `format` are those of the written file."""
        for kind, number in self.counts.items():
            logger.warning("%s: %s, which %s does not hold", path, counted_kind(number, kind), format)


def _has_other_spacing(document: Document) -> int:
    return document.text != " ".join(_words(document))


def _is_passage(document: Document) -> int:
    return len(document.sentences) > 1 or "\n" in document.text


def _is_tokenized_otherwise(document: Document) -> int:
    """Return whether the tokenizer, which a reader of the format has to use, would find other words or sentences."""
    again = segment(document.text)
    same_starts = [s.starts for s in again.sentences] == [s.starts for s in document.sentences]
    return not same_starts or _words(again) != _words(document)


def _words(document: Document) -> list[str]:
    return [word for sentence in document.sentences for word in sentence.words]


def _inner_boundaries(document: Document) -> int:
    return max(len(document.sentences) - 1, 0)


def _is_annotated_in_part(document: Document) -> int:
    is_untagged = [sentence.tags is None for sentence in document.sentences]
    return any(is_untagged) and not all(is_untagged) and not document.entities


def _words_with_breaks(document: Document) -> int:
    return sum(not _BREAKS.isdisjoint(word) for word in _words(document))


def _confidences(document: Document) -> int:
    return sum(entity.confidence is not None for entity in document.entities)


def _rules(document: Document) -> int:
    return sum(entity.rule is not None for entity in document.entities)


_BREAKS = frozenset("\t\r\n")
_MAX_HELD = 10_000  # documents without annotation, held until the first one that has annotation
_LEFT_OUT = "texts without annotation, left out as others are annotated"
_JOINED = "texts appended to another as parts of one text"
_CHECKS: dict[Holds, tuple[str, Callable[[Document], int]]] = {
    Holds.TEXT: ("texts whose words are not separated by single spaces", _has_other_spacing),
    Holds.PASSAGES: ("texts of several sentences or lines kept as one", _is_passage),
    Holds.TOKENS: ("texts whose words or sentences differ from the tokenizer's", _is_tokenized_otherwise),
    Holds.SENTENCES: ("sentence boundaries inside a text", _inner_boundaries),
    Holds.OPENINGS: ("beginnings of documents", lambda document: document.opens),
    Holds.UNANNOTATED: ("texts without annotation, as opposed to without entities", lambda d: not d.is_annotated),
    Holds.PARTS: ("texts with unannotated sentences, as opposed to without entities", _is_annotated_in_part),
    Holds.CONFIDENCE: ("confidences", _confidences),
    Holds.RULES: ("names of the rules that found entities", _rules),
    Holds.BLANKS: ("words with a tab or line end inside", _words_with_breaks),
    Holds.META: ("records with other fields (id, meta, ...)", lambda document: bool(document.meta)),
}
