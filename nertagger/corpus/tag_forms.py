"""The forms in which files write tags: B-PER, B_PER, b-PER, PER-B, a prefix alone (B), or a label alone (PER).

A file has one form, detected from a sample of its tags; tags in another form are errors. Tags of any form are converted
to prefix, hyphen and label in BIOES or a similar scheme; BMES's M and BMEWO's W are read as BIOES's I and S.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from enum import Enum

from nertagger.text.invisible import visible
from nertagger.text.schemes import OUTSIDE

NAMELESS = "_"
"""The label of entities whose tags are a prefix alone, as in seqeval."""
MISSING = ""
"""The value of a missing tag; unlike ``O``, it says nothing about the token."""

_EMPTY_MARKS = frozenset(("", "-", "_", "none", "na", "n/a", "nan", "null", "<na>"))
_IGNORED = "-100"  # marks tokens that a loss ignores, which may or may not be in an entity
_READ_AS = {"M": "I", "W": "S"}
_CACHED_TAGS = 4096
_MIN_OUTSIDE = 0.05  # fraction of O in a column of plain labels; columns of words or part-of-speech tags have no O
_SEPARATORS = r"_:/.|~ \u2010-\u2015\u2212\ufe58\ufe63\uff0d"  # instead of a hyphen; programs replace it with the last
SEVERAL_TAGS = re.compile(r"[|;,+/](?=O$|O[|;,+/]|[BIESLUMW]-)")
"""A mark between the tags of nested entities in one cell: ``B-PER|B-TITLE``."""


class TagForm(Enum):
    """The ways to write the tag of an entity's token, as regular expressions in order of preference."""

    HYPHEN = r"(?P<prefix>[BIESLUMW])-(?P<label>.+)"
    SEPARATOR = rf"(?P<prefix>[BIESLUMW])[{_SEPARATORS}](?P<label>.+)"
    LOWER_CASE = rf"(?P<prefix>[bieslumw])[-{_SEPARATORS}](?P<label>.+)"
    SUFFIX = rf"(?P<label>.+)[-{_SEPARATORS}](?P<prefix>[BIESLUMW])"
    PREFIX_ALONE = r"(?P<prefix>[BIESLUMWbieslumw])"
    LABEL_ALONE = r"(?P<label>.*[^\W\d_].*)"

    def parts(self, cell: str) -> tuple[str, str] | None:
        """Return prefix (as in BIOES or BILOU; I for a label alone) and label of a cell in this form, else None."""
        match = re.fullmatch(self.value, cell)
        if match is None:
            return None
        groups = match.groupdict()
        prefix = groups.get("prefix", "I").upper()
        return _READ_AS.get(prefix, prefix), groups.get("label", NAMELESS)


_WITH_BOTH = (TagForm.HYPHEN, TagForm.SEPARATOR, TagForm.LOWER_CASE, TagForm.SUFFIX)
_WITH_PREFIX = (*_WITH_BOTH, TagForm.PREFIX_ALONE)


def detect_form(cells: Iterable[str]) -> TagForm | None:
    """Return the form of most cells of a column, or None if it does not hold tags or has no tag of an entity.

    Labels alone are recognised as tags by O or empty cells among them.

    >>> detect_form(["B_PER", "I_PER", "O"]).name, detect_form(["PER", "O"]).name, detect_form(["NNP", "VBD"])
    ('SEPARATOR', 'LABEL_ALONE', None)
    """
    counts = Counter(cells)
    tags = [cell for cell in counts if cell not in ("O", "o") and not _is_missing(cell)]
    matches = {form: sum(form.parts(tag) is not None for tag in tags) for form in _WITH_PREFIX}
    if not _has_suffixes(tags):
        matches[TagForm.SUFFIX] = 0
    best = TagForm.HYPHEN if matches[TagForm.HYPHEN] else max(_WITH_PREFIX, key=lambda form: matches[form])
    if matches[TagForm.HYPHEN] or 2 * matches[best] > len(tags):
        return best
    outside = counts[OUTSIDE] + counts[""]
    is_labels = bool(tags) and not any(matches.values()) and all(TagForm.LABEL_ALONE.parts(tag) for tag in tags)
    return TagForm.LABEL_ALONE if is_labels and outside >= _MIN_OUTSIDE * counts.total() else None


