"""Words and tags as the cells of a table, changed where they hold what would end a cell or a row, and reported."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence

from nertagger.corpus.tables.layout import DOCUMENT_START
from nertagger.corpus.tag_forms import NAMELESS
from nertagger.text.schemes import TagScheme, read_spans, write_tags

logger = logging.getLogger(__name__)

_ENDS = frozenset("\t\n\r")
_NOT_A_START = "- DOCSTART-"


class Cells:
    """Makes cells, and counts those labels and words that are changed.

    Words with tabs and line ends are not counted here but by `nertagger.corpus.conversion`.
    """

    def __init__(self, format: str) -> None:
        self._format = format
        self._changed: Counter[str] = Counter()

    def word(self, word: str) -> str:
        """The word with spaces for tabs and line ends."""
        return word if _ENDS.isdisjoint(word) else _spaced(word)

    def first_word(self, word: str) -> str:
        """The word as the first cell of its row, where ``-DOCSTART-`` would not be read as a word."""
        if word == DOCUMENT_START:
            self._changed[f"words {word} written as {_NOT_A_START!r}"] += 1
            return _NOT_A_START
        return self.word(word)

    def tags(self, tags: Sequence[str], scheme: TagScheme | None) -> Sequence[str]:
        """The tags of a sentence with spaces for tabs and line ends inside a label, and nothing for white space around.

        They are written anew in the scheme (None: IOB2), so that labels that become alike do not join their entities.
        """
        if all(_ENDS.isdisjoint(tag) and tag[-1] != " " for tag in tags):
            return tags
        spans = [span._replace(label=self._label(span.label)) for span in read_spans(tags)]
        return write_tags(spans, len(tags), scheme or TagScheme.IOB2)

    def report(self) -> None:
        """Log one warning for each kind of change."""
        for kind, number in self._changed.items():
            logger.warning("%d %s, for %s cannot hold them as they are", number, kind, self._format)

    def _label(self, label: str) -> str:
        written = _spaced(label).strip(" ") or NAMELESS
        if written != label:
            self._changed[f"entities of the label {label!r} written as {written!r}"] += 1
        return written


def _spaced(text: str) -> str:
    return text.replace("\t", " ").replace("\n", " ").replace("\r", " ")
