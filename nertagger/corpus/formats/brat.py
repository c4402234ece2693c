"""brat standoff: the text in ``NAME.txt``, beside it ``NAME.ann`` with ``T1<tab>PER 0 5<tab>Obama`` for each entity.

See https://brat.nlplab.org/standoff.html. A folder is read as all pairs in it. Lines of ``.ann`` that are not entities
(relations, events, attributes, notes) are counted.
"""

from __future__ import annotations

import logging
import os
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from nertagger.companions import companion, write_together
from nertagger.corpus.projection import annotate
from nertagger.corpus.records.standoff import counting_of, entities_of_lines, parse_lines
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.files import COMPRESSED_SUFFIXES, base_suffix, detect_bom, make_folder, open_binary, open_text
from nertagger.text.document import Document, Entity
from nertagger.text.entities import document_entities
from nertagger.text.schemes import TagScheme

logger = logging.getLogger(__name__)

_TEXT, _ANNOTATIONS = ".txt", ".ann"
_BLANKS = str.maketrans("\r\n\t", "   ")


def read_brat(path: str, source: Source) -> Iterator[Document]:
    """One document a pair of files; `path` names either file of a pair, or a folder.

    An entity of several fragments is read as one from its first character to its last, and counted where more than
    white space lies between them.

    Raises:
        DataError: if a file of a pair is absent, or a line of ``.ann`` is not as brat writes it (with its line).
    """
    for pair in _pairs(Path(path), source):
        yield _read_pair(pair, source)
    source.report()


def write_brat(path: str, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write one pair of files: the documents' texts, each in lines of its own, and all their entities.

    Passages that followed one another in one file are written as they stood there, so that its text stays the same.
    For the path ``name.ann`` the pair is name.txt and name.ann; in a folder ``name`` it is name/name.txt and .ann. A
    file of the pair that exists and that `path` does not name is not replaced.

    Raises:
        NerTaggerError: if such a file holds something else.
    """
    asked = _file_in(path)
    changed: Counter[str] = Counter()
    number = offset = 0
    before: Document | None = None
    with write_together(_Pair.of(asked), asked=asked) as (text, annotations):
        for document in documents:
            if before is not None and not before.text.endswith("\n") and not follows(before, document):
                text.write("\n")
                offset += 1
            for entity in document_entities(document):
                number += 1
                label = _one_word(entity.label)
                changed[entity.label] += label != entity.label
                place = ";".join(f"{start} {end}" for start, end in _lines_of(entity, offset))
                annotations.write(f"T{number}\t{label} {place}\t{entity.text.translate(_BLANKS)}\n")
            text.write(document.text)
            offset += len(document.text)
            before = document
    if changed.total():
        kind = "labels with white space, which brat does not hold, written with _ in its place"
        first = next(label for label, number in changed.items() if number)
        logger.warning("%s: %d %s, first %r as %r", path, changed.total(), kind, first, _one_word(first))


def follows(before: Document, document: Document) -> bool:
    """Whether a passage goes on where the one before it ended."""
    return before.source == document.source and document.offset == before.offset + len(before.text) > 0


class _Pair(NamedTuple):
    """The two files of a text."""

    text: Path
    annotations: Path

    @classmethod
    def of(cls, path: Path) -> _Pair:
        """The pair that a path names: by either file of it, or by what both are called without their suffixes."""
        packed = path.suffix if path.suffix.lower() in COMPRESSED_SUFFIXES else ""
        plain = path.with_name(path.name.removesuffix(packed))
        own = (_TEXT, _ANNOTATIONS)
        return cls(*(companion(plain, suffix + packed, own=own) for suffix in own))


def _pairs(path: Path, source: Source) -> Iterator[_Pair]:
    """The pairs that a path names; a folder's files without the other one of their pair are counted."""
    if not path.is_dir():
        pair = _Pair.of(path)
        if not pair.annotations.exists():
            problem = f"{pair.annotations}: cannot be read: there is no such file"
            raise DataError(f"{problem}; if {path} has no annotation read it as text (the format text)")
        if not pair.text.exists():
            raise DataError(f"{pair.text}: cannot be read: there is no such file beside {pair.annotations.name}")
        yield pair
        return
    files = [file for file in sorted(path.rglob("*")) if file.is_file() and not file.name.startswith(".")]
    annotations = [file for file in files if base_suffix(file) == _ANNOTATIONS]
    if not annotations:
        raise DataError(f"{path}: no file in this folder ends in {_ANNOTATIONS}; name a folder of brat's files")
    pairs = [_Pair.of(file) for file in annotations]
    alone = sorted({file for file in files if base_suffix(file) == _TEXT} - {pair.text for pair in pairs})
    for file in alone:
        replace(source, name=str(file)).count(1, f"texts left out that have no {_ANNOTATIONS} beside them")
    for pair in pairs:
        if pair.text.exists():
            yield pair
        else:
            problem = f"its text is not there, expected {pair.text.name} beside it; put it there"
            there = replace(source, name=str(pair.annotations))
            there.leave_out(1, f"files left out that have no {_TEXT} beside them", problem)


def _read_pair(pair: _Pair, source: Source) -> Document:
    """The text of a pair with its entities."""
    with open_binary(pair.text) as stream:
        marked = detect_bom(stream) is not None
    with open_text(pair.text, encoding=source.encoding) as stream:
        text = stream.read()
    annotations = replace(source, name=str(pair.annotations))  # counts into the same account
    with open_text(pair.annotations, encoding=source.encoding) as stream:
        lines = parse_lines(stream.read(), annotations)
    counting = counting_of(lines, text, marked=marked)
    found = list(entities_of_lines(lines, text, counting, annotations))
    document = replace(_placed(source.segmented(text), str(pair.text)), source=str(pair.text), opens=True)
    return annotate(document, [entity for entity, _ in found], [line for _, line in found], annotations)


def _file_in(path: str) -> Path:
    """The file to write for a path, which may be a folder."""
    if path.endswith(os.sep):
        make_folder(Path(path))
    return Path(path, f"{Path(path).resolve().name}{_ANNOTATIONS}") if Path(path).is_dir() else Path(path)


def _lines_of(entity: Entity, offset: int) -> Iterator[tuple[int, int]]:
    """The entity's places in a text that it stands `offset` further on in, one a line: brat parts them at line ends."""
    begin = offset + entity.start
    pieces = [match.span() for match in re.finditer(r"[^\r\n]+", entity.text)] or [(0, len(entity.text))]
    yield from ((begin + start, begin + end) for start, end in pieces)


def _placed(document: Document, name: str) -> Document:
    """The document with each sentence's line as its source."""
    ends = [match.start() for match in re.finditer("\n", document.text)]
    lines = [bisect_left(ends, sentence.starts[0]) + 1 for sentence in document.sentences]
    pairs = zip(document.sentences, lines, strict=True)
    return replace(document, sentences=tuple(replace(s, source=f"{name}:{line}") for s, line in pairs))


def _one_word(label: str) -> str:
    """The label as brat can hold it, which ends it at white space."""
    return "_".join(label.split()) or "_"
