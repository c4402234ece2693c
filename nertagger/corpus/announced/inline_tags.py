"""Tagged lines: one sentence per line, each word with its tag (``Anna|NNP|I-PER ran|VBD|O``), as in WikiNER.

Tags may be labels alone, as the tagger of Stanford writes them (``Anna/PERSON ran/O``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice

from nertagger.corpus.source import RAGGED_ROWS, Source, is_tag
from nertagger.corpus.tag_forms import TagForm, detect_form
from nertagger.errors import DataError
from nertagger.printable import counted
from nertagger.text.document import Document, Sentence
from nertagger.text.schemes import OUTSIDE

_SEPARATORS = "|/"
_SAMPLE_LINES = 100
_EDGE = " \t\r\n\ufeff"


def inline_separator(lines: Sequence[str]) -> str | None:
    """Return what separates words from their tags in these lines; None unless it does in all words of all lines.

    Some line has several words, and some word has the tag of an entity.

    >>> inline_separator(["Anna|NNP|I-PER ran|VBD|O\\n"]), inline_separator(["Anna|I-PER\\n", "ran|O\\n"])
    ('|', None)
    """
    rows = [line.split() for line in lines if line.strip(_EDGE)]
    tags = {one: [word.rpartition(one) for row in rows for word in row] for one in _SEPARATORS}
    if not any(len(row) > 1 for row in rows):
        return None
    return next((one for one, parts in tags.items() if _are_tagged([(word, tag) for word, _, tag in parts])), None)


def _are_tagged(pairs: Sequence[tuple[str, str]]) -> bool:
    tags = [tag for word, tag in pairs if word]
    if len(tags) < len(pairs) or not set(tags) - {OUTSIDE}:
        return False
    return all(map(is_tag, tags)) or (OUTSIDE in tags and detect_form(tags) is TagForm.LABEL_ALONE)


def read_inline_tags(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per line; the first part of a word is read as the word, the last as its tag.

    Raises:
        DataError: if a word has no tag, or other parts than most.
    """
    sample = list(islice(lines, _SAMPLE_LINES))
    separator = inline_separator(sample)
    if separator is None:
        error = DataError("the lines are not words with tags", expected="Anna|I-PER ran|O", remedy="fix the lines")
        source.fail(1, error)
    source.tags.fit(word.rpartition(separator)[2] for line in sample for word in line.strip(_EDGE).split())
    parts = next(line for line in sample if line.strip(_EDGE)).split()[0].count(separator)
    for number, line in enumerate(chain(sample, lines), 1):
        if words := line.strip(_EDGE).split():
            yield _document(words, separator, parts, number, source)
    source.report()


def _document(words: Sequence[str], separator: str, parts: int, number: int, source: Source) -> Document:
    cells = [word.rsplit(separator, parts) for word in words]
    for word, split in zip(words, cells, strict=True):
        if len(split) <= parts:
            error = DataError(got=repr(word[:60]), expected=f"a word with {counted(parts, 'mark')} {separator!r}")
            source.refuse(number, RAGGED_ROWS, error)
    tags = source.checked_tags(number, [split[-1] for split in cells]) if source.annotation else None
    sentence = Sentence.from_words(
        tuple(source.checked_word(number, split[0]) for split in cells), tags=tags, source=f"{source.name}:{number}"
    )
    return Document.from_sentence(sentence, source=source.name)
