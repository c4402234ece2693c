"""Running text with entities as elements: ``<ENAMEX TYPE="PERSON">Ann</ENAMEX>`` (MUC), ``<PERSON>Ann</PERSON>``.

The latter is what Stanford's tagger writes (``inlineXML``). Elements of documents (``<DOC>``, ``<p>``, ``<s>``) end a
record; their tags are removed. See https://www-nlpir.nist.gov/related_projects/muc/ for MUC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import chain, islice

from nertagger.corpus.marked.building import MarkedText
from nertagger.corpus.marked.tags import (
    DOCUMENT,
    TAG,
    TagKind,
    document_number,
    is_structure,
    label_of,
    may_be_entity,
    other_attributes,
    tag_kind,
)
from nertagger.corpus.marked.units import SAMPLE_LINES, are_wrapped, read_units
from nertagger.corpus.records.json_values import Record
from nertagger.corpus.source import Source
from nertagger.text.document import Document

_REFERENCE = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_ACROSS_LINES = re.compile(r"<([A-Za-z][\w.-]*)(?:\s[^<>]*)?>[^<>\n\w]*\w[^<>\n]*\n[^<>\w]*\w[^<>]*</\1\s*>")
_OTHER_TAGS = "tags without entities, read as words"
_REMOVED_TAGS = "tags without entities, removed"
_COMMENTS = "comments not read"
_OTHER_ATTRIBUTES = "entities with further attributes, which are not kept"


def read_elements(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per line or, if lines are wrapped, per paragraph; each element of a document ends one.

    A number of a document (``<DOCNO>``) is the ``id`` of what follows.

    Raises:
        DataError: if the element of an entity is not closed, or entities are nested.
    """
    sample = list(islice(lines, SAMPLE_LINES))
    kind = tag_kind("".join(sample)) or TagKind.LABEL
    reader = _Reader(kind, source)
    wrapped = reader.spans_lines("".join(sample)) or are_wrapped(TAG.sub("", line) for line in sample)
    for number, text in read_units(chain(sample, lines), wrapped=wrapped, is_open=reader.is_open):
        yield from reader.documents(text, number)
    source.report()


class _Reader:
    """Reader of one file, which remembers the number of the document and whether a document begins."""

    def __init__(self, kind: TagKind, source: Source) -> None:
        self._kind, self._source = kind, source
        self._fields: Record = {}
        self._opens = False
        self._passed: set[str] = set()  # names of elements that mark no entities

    def is_open(self, text: str) -> bool:
        """Return whether more elements of entities begin in a text than end."""
        tags = [tag for tag in TAG.finditer(text) if self._names_entity(tag)]
        return 2 * sum(not tag["slash"] for tag in tags) > len(tags)

    def spans_lines(self, text: str) -> bool:
        """Return whether an entity or a sentence in its element begins in one line and ends in another."""
        without = TAG.sub(lambda tag: "" if self._names_entity(tag) else tag.group(), text)
        return any(map(_ACROSS_LINES.search, (text, without)))

    def documents(self, unit: str, number: int) -> Iterator[Document]:
        """Yield the documents in a line or paragraph."""
        marked, end = MarkedText(number, self._source, self._fields), 0
        for tag in TAG.finditer(unit):
            if tag.start() < end:  # inside the number of a document
                continue
            marked.add(_unescaped(unit[end : tag.start()]))
            end = tag.end()
            if self._names_entity(tag):
                self._take(tag, marked)
            elif is_structure(tag, self._kind):
                yield from self._finished(marked)
                end = self._enter(tag, unit, number)
                marked = MarkedText(number + unit.count("\n", 0, end), self._source, self._fields)
            else:
                self._pass(tag, marked)
        marked.add(_unescaped(unit[end:]))
        yield from self._finished(marked)

    def _names_entity(self, tag: re.Match[str]) -> bool:
        return may_be_entity(tag, self._kind)

    def _take(self, tag: re.Match[str], marked: MarkedText) -> None:
        """Begin or end the entity of a tag."""
        name = tag["name"].lower()
        if not tag["slash"]:
            marked.open(name, label_of(tag, self._kind) or "", tag.group())
            if other_attributes(tag, self._kind):
                marked.count(_OTHER_ATTRIBUTES, tag.group())
        elif not marked.close(name):
            if name in self._passed:
                self._pass(tag, marked)
            else:
                marked.fail(f"the tag {tag.group()!r} ends an element that does not begin")

    def _pass(self, tag: re.Match[str], marked: MarkedText) -> None:
        """Read a tag as words, except in files of MUC, where it is removed."""
        self._passed.add(tag["name"].lower())
        is_muc = self._kind is TagKind.MUC
        marked.add("" if is_muc else tag.group())
        marked.count(_REMOVED_TAGS if is_muc else _OTHER_TAGS, tag.group())

    def _finished(self, marked: MarkedText) -> Iterator[Document]:
        for document in marked.documents(opens=self._opens):
            self._opens = False
            yield document

    def _enter(self, tag: re.Match[str], unit: str, number: int) -> int:
        """Note what a tag of a document says, and return the end of it, or of its element if that is a number."""
        if tag.group().startswith("<!--"):
            self._source.count(number, _COMMENTS)
            return tag.end()
        if (tag["name"] or "").lower() in DOCUMENT and not tag["slash"]:
            self._fields, self._opens = {}, True
        identifier, end = document_number(tag, unit)
        if identifier:
            self._fields = {"id": identifier}
        return end


def _unescaped(text: str) -> str:
    """Return the text with its references to characters replaced (``&amp;``)."""
    return _REFERENCE.sub(lambda found: unescape(found.group()), text) if "&" in text else text
