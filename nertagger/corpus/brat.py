"""brat standoff: the text in ``NAME.txt``, beside it ``NAME.ann`` with ``T1<tab>PER 0 5<tab>Obama`` for each entity.

See https://brat.nlplab.org/standoff.html. A folder is read as all pairs in it. Lines of ``.ann`` that are not entities
(relations, events, attributes, notes) are counted.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from nertagger.corpus.annotating import annotate
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.files import atomic_write_text, open_text
from nertagger.text.document import Document, Entity
from nertagger.text.entities import document_entities
from nertagger.text.schemes import TagScheme

_TEXT, _ANNOTATIONS = ".txt", ".ann"
_ENTITY = re.compile(r"T\S*\t(?P<label>\S+) (?P<places>\d+ \d+(;\d+ \d+)*)\t?(?P<text>.*)", re.DOTALL)
_LINE_ENDS = str.maketrans("\r\n", "  ")


def read_brat(path: str, source: Source) -> Iterator[Document]:
    """One document a pair of files; `path` names either file of a pair, or a folder.

    An entity of several fragments is read as one from its first character to its last, and counted where more than
    white space lies between them.

    Raises:
        DataError: if a file of a pair is absent, or a line of ``.ann`` is not as brat writes it (with its line).
    """
    for text_path in _text_paths(Path(path)):
        with open_text(text_path, encoding=source.encoding) as stream:
            text = stream.read()
        annotations = Source(str(text_path.with_suffix(_ANNOTATIONS)), lenient=source.lenient)
        with open_text(annotations.name, encoding=source.encoding) as lines:
            entities = [
                found for number, line in enumerate(lines, 1) for found in _entities(line, text, number, annotations)
            ]
        document = source.segmented(text)
        document = replace(_placed(document, str(text_path)), source=str(text_path), opens=True)
        yield annotate(document, entities, 1, annotations)
        annotations.report()


def write_brat(path: str, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write one pair of files: the documents' texts, each in lines of its own, and all their entities.

    Passages that followed one another in one file are written as they stood there, so that its text stays the same.
    For the path ``name.ann`` the pair is name.txt and name.ann; in a folder ``name`` it is name/name.txt and .ann.
    """
    base = Path(path, Path(path).name) if Path(path).is_dir() else Path(path).with_suffix("")
    number = offset = 0
    before: Document | None = None
    with atomic_write_text(f"{base}{_TEXT}") as text, atomic_write_text(f"{base}{_ANNOTATIONS}") as annotations:
        for document in documents:
            if before is not None and not before.text.endswith("\n") and not follows(before, document):
                text.write("\n")
                offset += 1
            for entity in document_entities(document):
                number += 1
                place = ";".join(f"{start} {end}" for start, end in _lines_of(entity, offset))
                surface = entity.text.translate(_LINE_ENDS)
                annotations.write(f"T{number}\t{_one_word(entity.label)} {place}\t{surface}\n")
            text.write(document.text)
            offset += len(document.text)
            before = document


def follows(before: Document, document: Document) -> bool:
    """Whether a passage goes on where the one before it ended."""
    return before.source == document.source and document.offset == before.offset + len(before.text) > 0


def _text_paths(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path.with_suffix(_TEXT)]
    found = sorted(file.with_suffix(_TEXT) for file in path.rglob(f"*{_ANNOTATIONS}"))
    if not found:
        raise DataError(f"{path}: no file in this folder ends in {_ANNOTATIONS}; name a folder of brat's files")
    return found


def _entities(line: str, text: str, number: int, source: Source) -> Iterator[Entity]:
    """The entity of a line, if it is one's."""
    row = line.rstrip("\r\n")
    if not row.startswith("T"):
        if row.strip():
            source.count(number, "lines left out that are not entities (relations, events, attributes, notes)")
        return
    match = _ENTITY.fullmatch(row)
    places = sorted(_ranges(match["places"])) if match else []
    if match is None or not all(0 <= start < end <= len(text) for start, end in places):
        problem = f"got {row[:60]!r}, expected T1, tab, label, start and end within the text's {len(text)} characters"
        source.repair(number, "entities left out that could not be read", problem)
        return
    said, got = match["text"], " ".join(text[start:end] for start, end in places)
    if said and _squeezed(said) != _squeezed(got):
        problem = f"the text at {match['places']} is {got[:40]!r}, the line says {said[:40]!r}; fix its offsets"
        source.repair(number, "entities whose text is not the one at their offsets", problem)
    if any(text[end:start].strip() for (_, end), (start, _) in pairwise(places)):
        kind = "discontinuous entities read from their first character to their last"
        source.count(number, kind, example=f"{match['label']} {match['places']}")
    start, end = places[0][0], places[-1][1]
    yield Entity(match["label"], start, end, text[start:end])


def _ranges(places: str) -> Iterator[tuple[int, int]]:
    for place in places.split(";"):
        start, end = place.split(" ")
        yield int(start), int(end)


def _lines_of(entity: Entity, offset: int) -> Iterator[tuple[int, int]]:
    """The entity's places in a text that it stands `offset` further on in, one a line: brat parts them at line ends."""
    for piece in re.finditer(r"[^\r\n]+", entity.text):
        yield offset + entity.start + piece.start(), offset + entity.start + piece.end()


def _placed(document: Document, name: str) -> Document:
    """The document with each sentence's line as its source."""
    ends = [match.start() for match in re.finditer("\n", document.text)]
    lines = [bisect_left(ends, sentence.starts[0]) + 1 for sentence in document.sentences]
    pairs = zip(document.sentences, lines, strict=True)
    return replace(document, sentences=tuple(replace(s, source=f"{name}:{line}") for s, line in pairs))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _one_word(label: str) -> str:
    """The label as brat can hold it, which ends it at white space."""
    return "_".join(label.split())
