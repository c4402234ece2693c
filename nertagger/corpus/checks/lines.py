"""Checks of the raw lines of a table of tokens: line ends, white space, ``-DOCSTART-`` rows."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from nertagger.corpus.checks.findings import Findings, Kind
from nertagger.corpus.line_ends import split_lines
from nertagger.corpus.tables.layout import DOCUMENT_START, detect_layout, is_document_start
from nertagger.files import detect_bom, open_binary, open_text

_MARK = Kind.note(
    "byte-order-mark", "a byte order mark at the beginning", "other programs may read it as text; save without it"
)
_MIXED = Kind.warning(
    "mixed-line-ends", "lines that end in CR LF although others end in LF, or the reverse", "convert: dos2unix"
)
_RETURNS = Kind.warning(
    "carriage-return", "carriage returns without a line feed, read as line ends", "convert: dos2unix -c mac"
)
_UNENDED = Kind.note("no-final-line-end", "the last line has no line end", "some programs drop its sentence; add it")
_BLANKS = Kind.note(
    "blank-separator",
    "lines between sentences that contain white space",
    "some programs read them as tokens; remove the white space",
)
_TRAILING = Kind.warning(
    "trailing-space", "rows with trailing white space", "some programs read it as a column; remove it"
)
_SEPARATORS = Kind.warning("mixed-separators", "rows with another separator than most", "use tabs in all rows")
_STARTS = Kind.warning(
    "docstart-variants", "-DOCSTART- rows in another form than most", "write all of them in the same form"
)
_LOOSE_START = Kind.warning(
    "docstart-in-sentence",
    "-DOCSTART- rows without a blank line after them",
    "some programs read them as tokens; add the line",
)
_LIKE_START = Kind.warning(
    "docstart-misspelt", "rows that look like -DOCSTART- and are read as tokens", f"write {DOCUMENT_START}"
)

_SAMPLE = 1000


def check_lines(path: str, findings: Findings, *, encoding: str | None = None) -> None:
    """Check every line of a table of tokens.

    Raises:
        DataError: if the file cannot be read or is not text in this encoding.
    """
    with open_binary(path) as stream:
        if detect_bom(stream):
            findings.add(_MARK, path)
    with open_text(path, encoding=encoding) as stream:
        lines = list(split_lines(stream))
    if lines and not lines[-1].endswith(("\n", "\r")):
        findings.add(_UNENDED, path, len(lines), repr(lines[-1]))
    _check_line_ends(path, lines, findings)
    _check_white_space(path, lines, findings)
    _check_document_starts(path, lines, findings)


def _check_line_ends(path: str, lines: list[str], findings: Findings) -> None:
    returns = {number for number, line in enumerate(lines, 1) if line.endswith("\r\n")}
    feeds = {number for number, line in enumerate(lines, 1) if line.endswith("\n")} - returns
    if returns and feeds:
        for number in sorted(returns if len(returns) <= len(feeds) else feeds):
            findings.add(_MIXED, path, number)
    for number, line in enumerate(lines, 1):
        if line.endswith("\r"):
            findings.add(_RETURNS, path, number, repr(line))


def _check_white_space(path: str, lines: list[str], findings: Findings) -> None:
    layout = detect_layout(islice(lines, _SAMPLE))
    for number, line in enumerate(lines, 1):
        row = line.rstrip("\r\n")
        stripped = row.rstrip(" \t")
        if not row or layout.is_comment(row):
            continue
        if not stripped:
            findings.add(_BLANKS, path, number, repr(row))
            continue
        if stripped != row and len(row.split("\t")) != layout.columns:
            findings.add(_TRAILING, path, number, repr(row))
        if layout.separator == "\t" and "\t" not in row and " " in stripped and not is_document_start(row):
            findings.add(_SEPARATORS, path, number, repr(row))


def _check_document_starts(path: str, lines: list[str], findings: Findings) -> None:
    starts = {n: row for n, line in enumerate(lines, 1) if is_document_start(row := line.strip())}
    for number, line in enumerate(lines, 1):
        first = line.split(maxsplit=1)[0] if line.strip() else ""
        if number not in starts and first.strip("-=").upper() == DOCUMENT_START.strip("-"):
            findings.add(_LIKE_START, path, number, repr(line.rstrip()))
    common = Counter(starts.values()).most_common(1)
    for number, row in starts.items():
        if row != common[0][0]:
            findings.add(_STARTS, path, number, f"{row!r}, most are {common[0][0]!r}")
        if number < len(lines) and lines[number].strip() and not is_document_start(lines[number].strip()):
            findings.add(_LOOSE_START, path, number, repr(row))
