"""Formats that the first lines of a file announce: WebAnno TSV, CoNLL-2012, PubTator, kinds of XML and others."""

from __future__ import annotations

import re
from collections.abc import Iterable

_TAG = r"(?:O|[BIESLUMW]-\S+)"
_STARTS = {
    "webanno": re.compile(r"#FORMAT=WebAnno TSV\b"),
    "conll2012": re.compile(r"#begin document \("),
    "pubtator": re.compile(r"[^\s|]+\|t\|"),
    "rasa": re.compile(r"nlu:$|## ?(?:intent|synonym|regex|lookup):"),
    "python": re.compile(r"(?:\w+ *= *)?\[ *\( *['\"]"),
    "tagged-sentences": re.compile(rf"[^\t]*\S +\S[^\t]*\t{_TAG}(?: +{_TAG})+$"),
}
_NLU = re.compile(r"nlu:\s*$")  # after the version or a comment, in Rasa's YAML
_BEFORE_NLU = ("version:", "#")
_PROLOGUE = r"(?:<\?(?:(?!\?>).)*\?>\s*|<!--(?:(?!-->).)*-->\s*|<!DOCTYPE\b[^>\[]*(?:\[[^\]]*\]\s*)?>\s*)*"
_XML = {
    name: re.compile(_PROLOGUE + start, re.DOTALL)
    for name, start in {
        "bioc-xml": r"(?:<!DOCTYPE\s+collection\b|<collection>\s*<(?:source|date|key|infon|document)\b)",
        "uima-xmi": r"<xmi:XMI\b",
        "tei": r"<(?:TEI|teiCorpus)\b",
        "gate": r"<GateDocument\b",
    }.items()
}
_SNIPS = (re.compile(r"type:\s*intent\b"), re.compile(r"utterances:"))  # after comments and the entities
_BEFORE_SNIPS = ("---", "#", "type:")


def announced_format(lines: Iterable[str]) -> str | None:
    """Return the name of the format that the first line with visible characters announces, or None.

    >>> announced_format(["\\n", "#FORMAT=WebAnno TSV 3.2\\n"]), announced_format(["Ann B-PER\\n"])
    ('webanno', None)
    """
    rows = [row for line in lines if (row := line.strip(" \t\r\n\ufeff"))]
    first = rows[0] if rows else ""
    if first.startswith(_BEFORE_NLU) and any(map(_NLU.match, rows)):
        return "rasa"
    if first.startswith("<"):
        text = "\n".join(rows)
        if found := next((name for name, start in _XML.items() if start.match(text)), None):
            return found
    if first.startswith(_BEFORE_SNIPS) and all(any(map(key.match, rows)) for key in _SNIPS):
        return "snips"
    return next((name for name, start in _STARTS.items() if start.match(first)), None)
