"""What is asked for: which tagger, and how files are read and tagged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nertagger.cli.tagging.rules import NO_RULES, RuleOptions
from nertagger.corpus.columns.rows import Columns
from nertagger.corpus.columns.tables import cut_table, table_kind
from nertagger.corpus.cutting.contents import Content
from nertagger.corpus.cutting.files import cut
from nertagger.corpus.cutting.rejects import BulkSource
from nertagger.decoding.predictions import SentenceDetails
from nertagger.runtime import Tagger
from nertagger.text.document import Document

File = tuple[str, str | None]
"""A path and its format, None to detect the format from the first lines."""
Tagged = tuple[Document, list[SentenceDetails]]
"""A tagged document and the details of its sentences, if any are asked for."""


@dataclass(frozen=True)
class TaggerChoice:
    """A tagger that every process can load.

    Attributes:
        model: the model file, or the name of the tagger of the package.
        threads: batches that the network processes at a time; None for the default of `Tagger.load`.
        rules: names and patterns beside the model.
    """

    model: str
    threads: int | None = None
    rules: RuleOptions = NO_RULES

    def load(self) -> Tagger:
        """Return the tagger."""
        rules = self.rules.read()
        return Tagger.load(self.model, threads=self.threads).with_rules(rules)


@dataclass(frozen=True)
class Job:
    """The way to read and tag files; the fields are options of `nertagger tag`.

    Attributes:
        columns: the column of tables to tag, None for other files.
        keeps_rejects: whether bad records are collected.
    """

    encoding: str | None
    word_column: str | None
    lenient: bool
    confidence: float
    n_best: int
    posteriors: bool
    columns: Columns | None = None
    keeps_rejects: bool = False

    @property
    def in_detail(self) -> bool:
        """Whether more than entities is asked for."""
        return self.n_best > 0 or self.posteriors

    def cut(self, source: BulkSource, format: str | None, *, size: int) -> Iterator[Content]:
        """Yield the parts of a file, of at least `size` characters each except the last."""
        if self.columns is None:
            return cut(source, format, size=size)
        return cut_table(source, table_kind(source.name, format), self.columns, size=size)

    def source(self, path: str, tagger: Tagger) -> BulkSource:
        """Return how to read a file; its annotation is ignored."""
        return BulkSource(
            path,
            word_column=self.word_column,
            lenient=self.lenient,
            segment=tagger.segment,
            encoding=self.encoding,
            annotation=False,
            rejects=[] if self.keeps_rejects else None,
        )

    def tag(self, tagger: Tagger, documents: Iterable[Document]) -> Iterator[Tagged]:
        """Yield the tagged documents, in order."""
        if self.in_detail:
            return tagger.tag_in_detail(
                documents, n_best=self.n_best, posteriors=self.posteriors, min_confidence=self.confidence
            )
        return ((document, []) for document in tagger.tag_documents(documents, min_confidence=self.confidence))
