"""Files to tagged documents.

Files are taken in shares, each tagged by itself: what is in a batch together, which touches the last bits of a number,
then depends on the files alone, and any number of processes writes the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from nertagger.corpus import read_documents
from nertagger.decoding.predictions import Details
from nertagger.files import STANDARD_STREAM
from nertagger.runtime import Tagger
from nertagger.text.document import Document

File = tuple[str, str | None]
"""A path and how to read it; None for what its beginning looks like."""
Found = tuple[Document, list[Details]]
_SHARE_BYTES = 1 << 20


@dataclass(frozen=True)
class Job:
    """How to read and tag files; the fields are the options of `nertagger tag`."""

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

    def run(self, tagger: Tagger, files: Iterable[File], skip: int = 0) -> Iterator[Found]:
        """The tagged documents of the files but for the first `skip`, with their details if any are asked for."""
        documents = chain.from_iterable(self._read(path, name, tagger) for path, name in files)
        if self.in_detail:
            return tagger.tag_in_detail(
                documents, n_best=self.n_best, posteriors=self.posteriors, min_confidence=self.confidence, skip=skip
            )
        tagged = tagger.tag_documents(documents, min_confidence=self.confidence, skip=skip)
        return ((document, []) for document in tagged)

    def _read(self, path: str, name: str | None, tagger: Tagger) -> Iterator[Document]:
        """The documents of a file, whatever annotation they have: it is found anew."""
        return read_documents(
            path,
            format=name,
            encoding=self.encoding,
            word_column=self.word_column,
            lenient=self.lenient,
            segment=tagger.segment,
            annotation=False,
        )


def share(files: Iterable[File]) -> list[list[File]]:
    """The files in lists of neighbours, each list of a megabyte or a little more."""
    shares: list[list[File]] = []
    size = _SHARE_BYTES
    for path, name in files:
        if size >= _SHARE_BYTES:
            shares.append([])
            size = 0
        shares[-1].append((path, name))
        size += os.path.getsize(path) if path != STANDARD_STREAM else 0
    return shares
