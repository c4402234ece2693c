"""Training data of OpenNLP: one tokenized sentence per line (``<START:person> Pierre Vinken <END> is 61 .``).

See https://opennlp.apache.org/docs/2.5.0/manual/opennlp.html#tools.namefind.training. A blank line ends a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from nertagger.corpus.records.json_values import UNREADABLE_ROWS
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.document import Document, Sentence, Span
from nertagger.text.invisible import BYTE_ORDER_MARK
from nertagger.text.schemes import write_tags

_MARK = re.compile(r"<START(?::(?P<label>[^\s<>]*))?>|(?P<end><END>)")
_PAIR = re.compile(r"(?:^|\s)<START(?::[^\s<>]*)?>[^<>\n]*<END>(?:\s|$)", re.MULTILINE)
_UNNAMED = ("<START>", "<START:>")
_DEFAULT_LABEL = "default"  # of OpenNLP


def is_opennlp(sample: Iterable[str]) -> bool:
    """Return whether lines have entities that OpenNLP's tags mark."""
    return bool(_PAIR.search("".join(sample)))


def read_opennlp(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per line, which ``opens`` a document after a blank line.

    Raises:
        DataError: if the tags of an entity are nested or not closed in its line. A lenient source leaves the line out.
    """
    opens = True
    for number, line in enumerate(lines, 1):
        pieces = _MARK.sub(r" \g<0> ", line.lstrip(BYTE_ORDER_MARK)).split()
        if not pieces:
            opens = True
            continue
        if pieces != line.lstrip(BYTE_ORDER_MARK).split():
            source.count(number, "lines with tags that no space separates from words")
        try:
            words, spans = _parsed(pieces)
        except DataError as error:
            source.leave_out(number, UNREADABLE_ROWS, error)
            continue
        if unnamed := sum(piece in _UNNAMED for piece in pieces):
            source.count(number, f"entities without a type, read as {_DEFAULT_LABEL!r}", unnamed)
        tags = tuple(write_tags(spans, len(words))) if source.annotation else None
        checked = tuple(source.checked_word(number, word) for word in words)
        sentence = Sentence.from_words(checked, tags=tags, source=f"{source.name}:{number}")
        yield replace(Document.from_sentence(sentence, source=source.name), opens=opens)
        opens = False
    source.report()


def _parsed(pieces: Sequence[str]) -> tuple[list[str], list[Span]]:
    """Return the words of a sentence without tags, and its entities."""
    words: list[str] = []
    spans: list[Span] = []
    opened: tuple[str, int] | None = None
    for piece in pieces:
        mark = _MARK.fullmatch(piece)
        if not mark:
            words.append(piece)
        elif not mark["end"]:
            if opened:
                raise DataError(f"{piece} is inside another entity", remedy="keep one of them")
            opened = mark["label"] or _DEFAULT_LABEL, len(words)
        elif opened is None or opened[1] == len(words):
            what = "ends no entity" if opened is None else "ends an entity without words"
            raise DataError(f"<END> after {' '.join(words[-3:]) or 'nothing'} {what}", remedy="fix the line")
        else:
            spans.append(Span(opened[0], opened[1], len(words)))
            opened = None
    if opened:
        raise DataError(f"<START:{opened[0]}> is not closed in its line", expected="<END>", remedy="fix the line")
    return words, spans
