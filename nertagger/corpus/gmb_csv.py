"""The CSV layout of the Groningen Meaning Bank: ``Sentence #,Word,POS,Tag``, the sentence named on its first token."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from io import StringIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TextIO

from nertagger.corpus.source import Source, is_tag
from nertagger.errors import DataError
from nertagger.text.document import Document, Sentence
from nertagger.text.entities import sentence_tags
from nertagger.text.schemes import TagScheme

if TYPE_CHECKING:
    import pandas as pd

_WORD_NAMES = ("word", "token", "words", "tokens")
_TAG_NAMES = ("tag", "ner", "ner_tag", "tags", "label", "bio", "iob")
_SENTENCE_NAMES = ("sentence #", "sentence_id", "sentence id", "sentence", "sent_id", "sentence_idx")
_FIRST_LINE = 2  # of the file, that of the first row below the header


def read_csv(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """One document a sentence. A sentence begins where its column names another one, or after a row of empty cells.

    The file is held in memory: quoted cells may hold anything, line ends too.
    """
    frame = _frame("".join(lines), source)
    if frame is None:
        return
    word = _column(frame, source.word_column, _WORD_NAMES, "word", source)
    tag = _column(frame, source.tag_column, _TAG_NAMES, "tag", source)
    words, tags = frame.iloc[:, word].tolist(), frame.iloc[:, tag].tolist()
    ranges = _ranges(frame, source)
    for position in _odd_rows(words, tags, ranges):
        words[position] = source.checked_word(position + _FIRST_LINE, words[position])
        tags[position] = source.checked_tag(position + _FIRST_LINE, tags[position])
    for first, stop in ranges:
        place = f"{source.name}:{first + _FIRST_LINE}"
        sentence = Sentence.from_words(tuple(words[first:stop]), tags=tuple(tags[first:stop]), source=place)
        yield Document.from_sentence(sentence, source=source.name)
    source.report()


def write_csv(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write ``Sentence #,Word,Tag``, the sentence's number on its first token."""
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(("Sentence #", "Word", "Tag"))
    number = 0
    for document in documents:
        for sentence, tags in sentence_tags(document, scheme):
            number += 1
            for position, (word, tag) in enumerate(zip(sentence.words, tags, strict=True)):
                rows.writerow(("" if position else f"Sentence: {number}", word, tag))


def _frame(text: str, source: Source) -> pd.DataFrame | None:
    """The table as strings, one row a line, "None" and "NA" as they are; None if there is no header."""
    from pandas.errors import EmptyDataError, ParserError

    try:
        frame = _parsed(text)
    except EmptyDataError:
        return None
    except ParserError as error:
        match = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(error))
        if match is None:
            raise DataError(f"{source.name}: not a table of comma-separated values: {error}") from error
        expected, line, got = map(int, match.groups())
        problem = f"row has {got} columns, expected {expected} as in the header; quote the cell that holds a comma"
        source.repair(line, "ragged rows repaired", problem, number=0)
        frame = _parsed(text, engine="python", on_bad_lines=partial(_joined, expected, line, source))
    if not hasattr(frame.index, "step"):  # pandas makes the surplus cells of the first row a named index
        source.fail(_FIRST_LINE, f"row has more columns than the {frame.shape[1]} of the header; name them all")
    return frame.fillna("")  # the cells that a short row lacks


def _parsed(text: str, **options: Any) -> pd.DataFrame:
    """The table as pandas reads it, every cell a string."""
    import pandas as pd

    frame: pd.DataFrame = pd.read_csv(
        StringIO(text, newline=""),
        dtype=object,
        keep_default_na=False,
        na_filter=False,
        skip_blank_lines=False,
        **options,
    )
    return frame


def _joined(columns: int, line: int, source: Source, cells: list[str]) -> list[str]:
    """A row of too many cells with the surplus taken to be parts of the word."""
    source.count(line, "ragged rows repaired")
    word = source.word_column if source.word_column is not None else min(1, columns - 1)
    surplus = len(cells) - columns
    return [*cells[:word], ",".join(cells[word : word + surplus + 1]), *cells[word + surplus + 1 :]]


def _column(frame: pd.DataFrame, asked: int | None, names: Iterable[str], what: str, source: Source) -> int:
    """The index of the column asked for, else of the one whose header is the first found of `names`."""
    header = [str(name).strip().lower() for name in frame.columns]
    if asked is not None and -len(header) <= asked < len(header):
        return asked % len(header)
    found = next((header.index(name) for name in names if name in header), None)
    if asked is None and found is not None:
        return found
    got = f"column {asked} asked for" if asked is not None else f"no column is called {' or '.join(names)}"
    raise DataError(f"{source.name}:1: {got}, the header has {', '.join(header)}; give the {what} column's number")


def _odd_rows(words: Sequence[str], tags: Sequence[str], ranges: Iterable[tuple[int, int]]) -> list[int]:
    """The tokens' rows whose word is blank or whose tag is none; most files have not one."""
    odd_words = {word for word in set(words) if not word.strip()}
    odd_tags = {tag for tag in set(tags) if not is_tag(tag)}
    if not odd_words and not odd_tags:
        return []
    rows = (row for first, stop in ranges for row in range(first, stop))
    return [row for row in rows if words[row] in odd_words or tags[row] in odd_tags]


def _ranges(frame: pd.DataFrame, source: Source) -> list[tuple[int, int]]:
    """The rows of each sentence, half-open."""
    header = [str(name).strip().lower() for name in frame.columns]
    named = next((header.index(name) for name in _SENTENCE_NAMES if name in header), None)
    empty = (frame == "").all(axis=1)
    if named is None and not empty.any() and len(frame):
        problem = f"no column names the sentences, the header has {', '.join(header)}"
        raise DataError(f"{source.name}:1: {problem}; add a column 'Sentence #', or empty rows between sentences")
    begins = empty.shift(fill_value=True)
    if named is not None:
        names = frame.iloc[:, named]
        names = names.where(names != "").ffill().fillna("")
        begins |= names != names.shift()
    tokens = ~empty
    edges = [*frame.index[begins | empty], len(frame)]
    return [(first, stop) for first, stop in pairwise(edges) if tokens[first]]
