"""The metadata of a Hugging Face dataset, which name the classes of its columns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from nertagger.corpus.source import Source
from nertagger.errors import DataError, one_line

_METADATA = b"huggingface"
_MISSING = (None, -1, -100)  # an unknown class; -100 is a class that a loss ignores


def read_features(metadata: Mapping[bytes, bytes], source: Source) -> dict[str, Any]:
    """Return the description of each column; empty without such metadata.

    Raises:
        DataError: if the metadata do not have the form that `datasets` writes.
    """
    try:
        content: Any = json.loads(metadata.get(_METADATA, b"{}"))
        for name in ("info", "features"):
            value = _object(content).get(name)
            content = {} if value is None else value
        return _object(content)
    except (ValueError, RecursionError) as error:
        problem = f"the table's metadata {_METADATA.decode()!r} are damaged ({one_line(error, limit=100)})"
        remedy = "write the table again, or without them"
        source.fail(1, DataError(problem, expected="those that datasets writes", remedy=remedy))


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"a {type(value).__name__} instead of an object")
    return value


def with_names(record: Mapping[str, Any], features: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row with class names instead of numbers, without columns whose classes are all unknown.

    Raises:
        DataError: if a number has no name, or some classes of a list are known and others are not.
    """
    named = {column: _named(value, features.get(column), column) for column, value in record.items()}
    return {column: value for column, value in named.items() if not _is_unknown(value, features.get(column), column)}


def _is_unknown(value: Any, feature: Any, column: str) -> bool:
    """Return whether all classes of a list are unknown, as in the test sets of competitions."""
    inner = feature[0] if isinstance(feature, list) and feature else feature
    inner = inner.get("feature", inner) if isinstance(inner, dict) else inner
    if not isinstance(inner, dict) or not isinstance(inner.get("names"), list):
        return False
    if not isinstance(value, list) or not value:
        return value is None
    missing = [one for one in value if one in _MISSING]
    if missing and len(missing) < len(value):
        got = f"{missing[0]} among the classes in {column}, an unknown class, although others are known"
        raise DataError(got=got, remedy="give all, or -1 for all of a row that is not annotated")
    return bool(missing)


def _named(value: Any, feature: Any, column: str) -> Any:
    if isinstance(feature, list):  # the form of a list in old versions
        feature = {"feature": feature[0] if feature else None}
    if not isinstance(feature, dict) or value is None:
        return value
    names = feature.get("names")
    if isinstance(names, list):
        return _name(value, names, column)
    inner = feature.get("feature", feature)
    if isinstance(value, list):
        return [_named(one, inner, column) for one in value]
    if isinstance(value, dict) and isinstance(inner, dict):
        return {field: _named(one, inner.get(field), column) for field, one in value.items()}
    return value


def _name(value: Any, names: list[Any], column: str) -> Any:
    if isinstance(value, list):
        return [_name(one, names, column) for one in value]
    if value in _MISSING or not isinstance(value, int) or isinstance(value, bool):
        return value
    if not 0 <= value < len(names):
        got = f"the number {value} in {column}, which has no name in the metadata"
        expected = f"0 to {len(names) - 1}, or -1 in all of a row that is not annotated"
        raise DataError(got=got, expected=expected, remedy="fix it")
    return names[value]
