"""One piece of the input tagged, in whichever process."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import BinaryIO

from nertagger.cli.tagging.job import Job, Tagged
from nertagger.cli.tagging.outputs.encoders import Encoder, Group
from nertagger.cli.tagging.pieces import PIECE_BYTES, Piece, Repairs, Segment, merge_repairs
from nertagger.corpus.cutting.rejects import Reject
from nertagger.runtime import Tagger
from nertagger.text.document import Document


@dataclass
class Outcome:
    """What tagging a piece has found, beside the bytes of the output.

    Attributes:
        sizes: the bytes of each segment; of all segments together if they are not written apart.
        tokens: how many tokens were tagged.
        rejects: the records that could not be read.
        repairs: what the reader has repaired.
        losses: what the output cannot hold.
    """

    sizes: list[int] = field(default_factory=list)
    tokens: int = 0
    rejects: list[Reject] = field(default_factory=list)
    repairs: Repairs = field(default_factory=dict)
    losses: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Result:
    """A piece, its outcome, and the bytes of the output, which are there until the next result."""

    piece: Piece
    outcome: Outcome
    encoded: BinaryIO


def tag_piece(piece: Piece, job: Job, tagger: Tagger, encoder: Encoder, target: BinaryIO, *, is_apart: bool) -> Outcome:
    """Tag a piece and write the bytes of the output.

    Args:
        piece: the piece.
        job: how to read and tag it.
        tagger: the tagger.
        encoder: writes the output.
        target: what it writes to, empty and seekable.
        is_apart: whether each segment is written by itself, because it has an output of its own.
    """
    outcome = Outcome()
    owners: deque[int] = deque()  # of the documents that the tagger has read and not yet returned
    tagged = job.tag(tagger, _documents(piece, job, tagger, outcome, owners))
    by_segment = groupby(_counted(tagged, outcome), key=lambda _: owners.popleft())
    groups = ((piece.segments[owner], found) for owner, found in by_segment)
    if is_apart:
        _write_apart(piece, groups, encoder, target, outcome)
    else:
        encoder.encode(target, groups)
        outcome.losses += encoder.losses
        outcome.sizes.append(target.tell())
    return outcome


def _write_apart(piece: Piece, groups: Iterator[Group], encoder: Encoder, target: BinaryIO, outcome: Outcome) -> None:
    outcome.sizes = [0] * len(piece.segments)
    numbers = {id(segment): number for number, segment in enumerate(piece.segments)}
    for segment, found in groups:
        begin = target.tell()
        encoder.encode(target, iter([(segment, found)]))
        outcome.losses += encoder.losses
        outcome.sizes[numbers[id(segment)]] = target.tell() - begin


def _documents(piece: Piece, job: Job, tagger: Tagger, outcome: Outcome, owners: deque[int]) -> Iterator[Document]:
    for number, segment in enumerate(piece.segments):
        for document in _read(segment, job, tagger, outcome):
            owners.append(number)
            yield document


def _read(segment: Segment, job: Job, tagger: Tagger, outcome: Outcome) -> Iterator[Document]:
    """Yield the documents of a segment, which is read here if it is a whole file."""
    source = job.source(segment.source[0], tagger)
    whole = job.cut(source, segment.source[1], size=PIECE_BYTES)
    for content in whole if segment.content is None else [segment.content]:
        yield from content.documents(source)
    outcome.rejects += source.rejects or ()
    merge_repairs(outcome.repairs, {segment.source[0]: source.repairs})


def _counted(tagged: Iterable[Tagged], outcome: Outcome) -> Iterator[Tagged]:
    for one in tagged:
        outcome.tokens += sum(map(len, one[0].sentences))
        yield one
