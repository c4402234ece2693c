"""Tagged sentences: one per line, its words, a tab and their tags (``Anna ran<tab>B-PER O``), as for slot filling."""

from __future__ import annotations

from collections.abc import Iterator

from nertagger.corpus.records.json_values import UNREADABLE_ROWS
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.document import Document, Sentence

_EDGE = " \t\r\n\ufeff"


def read_tagged_sentences(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per line.

    Raises:
        DataError: if a line does not have two cells with as many words as tags. A lenient source leaves it out.
    """
    for number, line in enumerate(lines, 1):
        if not (row := line.strip(_EDGE)):
            continue
        parts = [tuple(cell.split()) for cell in row.split("\t")]
        if len(parts) == 2 and len(parts[0]) == len(parts[1]):
            tags = source.checked_tags(number, parts[1]) if source.annotation else None
            sentence = Sentence.from_words(parts[0], tags=tags, source=f"{source.name}:{number}")
            yield Document.from_sentence(sentence, source=source.name)
        else:
            got = f"cells of {' and '.join(str(len(part)) for part in parts)} words"
            error = DataError(got=got, expected="as many words as tags, and a tab between them", remedy="fix the line")
            source.leave_out(number, UNREADABLE_ROWS, error)
    source.report()
