"""Files to tagged documents, one chunk of files at a time.

Each chunk is tagged by itself: which sentences share a batch, which affects the last bits of a number, then depends on
the files alone, and any number of processes writes the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from nertagger.corpus import read_documents
from nertagger.decoding.predictions import SentenceDetails
from nertagger.files import STANDARD_STREAM
from nertagger.runtime import Tagger
from nertagger.text.document import Document

File = tuple[str, str | None]
"""A path and its format, None to detect the format from the first lines."""
Tagged = tuple[Document, list[SentenceDetails]]
"""A tagged document and the details of its sentences, if any are asked for."""
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Job:
    """The way to read and tag files; the fields are options of `nertagger tag`."""

    encoding: str | None
    word_column: str | None
    lenient: bool
    confidence: float
    n_best: int
    posteriors: bool

    @property
    def in_detail(self) -> bool:
        """Whether more than entities is asked for."""
        return self.n_best > 0 or self.posteriors

    def run(self, tagger: Tagger, files: Iterable[File], skip: int = 0) -> Iterator[Tagged]:
        """Yield the tagged documents of the files, without the first `skip`."""
        documents = chain.from_iterable(self._read(path, format, tagger) for path, format in files)
        if self.in_detail:
            return tagger.tag_in_detail(
                documents, n_best=self.n_best, posteriors=self.posteriors, min_confidence=self.confidence, skip=skip
            )
        tagged = tagger.tag_documents(documents, min_confidence=self.confidence, skip=skip)
        return ((document, []) for document in tagged)

    def _read(self, path: str, format: str | None, tagger: Tagger) -> Iterator[Document]:
        """Yield the documents of a file; their annotation is ignored."""
        return read_documents(
            path,
            format=format,
            encoding=self.encoding,
            word_column=self.word_column,
            lenient=self.lenient,
            segment=tagger.segment,
            annotation=False,
        )


def chunk(files: Iterable[File]) -> list[list[File]]:
    """Return the files, in order, in chunks of at least a megabyte; the last may be smaller."""
    chunks: list[list[File]] = []
    size = _CHUNK_BYTES
    for path, format in files:
        if size >= _CHUNK_BYTES:
            chunks.append([])
            size = 0
        chunks[-1].append((path, format))
        size += os.path.getsize(path) if path != STANDARD_STREAM else 0
    return chunks
