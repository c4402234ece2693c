"""What the metadata of a Hugging Face dataset say of its columns: the names of numbered classes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from nertagger.corpus.source import Source
from nertagger.errors import DataError

_METADATA = b"huggingface"
_MISSING = (None, -1, -100)  # what stands for a class that is not known, and for one that a loss is to ignore


def read_features(metadata: Mapping[bytes, bytes], source: Source) -> dict[str, Any]:
    """The description of each column; none without such metadata.

    Raises:
        DataError: if the metadata are not what `datasets` writes.
    """
    try:
        content: Any = json.loads(metadata.get(_METADATA, b"{}"))
        for name in ("info", "features"):
            value = _object(content).get(name)
            content = {} if value is None else value
        return _object(content)
    except (ValueError, RecursionError) as error:
        problem = f"the table's metadata {_METADATA.decode()!r} are damaged ({' '.join(str(error).split())[:100]})"
        source.fail(1, f"{problem}, expected those that datasets writes; write the table again, or without them")


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"a {type(value).__name__} where an object should be")
    return value


def with_names(record: Mapping[str, Any], features: Mapping[str, Any]) -> dict[str, Any]:
    """The row with names in place of the numbers of classes, without a column none of whose classes is known.

    Raises:
        DataError: if a number has no name, or some classes of a list are known and others are not.
    """
    named = {column: _named(value, features.get(column), column) for column, value in record.items()}
    return {column: value for column, value in named.items() if not _is_hidden(value, features.get(column), column)}


def _is_hidden(value: Any, feature: Any, column: str) -> bool:
    """Whether the value of a list of classes is missing, as in the test sets of competitions."""
    inner = feature[0] if isinstance(feature, list) and feature else feature
    inner = inner.get("feature", inner) if isinstance(inner, dict) else inner
    if not isinstance(inner, dict) or not isinstance(inner.get("names"), list):
        return False
    if not isinstance(value, list) or not value:
        return value is None
    missing = [one for one in value if one in _MISSING]
    if missing and len(missing) < len(value):
        problem = f"got {missing[0]} among the classes in {column}, which means that one is not known"
        raise DataError(f"{problem}, beside others that are; give all, or -1 for all of a row that is not annotated")
    return bool(missing)


def _named(value: Any, feature: Any, column: str) -> Any:
    if isinstance(feature, list):  # how old versions describe a list
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
        expected = f"expected 0 to {len(names) - 1}, or -1 in all of a row that is not annotated"
        raise DataError(f"got the number {value} in {column}, which has no name in the metadata, {expected}; fix it")
    return names[value]
