"""Cells of a table: words and tags with characters replaced that would end a cell or a row."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence

from nertagger.corpus.tables.layout import DOCUMENT_START
from nertagger.corpus.tag_forms import NAMELESS, SEVERAL_TAGS
from nertagger.printable import counted_kind
from nertagger.text.in_memory import BLANK_TOKEN
from nertagger.text.invisible import BYTE_ORDER_MARK, INVISIBLE, visible
from nertagger.text.schemes import TagScheme, read_spans, write_tags

logger = logging.getLogger(__name__)

_BREAKS = frozenset("\t\n\r")
_ESCAPED_START = "- DOCSTART-"


class CellWriter:
    """Converter of words and tags to cells, which counts the changed ones.

    Words with tabs and line ends are counted by `nertagger.corpus.conversion` instead.
    """

    def __init__(self, format: str) -> None:
        self._format = format
        self._changed: Counter[str] = Counter()

    def word(self, word: str) -> str:
        """Return the word with tabs and line ends replaced by spaces."""
        return word if _BREAKS.isdisjoint(word) else _with_spaces(word)

    def first_word(self, word: str) -> str:
        """Return the word for the first cell of a row, where ``-DOCSTART-`` and byte order marks have a meaning."""
        if word == DOCUMENT_START:
            self._changed[f"words {word} written as {_ESCAPED_START!r}"] += 1
            return _ESCAPED_START
        if word.startswith(BYTE_ORDER_MARK):
            self._changed["words with a byte order mark at the beginning written without it"] += 1
            return self.word(word.lstrip(BYTE_ORDER_MARK) or BLANK_TOKEN)
        return self.word(word)

    def tags(self, tags: Sequence[str], scheme: TagScheme | None) -> Sequence[str]:
        """Return the tags of a sentence: of labels, invisible edges are removed, tabs and line ends become spaces.

        Changed tags are converted to the scheme (None: IOB2), so that adjacent entities stay separate even if their
        labels become equal.
        """
        if not any(map(_is_to_change, tags)):
            return tags
        spans = [span._replace(label=self._label(span.label)) for span in read_spans(tags)]
        return write_tags(spans, len(tags), scheme or TagScheme.IOB2)

    def report(self) -> None:
        """Log one warning for each kind of change."""
        for kind, number in self._changed.items():
            logger.warning("%s, as %s cannot hold the original", counted_kind(number, kind), self._format)

    def _label(self, label: str) -> str:
        written = visible(_with_spaces(SEVERAL_TAGS.sub("_", label))) or NAMELESS
        if written != label:
            self._changed[f"entities with the label {label!r} written as {written!r}"] += 1
        return written


def _is_to_change(tag: str) -> bool:
    """Return whether a reader would not find the label of the tag as it is."""
    at_edges = tag[-1] in INVISIBLE or tag[2:3] == " "
    return at_edges or not _BREAKS.isdisjoint(tag) or SEVERAL_TAGS.search(tag) is not None


def _with_spaces(text: str) -> str:
    return text.replace("\t", " ").replace("\n", " ").replace("\r", " ")
