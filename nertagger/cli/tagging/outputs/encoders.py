"""Tagged documents as the bytes of an output, in pieces that can be appended to one another."""

from __future__ import annotations

import io
import pickle
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from typing import BinaryIO, Protocol, cast

from nertagger.cli.tagging.job import Tagged
from nertagger.cli.tagging.pieces import Segment
from nertagger.corpus import Holds, write_documents
from nertagger.corpus.columns.rows import Rows
from nertagger.corpus.conversion import Losses
from nertagger.corpus.registry import find_writer
from nertagger.files import compressed
from nertagger.runtime.sentence_details import write_details
from nertagger.text.schemes import TagScheme

APPENDED = ("jsonl", "jsonl-tokens", "doccano", "prodigy", "conll", "conllu", "text")
"""The formats whose files can be appended to one another."""

Group = tuple[Segment, Iterator[Tagged]]
"""A segment and its tagged documents."""


class Encoder(Protocol):
    """Writes the tagged documents of segments."""

    @property
    def losses(self) -> Counter[str]:
        """What the output could not hold, by kind, since the last `encode` began."""

    def encode(self, stream: BinaryIO, groups: Iterator[Group]) -> None:
        """Write the documents of the segments to a stream, in order."""


@dataclass
class TextEncoder:
    """Writes a format of text, compressed as a suffix says.

    Attributes:
        tags: the tags of the tagger, if more than entities is written; else None.
        suffix: ``.gz``, ``.xz``, ``.bz2``, ``.zst``, or empty.
    """

    format: str
    scheme: TagScheme
    tags: Sequence[str] | None
    suffix: str
    losses: Counter[str] = field(default_factory=Counter)

    def encode(self, stream: BinaryIO, groups: Iterator[Group]) -> None:
        """Write the documents."""
        losses = Losses(find_writer(self.format).holds | ~Holds.META)  # only lost fields are worth a report
        tagged = chain.from_iterable(found for _, found in groups)
        with packed_into(stream, self.suffix) as packed:
            text = io.TextIOWrapper(packed, encoding="utf-8", newline="\n")
            if self.tags is not None:
                write_details(text, tagged, self.tags)
            else:
                documents = losses.watch(document for document, _ in tagged)
                write_documents(text, documents, format=self.format, scheme=self.scheme)
            text.flush()
            text.detach()
        self.losses = losses.counts


@dataclass
class TableEncoder:
    """Writes rows with their entities as another kind of table or the same."""

    to: str
    suffix: str
    losses: Counter[str] = field(default_factory=Counter)

    def encode(self, stream: BinaryIO, groups: Iterator[Group]) -> None:
        """Write the rows, without a header."""
        with packed_into(stream, self.suffix) as packed:
            for segment, tagged in groups:
                cast(Rows, segment.content).write(packed, (document for document, _ in tagged), self.to)


@dataclass
class PickleEncoder:
    """Hands documents from process to process, for formats that are written as a whole."""

    losses: Counter[str] = field(default_factory=Counter)

    def encode(self, stream: BinaryIO, groups: Iterator[Group]) -> None:
        """Write the documents, to be read by `read_pickled` in the same run."""
        for _, tagged in groups:
            for one in tagged:
                pickle.dump(one, stream, pickle.HIGHEST_PROTOCOL)


def read_pickled(stream: BinaryIO) -> Iterator[Tagged]:
    """Yield what `PickleEncoder` has written to a temporary file of this run."""
    buffered = io.BufferedReader(cast(io.RawIOBase, stream))
    while buffered.peek(1):
        yield pickle.load(buffered)
    buffered.detach()


@contextmanager
def packed_into(stream: BinaryIO, suffix: str) -> Iterator[BinaryIO]:
    """Compress what the block writes, as a part that can be appended to others."""
    packed = cast(BinaryIO, compressed(stream, suffix))
    yield packed
    if packed is not stream:
        packed.close()
