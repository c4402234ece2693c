"""Elements of XML, read as the lines of a file arrive."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import dropwhile
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.invisible import BYTE_ORDER_MARK

_DECLARATION = "<!ENTITY"
_EDGE = f" \t\r\n{BYTE_ORDER_MARK}"


def read_elements(lines: Iterator[str], source: Source, name: str) -> Iterator[tuple[int, Element]]:
    """Yield the elements of a name, each with the line where it begins; their content is removed afterwards.

    Raises:
        DataError: if the lines are not XML, have no such element, or declare entities of XML, which may expand without
            bounds.
    """
    parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
    number = begin = 1
    found = False
    try:
        for number, line in dropwhile(_is_blank, enumerate(lines, 1)):  # the declaration of XML has to be first
            if _DECLARATION in line:
                source.fail(number, DataError("it declares entities of XML, which are not read", remedy="replace them"))
            parser.feed(line.lstrip(BYTE_ORDER_MARK))
            for happened in parser.read_events():
                match happened:
                    case ("start", Element(tag=tag)) if tag == name:
                        begin = number
                    case ("end", Element(tag=tag) as element) if tag == name:
                        found = True
                        yield begin, element
                        element.clear()
        parser.close()
    except ParseError as error:
        problem = str(error).partition(": line ")[0]  # the line in the file is known
        source.fail(number, DataError(f"not XML: {problem}", remedy="fix it, or name the format"))
    if not found:
        namespace, _, tag = name.removeprefix("{").rpartition("}")
        of = f" of {namespace}" if namespace else ""
        source.fail(number, DataError(got=f"no element {tag}{of}", expected="at least one"))


def _is_blank(numbered: tuple[int, str]) -> bool:
    return not numbered[1].strip(_EDGE)
