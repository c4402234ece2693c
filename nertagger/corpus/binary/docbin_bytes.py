"""Unpacking of spaCy's DocBin, with limits on its size, and validation before spaCy uses it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from nertagger.errors import DataError, one_line
from nertagger.files import unpacked_limit
from nertagger.printable import counted

SpanGroups = dict[str, list[tuple[int, int, int]]]
"""By name of the group, label hash, first token and stop token of each span."""

_MAX_TOKENS = 2_000_000  # of a document; spaCy's own limit is a million characters, and a token takes 200 bytes
_MIN_LIST_BYTES = 8  # of a DocBin, for each list or map in it; in Python one takes 64
_SPAN = struct.Struct(">QQQllll")  # id, knowledge base id, label, first, stop, start, end


class Packed(NamedTuple):
    """One document of a DocBin.

    Attributes:
        tokens: attributes of the tokens, shape (T, A).
        spaces: whether a space follows each token, shape (T,); None if unknown.
        spans: its span groups.
        categories: whether the document itself has labels.
    """

    tokens: np.ndarray
    spaces: np.ndarray | None
    spans: SpanGroups
    categories: bool


class DocBinContent(NamedTuple):
    """The content of a DocBin.

    Attributes:
        attributes: spaCy's number for each of the A attributes.
        strings: the strings whose hashes are attributes.
        documents: its documents, in order.
    """

    attributes: list[int]
    strings: frozenset[str]
    documents: list[Packed]


def unpack(data: bytes) -> DocBinContent:
    """Return the content of a DocBin.

    Raises:
        DataError: if the data is not a DocBin, is damaged, or becomes larger than any text when it is decompressed.
    """
    try:
        return _content(_message(_decompressed(data)))
    except (zlib.error, ValueError, TypeError, struct.error) as error:
        raise DataError(f"not a DocBin of spaCy: {one_line(error)}") from error


def _decompressed(data: bytes) -> bytes:
    limit = unpacked_limit(len(data))
    unpacker = zlib.decompressobj()
    plain = unpacker.decompress(data, limit)
    if unpacker.unconsumed_tail:
        raise DataError(f"{len(data):,} bytes become more than {limit:,}, which no DocBin of text does")
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("it is truncated, or followed by other data")
    return plain


def _message(plain: bytes) -> Any:
    from srsly import msgpack

    left = len(plain) // _MIN_LIST_BYTES + 100

    def counted(value: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise ValueError("it has more lists than its length allows")
        return value

    try:
        return msgpack.unpackb(
            plain,
            raw=False,
            use_list=True,
            object_pairs_hook=lambda pairs: counted(dict(pairs)),  # instead of srsly's decoders
            list_hook=counted,
            max_array_len=len(plain),
            max_map_len=len(plain),
        )
    except (msgpack.UnpackException, ValueError) as error:
        raise ValueError(f"its MessagePack is damaged: {one_line(error)}") from error


def _content(message: Any) -> DocBinContent:
    """Validate the fields of a DocBin and return its content."""
    fields = _typed(message, dict, "content")
    attributes = _typed(fields.get("attrs"), list, "attrs")
    strings = _typed(fields.get("strings"), list, "strings")
    if not attributes or not all(isinstance(one, int) for one in attributes):
        raise ValueError("its attrs are not numbers")
    if not all(isinstance(one, str) for one in strings):
        raise ValueError("its strings are not text")
    return DocBinContent(attributes, frozenset(strings), list(_documents(fields, len(attributes))))


def _documents(fields: dict[str, Any], width: int) -> Iterator[Packed]:
    """Yield the documents of a DocBin, whose tokens have `width` attributes."""
    lengths = _array(fields, "lengths", "int32")
    tokens = _array(fields, "tokens", "uint64").reshape(-1, width)
    spaces = _array(fields, "spaces", "uint8") != 0
    if (lengths < 0).any() or lengths.sum(dtype=np.int64) != len(tokens) or len(tokens) != len(spaces):
        raise ValueError(f"its {len(tokens)} tokens and {len(spaces)} spaces do not match its documents")
    if len(lengths) and lengths.max() > _MAX_TOKENS:
        raise DataError(f"a document of {lengths.max():,} tokens", expected=f"at most {_MAX_TOKENS:,}")
    flags, spans, categories = (_per_document(fields, name, len(lengths)) for name in ("flags", "span_groups", "cats"))
    ends = np.cumsum(lengths, dtype=np.int64)
    for length, end, flag, groups, labels in zip(lengths, ends, flags, spans, categories, strict=True):
        has_unknown_spaces = flag and _typed(flag, dict, "flags").get("has_unknown_spaces")
        yield Packed(
            tokens[end - length : end],
            None if has_unknown_spaces else spaces[end - length : end],
            dict(_groups(groups or b"")),
            bool(labels),
        )


def _array(fields: dict[str, Any], name: str, dtype: str) -> np.ndarray:
    return np.frombuffer(_typed(fields.get(name), bytes, name), dtype=dtype)


def _per_document(fields: dict[str, Any], name: str, number: int) -> list[Any]:
    """Return a field with a value for each document; None for each if the field is missing, as in old versions."""
    values: list[Any] = _typed(fields.get(name, [None] * number), list, name)
    if len(values) != number:
        raise ValueError(f"it has {counted(number, 'document')}, but {len(values)} {name}")
    return values


def _groups(data: bytes) -> Iterator[tuple[str, list[tuple[int, int, int]]]]:
    """Yield the span groups of a document with their names."""
    if not data:
        return
    packed = _message(data)
    named = packed.items() if isinstance(packed, dict) else [(group, None) for group in packed]
    for group, names in named:
        content = _typed(_message(_typed(group, bytes, "span_groups")), dict, "span_groups")
        spans = [_SPAN.unpack(span) for span in _typed(content.get("spans"), list, "spans")]
        for name in [content.get("name")] if names is None else names:
            yield _typed(name, str, "span_groups"), [(label, first, stop) for _, _, label, first, stop, _, _ in spans]


def _typed(value: Any, wanted: type, name: str) -> Any:
    if not isinstance(value, wanted):
        raise ValueError(f"its {name} are of type {type(value).__name__}, expected {wanted.__name__}")
    return value
