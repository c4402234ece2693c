"""Documents of TEI P5: text whose names are elements, as digital editions have it.

See https://tei-c.org/release/doc/tei-p5-doc/en/html/ND.html, "Names, Dates, People, and Places".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from nertagger.corpus.announced.xml_elements import read_elements
from nertagger.corpus.formats.jsonl import read_value
from nertagger.corpus.records.json_values import Record
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.document import Document

_NAMESPACE = "{http://www.tei-c.org/ns/1.0}"
_NAMES = frozenset(
    "persName orgName placeName geogName addName district settlement region country bloc date time objectName".split()
)
_TYPED = frozenset("name rs".split())  # their label is their type
_INLINE = frozenset(
    "abbr add am app c choice corr damage del distinct emph ex expan foreign forename genName gloss hi ident lem"
    " mentioned measure nameLink num orig pc phr ptr q quote ref reg roleName s said seg sic soCalled subst supplied"
    " surname surplus term title unclear w".split()
)
_BREAKS = frozenset("cb gb lb milestone pb".split())
_NOT_TEXT = frozenset("del fw rdg teiHeader".split())
_PREFERRED = ("sic", "orig", "abbr")  # of alternatives, what the source has
_ALTERNATIVES = "alternatives of the text left out"
_NESTED = "names inside of names left out"
_MAX_DEPTH = 100
_SPACE = re.compile(r"\s+")


def read_tei(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per paragraph, line of verse, heading or other block of each text.

    Of names in names, the outer one is an entity. Runs of white space are one space; ``<lb break="no"/>`` joins the
    parts of a word. Of alternatives (``choice``), what the source has is read.

    Raises:
        DataError: if it is not XML, declares entities of XML, or elements are nested 100 times or more.
    """
    for number, text in read_elements(lines, source, f"{_NAMESPACE}text"):
        for record in _Reader(number, source).read(text):
            yield from read_value(record, number, source)
    source.report()


class _Reader:
    """Reader of one text into records; the block that is being read is `_text` with `_entities`.

    The notes in a block come after it.
    """

    def __init__(self, number: int, source: Source) -> None:
        self._number, self._source = number, source
        self._records: list[Record] = []
        self._notes: list[Record] = []
        self._text = ""
        self._entities: list[Record] = []
        self._joins = False  # the next characters continue a word

    def read(self, element: Element, depth: int = 0) -> list[Record]:
        """Return the records of an element that is a block."""
        self._visit(element, depth)
        return self._records

    def _visit(self, element: Element, depth: int = 0, *, in_name: bool = False) -> None:
        """Read an element without what follows it."""
        if depth >= _MAX_DEPTH:
            self._source.fail(self._number, DataError(f"not read: elements nested {_MAX_DEPTH} times or more"))
        name = element.tag.removeprefix(_NAMESPACE)
        if name in _BREAKS:
            self._break(joins=element.get("break") == "no")
        elif name == "note" and self._text:
            self._notes += _Reader(self._number, self._source).read(element, depth)
        elif name not in _NOT_TEXT:
            self._read_content(name, element, depth, in_name=in_name)

    def _read_content(self, name: str, element: Element, depth: int, *, in_name: bool) -> None:
        label = _label(name, element)
        is_block = label is None and not in_name and name not in _INLINE
        if is_block:
            self._finish()
        start = len(self._text)
        self._add(element.text)
        for child in self._read_children(name, element):
            self._visit(child, depth + 1, in_name=in_name or label is not None)
            self._add(child.tail)
        if label is not None:
            self._name(start, label, nested=in_name)
        if is_block:
            self._finish()

    def _read_children(self, name: str, element: Element) -> list[Element]:
        """Return the children that are a part of the text."""
        children = list(element)
        if name != "choice" or len(children) < 2:
            return children
        self._source.count(self._number, _ALTERNATIVES, len(children) - 1)
        wanted = [one for one in children if one.tag.removeprefix(_NAMESPACE) in _PREFERRED]
        return (wanted or children)[:1]

    def _add(self, text: str | None) -> None:
        plain = _SPACE.sub(" ", text or "")
        if self._joins or not self._text or self._text.endswith(" "):
            plain = plain.lstrip()
        self._joins = self._joins and not plain
        self._text += plain

    def _break(self, *, joins: bool) -> None:
        if joins:
            self._text, self._joins = self._text.rstrip(), True
        else:
            self._add(" ")

    def _name(self, start: int, label: str, *, nested: bool) -> None:
        """Take what was read since `start` as an entity, without white space at its edges."""
        content = self._text[start:]
        start += len(content) - len(content.lstrip())
        if not content.strip():
            return
        if nested:
            self._source.count(self._number, _NESTED)
        else:
            self._entities.append({"start": start, "end": start + len(content.strip()), "label": label})

    def _finish(self) -> None:
        """End the block."""
        if text := self._text.rstrip():
            self._records.append({"text": text, "entities": self._entities})
        self._records += self._notes
        self._text, self._entities, self._notes, self._joins = "", [], [], False


def _label(name: str, element: Element) -> str | None:
    """Return the label of an element that is a name, else None."""
    if name in _TYPED:
        return element.get("type") or name
    return name if name in _NAMES else None
