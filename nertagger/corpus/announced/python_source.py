"""A list of records in Python's source, as examples of spaCy have it; the source is parsed, never run.

``TRAIN_DATA = [("Ann ran", {"entities": [(0, 3, "PER")]})]``
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence

from nertagger.corpus.formats.jsonl import read_value
from nertagger.corpus.records.json_values import UNREADABLE_ROWS, as_lists
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.document import Document

_MAX_DEPTH = 100  # brackets within brackets; Python's parser takes more memory with each
_ROWS = ast.Tuple | ast.List | ast.Dict


def read_python(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per record of the only list of tuples or dicts in the source.

    Raises:
        DataError: if it is not Python, has no such list or several, or a record is more than literals.
    """
    text = "".join(lines)
    found = _lists(text, source)
    if len(found) != 1:
        lines_of = ", ".join(str(one[0].lineno) for one in found)
        got = f"{len(found)} lists of records, at lines {lines_of}" if found else "no list of records"
        remedy = (
            "write a file for each" if found else "save the data as JSON, or name the format text to tag it as it is"
        )
        source.fail(1, DataError(got=got, expected='[(text, {"entities": [(start, end, label)]}), ...]', remedy=remedy))
    for node in found[0]:
        try:
            value = as_lists(ast.literal_eval(node))
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            error = DataError(got=repr(ast.unparse(node)[:60]), expected="literals", remedy="save the data as JSON")
            source.leave_out(node.lineno, UNREADABLE_ROWS, error)
            continue
        yield from read_value(value, node.lineno, source)
    source.report()


def _lists(text: str, source: Source) -> list[Sequence[ast.expr]]:
    """Return the elements of each list of tuples, lists or dicts that a statement assigns or is."""
    try:
        with warnings.catch_warnings(action="ignore"):  # for invalid escapes
            statements = ast.parse(text.lstrip("\ufeff \t\r\n")).body if _depth(text) <= _MAX_DEPTH else None
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        source.fail(line, DataError(f"not Python: {getattr(error, 'msg', error)}", remedy="save the data as JSON"))
    if statements is None:
        source.fail(1, DataError(f"not read: lists or objects nested {_MAX_DEPTH} times or more"))
    values = [one.value for one in statements if isinstance(one, ast.Assign | ast.AnnAssign | ast.Expr)]
    lists = [value.elts for value in values if isinstance(value, ast.List | ast.Tuple)]
    return [one for one in lists if one and all(isinstance(element, _ROWS) for element in one)]


def _depth(text: str) -> int:
    """Return how deep brackets are nested, at most; those in strings count too."""
    depth = deepest = 0
    for character in text:
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth = max(depth - 1, 0)
    return deepest
