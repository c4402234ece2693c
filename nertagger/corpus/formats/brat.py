"""brat standoff: the text in ``NAME.txt``, and in ``NAME.ann`` a line ``T1<tab>PER 0 5<tab>Obama`` for each entity.

See https://brat.nlplab.org/standoff.html. A folder is read as all pairs of files in it. Other annotations (relations,
events, attributes, notes) are counted.
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
from nertagger.corpus.projection import project_entities
from nertagger.corpus.records.standoff import detect_offset_convention, entities_of_lines, parse_lines
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.files import COMPRESSED_SUFFIXES, base_suffix, detect_bom, make_folder, open_binary, open_text
from nertagger.printable import counted_kind
from nertagger.text.document import Document, Entity
from nertagger.text.entities import document_entities
from nertagger.text.schemes import TagScheme

logger = logging.getLogger(__name__)

_TEXT, _ANNOTATIONS = ".txt", ".ann"
_BLANKS = str.maketrans("\r\n\t", "   ")


def read_brat(path: str, source: Source) -> Iterator[Document]:
    """Yield one document per pair of files; `path` is either file of a pair, or a folder.

    An entity of several fragments is read as one from its first character to its last, and counted if there is more
    than white space between them.

    Raises:
        DataError: if a file of a pair is missing, or a line of ``.ann`` is malformed (with its line number).
    """
    for pair in _pairs(Path(path), source):
        yield _read_pair(pair, source)
    source.report()


def write_brat(path: str, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write one pair of files: the texts of the documents, each on lines of its own, and all their entities.

    Consecutive passages of one file are written without a line end between them, so that the text of the file is
    unchanged. For the path ``name.ann`` the pair is name.txt and name.ann; for a folder ``name`` it is name/name.txt
    and name/name.ann. An existing file of the pair that `path` does not name is not replaced.

    Raises:
        NerTaggerError: if such a file has other content.
    """
    target = _file_in(path)
    changed: Counter[str] = Counter()
    number = offset = 0
    before: Document | None = None
    with write_together(_Pair.of(target), asked=target) as (text, annotations):
        for document in documents:
            if before is not None and not before.text.endswith("\n") and not follows(before, document):
                text.write("\n")
                offset += 1
            for entity in document_entities(document):
                number += 1
                label = _one_word(entity.label)
                changed[entity.label] += label != entity.label
                fragments = ";".join(f"{start} {end}" for start, end in _fragments(entity, offset))
                annotations.write(f"T{number}\t{label} {fragments}\t{entity.text.translate(_BLANKS)}\n")
            text.write(document.text)
            offset += len(document.text)
            before = document
    if changed.total():
        kind = "labels with white space, which brat does not hold, written with _ instead"
        first = next(label for label, number in changed.items() if number)
        found = counted_kind(changed.total(), kind)
        logger.warning("%s: %s, first %r as %r", path, found, first, _one_word(first))


def follows(before: Document, document: Document) -> bool:
    """Return whether a passage begins where the one before it ended."""
    return before.source == document.source and document.offset == before.offset + len(before.text) > 0


class _Pair(NamedTuple):
    """The two files of a text with its annotations."""

    text: Path
    annotations: Path

    @classmethod
    def of(cls, path: Path) -> _Pair:
        """Return the pair that a path names, by either file or by their common name without suffix."""
        packed = path.suffix if path.suffix.lower() in COMPRESSED_SUFFIXES else ""
        plain = path.with_name(path.name.removesuffix(packed))
        own = (_TEXT, _ANNOTATIONS)
        return cls(*(companion(plain, suffix + packed, own=own) for suffix in own))


def _pairs(path: Path, source: Source) -> Iterator[_Pair]:
    """Yield the pairs that a path names; the unpaired files of a folder are counted."""
    if not path.is_dir():
        yield _single_pair(path)
        return
    files = [file for file in sorted(path.rglob("*")) if file.is_file() and not file.name.startswith(".")]
    annotations = [file for file in files if base_suffix(file) == _ANNOTATIONS]
    if not annotations:
        problem = f"no file in this folder ends in {_ANNOTATIONS}"
        raise DataError(problem, path=path, remedy="name a folder of brat's files")
    pairs = [_Pair.of(file) for file in annotations]
    unpaired = sorted({file for file in files if base_suffix(file) == _TEXT} - {pair.text for pair in pairs})
    for file in unpaired:
        replace(source, name=str(file)).count(1, f"texts without {_ANNOTATIONS} file left out")
    for pair in pairs:
        if pair.text.exists():
            yield pair
        else:
            error = DataError(
                "its text is missing", expected=f"{pair.text.name} in the same folder", remedy="put it there"
            )
            kind = f"annotations without {_TEXT} file left out"
            replace(source, name=str(pair.annotations)).leave_out(1, kind, error)


def _single_pair(path: Path) -> _Pair:
    """Return the pair that a file's path names; raise DataError if one of its files is missing."""
    pair = _Pair.of(path)
    if not pair.annotations.exists():
        remedy = f"if {path} has no annotation read it as text (the format text)"
        raise DataError("cannot be read: there is no such file", path=pair.annotations, remedy=remedy)
    if not pair.text.exists():
        problem = f"cannot be read: there is no such file next to {pair.annotations.name}"
        raise DataError(problem, path=pair.text)
    return pair


def _read_pair(pair: _Pair, source: Source) -> Document:
    """Return the text of a pair with its entities."""
    with open_binary(pair.text) as stream:
        has_bom = detect_bom(stream) is not None
    with open_text(pair.text, encoding=source.encoding) as stream:
        text = stream.read()
    annotations = replace(source, name=str(pair.annotations))  # has the same `repairs`
    with open_text(pair.annotations, encoding=source.encoding) as stream:
        lines = parse_lines(stream.read(), annotations)
    convention = detect_offset_convention(lines, text, has_bom=has_bom)
    found = list(entities_of_lines(lines, text, convention, annotations))
    document = replace(_with_lines(source.segmented(text), str(pair.text)), source=str(pair.text), opens=True)
    return project_entities(document, [entity for entity, _ in found], [line for _, line in found], annotations)


def _file_in(path: str) -> Path:
    """Return the file to write for a path, which may be a folder."""
    if path.endswith(os.sep):
        make_folder(Path(path))
    return Path(path, f"{Path(path).resolve().name}{_ANNOTATIONS}") if Path(path).is_dir() else Path(path)


def _fragments(entity: Entity, offset: int) -> Iterator[tuple[int, int]]:
    """Yield the entity's ranges in a text whose part begins at `offset`, one per line, as in brat."""
    begin = offset + entity.start
    pieces = [match.span() for match in re.finditer(r"[^\r\n]+", entity.text)] or [(0, len(entity.text))]
    yield from ((begin + start, begin + end) for start, end in pieces)


def _with_lines(document: Document, name: str) -> Document:
    """Return the document with the file and line of each sentence as its source."""
    ends = [match.start() for match in re.finditer("\n", document.text)]
    lines = [bisect_left(ends, sentence.starts[0]) + 1 for sentence in document.sentences]
    pairs = zip(document.sentences, lines, strict=True)
    return replace(document, sentences=tuple(replace(s, source=f"{name}:{line}") for s, line in pairs))


def _one_word(label: str) -> str:
    """Return the label without white space, at which brat ends labels."""
    return "_".join(label.split()) or "_"
