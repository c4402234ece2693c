"""How a file writes its tags: B-PER, B_PER, b-PER, PER-B, a prefix alone (B), or a label alone (PER).

A file has one form, told from a sample of its tags; a tag of another form is a fault. Whatever the form, tags are read
as prefix, hyphen and label in BIOES or one of its kin; BMES's M and BMEWO's W are BIOES's I and S.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from enum import Enum

from nertagger.text.schemes import OUTSIDE

NAMELESS = "_"
"""The label of entities whose tags are a prefix alone, as in seqeval."""
MISSING = ""
"""What is read where a tag is left out: unlike ``O``, it says nothing about the token."""

_MARKS_OF_NOTHING = frozenset(("", "-", "_", "none", "na", "n/a", "nan", "null", "<na>"))
_IGNORED = "-100"  # marks tokens that a training loop leaves out, which is neither an entity nor none
_READ_AS = {"M": "I", "W": "S"}
_CACHED_TAGS = 4096
_LEAST_OUTSIDE = 0.05  # of the tags in a column of plain labels; columns of words or word classes have no O
_NO_HYPHEN = r"_:/.|~ \u2013\u2014\u2212"  # the last ones are what programs make of a hyphen


class TagForm(Enum):
    """The ways to write the tag of a token in an entity, as regular expressions in order of preference."""

    HYPHEN = r"(?P<prefix>[BIESLUMW])-(?P<label>.+)"
    SEPARATOR = rf"(?P<prefix>[BIESLUMW])[{_NO_HYPHEN}](?P<label>.+)"
    LOWER_CASE = rf"(?P<prefix>[bieslumw])[-{_NO_HYPHEN}](?P<label>.+)"
    SUFFIX = rf"(?P<label>.+)[-{_NO_HYPHEN}](?P<prefix>[BIESLUMW])"
    PREFIX_ALONE = r"(?P<prefix>[BIESLUMWbieslumw])"
    LABEL_ALONE = r"(?P<label>.*[^\W\d_].*)"

    def parts(self, cell: str) -> tuple[str, str] | None:
        """The prefix (as in BIOES or BILOU; I for a label alone) and the label of a cell of this form, else None."""
        match = re.fullmatch(self.value, cell)
        if match is None:
            return None
        found = match.groupdict()
        prefix = found.get("prefix", "I").upper()
        return _READ_AS.get(prefix, prefix), found.get("label", NAMELESS)


_WITH_BOTH = (TagForm.HYPHEN, TagForm.SEPARATOR, TagForm.LOWER_CASE, TagForm.SUFFIX)
_WITH_PREFIX = (*_WITH_BOTH, TagForm.PREFIX_ALONE)


def detect_form(cells: Iterable[str]) -> TagForm | None:
    """The form of most of a column of tags; None if it is not one of tags, or has no tag of an entity.

    Labels alone are known for tags by the O, or the nothing, beside them.

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
    return TagForm.LABEL_ALONE if is_labels and outside >= _LEAST_OUTSIDE * counts.total() else None


class TagReader:
    """Reads the tags of a file, all of them in one form.

    Attributes:
        form: that of the sample, or of the first one learned from that has tags of entities; None before.
        labels: those read so far, which alone a repair may give.
    """

    def __init__(self) -> None:
        self.form: TagForm | None = None
        self.labels: set[str] = set()
        self._example = ""
        self._outside: set[str] = set()
        self._known: dict[str, str | None] = {}  # tags recur: each distinct one is looked at once

    def fit(self, sample: Iterable[str]) -> None:
        """Tell the form from these cells, unless it is known."""
        if self.form is None:
            cells = list(sample)
            self._known.clear()
            self.form = detect_form(cells)
            self._outside = _outside_marks(cells)
            for cell in dict.fromkeys(cells):
                self.read(cell)

    def read(self, cell: str) -> str | None:
        """The tag that a cell of the column means, `MISSING` if the tag is left out, None if it is not a tag."""
        if cell in self._known:
            return self._known[cell]
        tag = self._read(cell)
        if len(self._known) < _CACHED_TAGS:
            self._known[cell] = tag
        return tag

    def _read(self, cell: str) -> str | None:
        if cell == OUTSIDE or cell in self._outside:
            return OUTSIDE
        if _is_missing(cell) or cell == _IGNORED:
            return MISSING
        form = self.form or TagForm.HYPHEN
        parts = form.parts(cell)
        if parts is None or (form is TagForm.LABEL_ALONE and any(other.parts(cell) for other in _WITH_PREFIX)):
            return None
        if self.form is None:
            self._known.clear()
        self.form, self._example = form, self._example or cell
        self.labels.add(parts[1])
        return "-".join(parts)

    def is_entity(self, cell: str) -> bool:
        """Whether a cell, wherever it is, is the tag of an entity of a known label in this file's form."""
        parts = self.form.parts(cell) if self.form else None
        return parts is not None and parts[1] in self.labels

    def repaired(self, cell: str) -> str | None:
        """The tag that a cell which is none of this file plainly means: a known label in another form, or O."""
        if cell in ("o", "0"):
            return OUTSIDE
        found = (form.parts(cell) for form in (*_WITH_BOTH, TagForm.LABEL_ALONE))
        return next(("-".join(parts) for parts in found if parts and parts[1] in self.labels), None)

    @property
    def expected(self) -> str:
        """What a tag of this file looks like, for messages."""
        if not self._example or self.form is TagForm.HYPHEN:
            return "O or one of B- I- E- S- L- U- and a label"
        return f"O or a tag in the form of {self._example!r}, as before"


def _is_missing(cell: str) -> bool:
    return cell.casefold() in _MARKS_OF_NOTHING


def _outside_marks(cells: Iterable[str]) -> set[str]:
    """What stands for O beside it: nothing; a lower-case one; or, where there is no O, the one mark of nothing."""
    distinct = set(cells)
    if OUTSIDE in distinct:
        return set()
    if "o" in distinct:
        return {"o"}
    marks = set(filter(_is_missing, distinct))
    has_tags = bool(distinct - marks - {_IGNORED})
    return marks if has_tags and len(marks) == 1 else set()


def _has_suffixes(tags: Iterable[str]) -> bool:
    """Whether some label has several suffixes: PER-B and PER-I are tags, hepatitis-B and vitamin-E are labels."""
    labels = Counter(parts[1] for tag in tags if (parts := TagForm.SUFFIX.parts(tag)))
    return any(number > 1 for number in labels.values())
