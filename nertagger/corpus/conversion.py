"""From one format to another, with an account of what the other cannot hold."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

from nertagger.corpus import save_documents
from nertagger.corpus.formats.brat import follows
from nertagger.corpus.interface import Holds
from nertagger.corpus.projection import is_annotated
from nertagger.corpus.registry import find_writer
from nertagger.text.document import Document
from nertagger.text.schemes import TagScheme
from nertagger.text.segment import segment

logger = logging.getLogger(__name__)


def convert(
    documents: Iterable[Document], path: str | Path, *, format: str, scheme: TagScheme | None = None
) -> dict[str, int]:
    """Write documents in a format; returns, and logs, how many of what it cannot hold were lost.

    Where the format cannot tell texts without annotation from those without entities, they are left out beside others.

    Raises:
        DataError: if there is no such format, or it cannot be written.
    """
    holds = find_writer(format).holds
    losses = Losses(holds)
    kept = documents if Holds.UNANNOTATED in holds else losses.annotated(iter(documents))
    save_documents(path, losses.watch(kept), format=format, scheme=scheme)
    if not losses.documents:
        logger.warning("%s: nothing to write, for nothing was read", path)
    losses.report(path, format)
    return dict(losses.counts)


class Losses:
    """Counts what a format will lose of the documents that pass.

    Attributes:
        counts: how many, by what is lost.
        documents: how many have passed.
    """

    def __init__(self, holds: Holds) -> None:
        self.counts: Counter[str] = Counter()
        self.documents = 0
        self._joins = Holds.RECORDS not in holds
        self._checks = [(kind, check) for part, (kind, check) in _CHECKS.items() if part not in holds]
        if Holds.SENTENCES in holds and Holds.TOKENS in holds:
            self._checks = [(kind, check) for kind, check in self._checks if check is not _cut_otherwise]

    def watch(self, documents: Iterable[Document]) -> Iterator[Document]:
        """The documents, counted while they pass."""
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
        """The annotated documents, others counted; all where the first thousands have no annotation."""
        held: list[Document] = []
        for document in documents:
            if is_annotated(document) or len(held) == _MOST_HELD:
                break
            held.append(document)
        else:
            yield from held
            return
        if not is_annotated(document):
            yield from chain(held, [document], documents)
            return
        if held:
            self.counts[_LEFT_OUT] += len(held)
        for one in chain([document], documents):
            if is_annotated(one) or not one.sentences:
                yield one
            else:
                self.counts[_LEFT_OUT] += 1

    def report(self, path: str | Path, format: str) -> None:
        """Log one warning for each kind of loss of what was written at a path in a format."""
        for kind, number in self.counts.items():
            logger.warning("%s: %d %s, which %s does not hold", path, number, kind, format)


def _spacing(document: Document) -> int:
    return document.text != " ".join(word for sentence in document.sentences for word in sentence.words)


def _several(document: Document) -> int:
    return len(document.sentences) > 1 or "\n" in document.text


def _cut_otherwise(document: Document) -> int:
    """Whether the tokenizer, which the reader must fall back upon, would find other words or sentences."""
    again = segment(document.text)
    return [s.starts for s in again.sentences] != [s.starts for s in document.sentences] or _words(again) != _words(
        document
    )


def _words(document: Document) -> list[str]:
    return [word for sentence in document.sentences for word in sentence.words]


def _ends(document: Document) -> int:
    return max(len(document.sentences) - 1, 0)


def _in_part(document: Document) -> int:
    is_bare = [sentence.tags is None for sentence in document.sentences]
    return any(is_bare) and not all(is_bare) and not document.entities


def _blanks(document: Document) -> int:
    return sum(not _ENDS.isdisjoint(word) for sentence in document.sentences for word in sentence.words)


def _confidences(document: Document) -> int:
    return sum(entity.confidence is not None for entity in document.entities)


_ENDS = frozenset("\t\r\n")
_MOST_HELD = 10_000  # documents without annotation, held until the first that has some
_LEFT_OUT = "texts without annotation, left out beside others that have it"
_JOINED = "texts written below others as parts of one"
_CHECKS: dict[Holds, tuple[str, Callable[[Document], int]]] = {
    Holds.TEXT: ("texts whose words are not apart by single spaces", _spacing),
    Holds.PASSAGES: ("texts of several sentences or lines as one", _several),
    Holds.TOKENS: ("texts whose words or sentences are cut otherwise than the tokenizer would", _cut_otherwise),
    Holds.SENTENCES: ("sentence ends inside a text", _ends),
    Holds.OPENINGS: ("beginnings of documents", lambda document: document.opens),
    Holds.UNANNOTATED: ("texts without annotation, told from those without entities", lambda d: not is_annotated(d)),
    Holds.PARTS: ("texts of which some sentences have no annotation, told from sentences without entities", _in_part),
    Holds.CONFIDENCE: ("confidences", _confidences),
    Holds.BLANKS: ("words with a tab or line end inside", _blanks),
    Holds.META: ("records with other fields (id, meta, ...)", lambda document: bool(document.meta)),
}
