"""The bytes of spaCy's DocBin, unpacked with bounds on what they may become and checked before spaCy sees them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from nertagger.errors import DataError
from nertagger.files import unpacked_limit

SpanGroups = dict[str, list[tuple[int, int, int]]]
"""By name of the group, the hash of the label, the first token and the one after the last of each span."""

_TOKENS_OF_A_DOCUMENT = 2_000_000  # spaCy's own limit is a million characters; a token takes it 200 bytes
_BYTES_OF_A_LIST = 8  # at least, of a DocBin, for each list or table in it; in Python one takes 64
_SPAN = struct.Struct(">QQQllll")  # id, knowledge base id, label, first, stop, start, end


class Packed(NamedTuple):
    """One document of a DocBin.

    Attributes:
        tokens: (T, A) attributes of the tokens.
        spaces: (T,), whether a space follows each token; None where that is not known.
        spans: its span groups.
        categories: whether the document itself has labels.
    """

    tokens: np.ndarray
    spaces: np.ndarray | None
    spans: SpanGroups
    categories: bool


class DocBinContent(NamedTuple):
    """A DocBin, unpacked.

    Attributes:
        attributes: spaCy's number of each of the A attributes.
        strings: whatever the attributes' hashes stand for.
        documents: in order.
    """

    attributes: list[int]
    strings: frozenset[str]
    documents: list[Packed]


def unpack(data: bytes) -> DocBinContent:
    """The content of a DocBin.

    Raises:
        DataError: if it is none, is damaged, or becomes more than any text does.
    """
    try:
        return _content(_message(_decompressed(data)))
    except (zlib.error, ValueError, TypeError, struct.error) as error:
        raise DataError(f"not a DocBin of spaCy: {' '.join(str(error).split())[:200]}") from error


def _decompressed(data: bytes) -> bytes:
    limit = unpacked_limit(len(data))
    unpacker = zlib.decompressobj()
    plain = unpacker.decompress(data, limit)
    if unpacker.unconsumed_tail:
        raise DataError(f"{len(data):,} bytes become more than {limit:,}, which no DocBin of text does")
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("it is cut short, or something follows it")
    return plain


def _message(plain: bytes) -> Any:
    from srsly import msgpack

    left = len(plain) // _BYTES_OF_A_LIST + 100

    def counted(value: Any) -> Any:
        nonlocal left
        left -= 1
        if left < 0:
            raise ValueError("it holds more lists than its length allows")
        return value

    try:
        return msgpack.unpackb(
            plain,
            raw=False,
            use_list=True,
            object_pairs_hook=lambda pairs: counted(dict(pairs)),  # and no decoder of srsly's
            list_hook=counted,
            max_array_len=len(plain),
            max_map_len=len(plain),
        )
    except (msgpack.UnpackException, ValueError) as error:
        raise ValueError(f"its MessagePack is damaged: {str(error) or type(error).__name__}") from error


def _content(message: Any) -> DocBinContent:
    fields = _typed(message, dict, "content")
    attributes = _typed(fields.get("attrs"), list, "attrs")
    strings = _typed(fields.get("strings"), list, "strings")
    if not attributes or not all(isinstance(one, int) for one in attributes):
        raise ValueError("its attrs are not numbers")
    if not all(isinstance(one, str) for one in strings):
        raise ValueError("its strings are not text")
    lengths = np.frombuffer(_typed(fields.get("lengths"), bytes, "lengths"), dtype="int32")
    tokens = np.frombuffer(_typed(fields.get("tokens"), bytes, "tokens"), dtype="uint64").reshape(-1, len(attributes))
    spaces = np.frombuffer(_typed(fields.get("spaces"), bytes, "spaces"), dtype="uint8") != 0
    if (lengths < 0).any() or lengths.sum(dtype=np.int64) != len(tokens) or len(tokens) != len(spaces):
        raise ValueError(f"its {len(tokens)} tokens and {len(spaces)} spaces are not those of its documents")
    if len(lengths) and lengths.max() > _TOKENS_OF_A_DOCUMENT:
        raise DataError(f"a document of {lengths.max():,} tokens, expected at most {_TOKENS_OF_A_DOCUMENT:,}")
    flags, spans, categories = (_each(fields, name, len(lengths)) for name in ("flags", "span_groups", "cats"))
    ends = np.cumsum(lengths, dtype=np.int64)
    documents = [
        Packed(
            tokens[end - length : end],
            None if flag and _typed(flag, dict, "flags").get("has_unknown_spaces") else spaces[end - length : end],
            dict(_groups(groups or b"")),
            bool(labels),
        )
        for length, end, flag, groups, labels in zip(lengths, ends, flags, spans, categories, strict=True)
    ]
    return DocBinContent(attributes, frozenset(strings), documents)


def _each(fields: dict[str, Any], name: str, number: int) -> list[Any]:
    """A field that has a value for each document, which old versions lack."""
    values: list[Any] = _typed(fields.get(name, [None] * number), list, name)
    if len(values) != number:
        raise ValueError(f"it has {number} documents, but {len(values)} {name}")
    return values


def _groups(data: bytes) -> Iterator[tuple[str, list[tuple[int, int, int]]]]:
    """The span groups of a document, by the names that it has them under."""
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
