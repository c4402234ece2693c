"""Formats that the first lines of a file announce: WebAnno TSV, CoNLL-2012 (OntoNotes), PubTator, tagged sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable

_TAG = r"(?:O|[BIESLUMW]-\S+)"
_STARTS = {
    "webanno": re.compile(r"#FORMAT=WebAnno TSV\b"),
    "conll2012": re.compile(r"#begin document \("),
    "pubtator": re.compile(r"[^\s|]+\|t\|"),
    "tagged-sentences": re.compile(rf"[^\t]*\S +\S[^\t]*\t{_TAG}(?: +{_TAG})+$"),
}


def announced_format(lines: Iterable[str]) -> str | None:
    """Return the name of the format that the first line with visible characters announces, or None.

    >>> announced_format(["\\n", "#FORMAT=WebAnno TSV 3.2\\n"]), announced_format(["Ann B-PER\\n"])
    ('webanno', None)
    """
    first = next((row for line in lines if (row := line.strip(" \t\r\n\ufeff"))), "")
    return next((name for name, start in _STARTS.items() if start.match(first)), None)