class TagReader:
    """Reader of the tags of a file, which are all in one form.

    Attributes:
        form: the form of the tags, detected from the first sample with tags of entities; None before.
        labels: the labels read so far; a repair never produces another one.
    """

    def __init__(self) -> None:
        self.form: TagForm | None = None
        self.labels: set[str] = set()
        self._example = ""
        self._outside: set[str] = set()
        self._known: dict[str, str | None] = {}  # tags recur: each distinct one is parsed once

    def fit(self, sample: Iterable[str]) -> None:
        """Detect the form from these cells, unless it is known."""
        if self.form is None:
            cells = list(sample)
            self._known.clear()
            self.form = detect_form(cells)
            self._outside = _outside_marks(cells)
            for cell in dict.fromkeys(cells):
                self.read(cell)

    def read(self, cell: str) -> str | None:
        """Return the tag that a cell means, `MISSING` if the tag is missing, None if the cell is not a tag."""
        if cell in self._known:
            return self._known[cell]
        tag = self._read(cell)
        if len(self._known) < _CACHED_TAGS:
            self._known[cell] = tag
        return tag

    def _read(self, cell: str) -> str | None:
        cell = visible(cell)
        if cell == OUTSIDE or cell in self._outside:
            return OUTSIDE
        if _is_missing(cell) or cell == _IGNORED:
            return MISSING
        form = self.form or TagForm.HYPHEN
        parts = None if SEVERAL_TAGS.search(cell) else form.parts(cell)
        if parts is None or (form is TagForm.LABEL_ALONE and any(other.parts(cell) for other in _WITH_PREFIX)):
            return None
        if self.form is None:
            self._known.clear()
        self.form, self._example = form, self._example or cell
        self.labels.add(parts[1])
        return "-".join(parts)

    def is_entity(self, cell: str) -> bool:
        """Return whether a cell of any column is the tag of an entity with a known label in this file's form."""
        parts = self.form.parts(cell) if self.form else None
        return parts is not None and parts[1] in self.labels

    def repaired(self, cell: str) -> str | None:
        """Return the tag that an invalid cell clearly means: a known label in another form, or O; else None.

        Of several tags in one cell, ``B-PER|B-TITLE``, it is the first.
        """
        if cell in ("o", "0"):
            return OUTSIDE
        if SEVERAL_TAGS.search(cell):
            return self._read(SEVERAL_TAGS.split(cell)[0])
        candidates = (form.parts(cell) for form in (*_WITH_BOTH, TagForm.LABEL_ALONE))
        return next(("-".join(parts) for parts in candidates if parts and parts[1] in self.labels), None)

    @property
    def expected(self) -> str:
        """Description of the tags of this file, for messages."""
        if not self._example or self.form is TagForm.HYPHEN:
            return "O or one of B- I- E- S- L- U- and a label"
        return f"O or a tag in the form of {self._example!r}, as before"


def _is_missing(cell: str) -> bool:
    return cell.casefold() in _EMPTY_MARKS


def _outside_marks(cells: Iterable[str]) -> set[str]:
    """Return the cells that mean O if no cell is O: a lower-case ``o``, or the only mark of an empty cell."""
    distinct = set(cells)
    if OUTSIDE in distinct:
        return set()
    if "o" in distinct:
        return {"o"}
    marks = set(filter(_is_missing, distinct))
    has_tags = bool(distinct - marks - {_IGNORED})
    return marks if has_tags and len(marks) == 1 else set()


def _has_suffixes(tags: Iterable[str]) -> bool:
    """Return whether a label has several suffixes: PER-B and PER-I are tags, hepatitis-B is a label."""
    labels = Counter(parts[1] for tag in tags if (parts := TagForm.SUFFIX.parts(tag)))
    return any(number > 1 for number in labels.values())
