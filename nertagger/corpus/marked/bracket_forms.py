"""The forms of marks with brackets, and which of them a text has."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nertagger.corpus.marked.labels import Marked, are_entities, is_usual

_ESCAPED = re.compile(r"\\([\[\]|\\])")
_OPENED = re.compile(r"\[[^\[\]]*$")
_SHOWN = 30  # characters of a faulty mark in a message
_NAME = re.compile(r"[^\W\d][\w.:-]*")
_LINK = re.compile(
    r"\]\([^()\s]*[/.#@:][^()\s]*\)|\]\[|^\[[^\]\n]+\]: |[A-Za-z0-9_)]\[[^\[\]]+\]\(|\]\([^()\n]*\)\s*\{", re.MULTILINE
)  # of Markdown, or an index or a function in a program
_WIKI_LINK = re.compile(r"(?<!\\)\[\[")
_BRACKET = re.compile(r"[\[\]]")
_CAPITALS = re.compile(r"[^a-z]*")
_MIN_DOUBTFUL = 2
_NEARLY_ALL = 0.9


@dataclass(frozen=True, eq=False)
class BracketForm:
    """A way to mark entities.

    Attributes:
        mark: expression of a mark, with the groups ``text`` and ``label``, and of an escaped character, without them.
        faulty: expression of a part of a mark that is nested or not closed, in the text between marks; its group, if
            any, has to be a usual label.
        escapes: whether a backslash escapes the characters of marks.
    """

    mark: re.Pattern[str]
    faulty: re.Pattern[str]
    escapes: bool = False

    def unescaped(self, text: str) -> str:
        """Return the text without the backslashes that escape characters."""
        return _ESCAPED.sub(r"\1", text) if self.escapes else text

    def marks(self, text: str) -> list[Marked]:
        """Return the marks in a text."""
        return [Marked(found["label"], found["text"]) for found in self.mark.finditer(text) if found["text"]]

    def is_open(self, text: str) -> bool:
        """Return whether a bracket in a text is not closed."""
        return bool(_OPENED.search(self.mark.sub("", text)))

    def faulty_part(self, text: str) -> str:
        """Return the beginning of what is left of a mark that is nested or not closed; empty if there is none."""
        rest = self.mark.sub("\ufffc", text)
        found = next(
            (one for one in self.faulty.finditer(rest) if all(map(is_usual, filter(None, one.groups())))), None
        )
        return rest[found.start() :].strip()[:_SHOWN].replace("\ufffc", "[...]") if found else ""


_BAR = BracketForm(
    re.compile(
        r"\\[\[\]|\\]|\[(?P<text>(?:[^\\|\[\]]|\\.)+)\|(?P<label>(?:[^\\|\[\]\s]|\\.)+|[^\\|\[\]\n]+)\]", re.DOTALL
    ),
    re.compile(r"\[[^\[\]|\n]*\||\|(?P<label>[\w.-]+)\]"),
    escapes=True,
)
_PARENTHESES = BracketForm(
    re.compile(r"(?<![!\]\\])\[(?P<text>[^\[\]]+)\]\((?P<label>[^\W\d][\w-]*)\)"),
    re.compile(r"\]\([^\W\d][\w-]*(?:\)|\s|$)"),
)
_PREFIX = BracketForm(
    re.compile(r"(?<!\\)\[(?P<label>[A-Z][A-Z_-]+)\s+(?P<text>[^\[\]\s](?:[^\[\]\s]|\s+(?=[^\[\]\s]))*)\s*\]"),
    re.compile(r"\[[A-Z][A-Z_-]+\s"),
)
_FORMS = (_BAR, _PARENTHESES, _PREFIX)


def bracket_form(sample: str) -> BracketForm | None:
    """Return the form of the marks of entities in a text; None if brackets have other uses, or if there is only one.

    Links of Markdown and Wikipedia, citations, alternatives (``[he|she]``) and directions (``[LAUGHS]``) are no marks.
    """
    for form in (_BAR, _PARENTHESES):
        marks = set(_candidates(form, sample))
        if len(marks) > 1 and are_entities(marks):
            return form
    return _PREFIX if _are_prefixed(sample) else None


def only_form(sample: str) -> BracketForm:
    """Return the form of the marks in a text that is known to have marks."""
    return bracket_form(sample) or next((form for form in _FORMS if form.marks(sample)), _BAR)


def has_doubtful_marks(sample: str) -> bool:
    """Return whether a text has brackets as marks have them, although they may have other uses."""
    usual = (mark for mark in _PREFIX.marks(sample) if is_usual(mark.label))
    doubtful = (_candidates(_BAR, sample), _candidates(_PARENTHESES, sample), usual)
    return any(len(set(marks)) >= _MIN_DOUBTFUL for marks in doubtful)


def _candidates(form: BracketForm, sample: str) -> list[Marked]:
    """Return the marks whose labels are names; if there are links in the text, only those with usual labels."""
    marks = [mark for mark in form.marks(sample) if _NAME.fullmatch(mark.label) and mark.text[0].isalnum()]
    if form is _BAR:
        return [] if 2 * len(_WIKI_LINK.findall(sample)) >= len(marks) else marks
    if 2 * len(_LINK.findall(sample)) >= len(marks):
        return [mark for mark in marks if is_usual(mark.label)]
    return marks


def _are_prefixed(sample: str) -> bool:
    """Return whether nearly all brackets begin with labels in capitals, most of them usual ones, before other words."""
    marks = _PREFIX.marks(sample)
    if len(set(marks)) < 2 or 2 * len(marks) < _NEARLY_ALL * len(_BRACKET.findall(sample)):
        return False
    usual = sum(is_usual(mark.label) for mark in marks)
    capitals = sum(bool(_CAPITALS.fullmatch(mark.text)) for mark in marks)
    return 2 * usual >= len(marks) and 2 * capitals < len(marks)
