"""Tensors by name from the bytes of a safetensors file, without copies, and such bytes from tensors.

The format (https://github.com/huggingface/safetensors#format): eight bytes with the length N of the header, N bytes
of JSON ``{name: {"dtype", "shape", "data_offsets": [begin, end]}}``, then the data, which the tensors cover without
gaps. The safetensors package is not used here because it copies every tensor, and a word-vector table is large.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from nertagger.modelfile.schema import Layer
from nertagger.parsing import load_json

_LARGEST_HEADER, _MOST_AXES, _LONGEST_AXIS = 1 << 22, 8, 1 << 40
_ALIGNMENT = 8  # of the data, in bytes

_DTYPES: dict[str, np.dtype[Any]] = {
    "F64": np.dtype("<f8"),
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "I64": np.dtype("<i8"),
    "I32": np.dtype("<i4"),
    "I8": np.dtype("i1"),
    "U8": np.dtype("u1"),
}


def read_tensors(content: memoryview) -> dict[str, np.ndarray]:
    """Return the tensors of a safetensors file as read-only views of `content`.

    Raises:
        ValueError: if the header violates the format or contradicts the size of the data.
    """
    header, data = _split_header(content)
    header.pop("__metadata__", None)
    tensors, end = {}, 0
    for begin, stop, name in sorted((*_offsets(name, entry), name) for name, entry in header.items()):
        dtype, shape = _type_and_shape(name, header[name])
        if begin != end or stop - begin != math.prod(shape) * dtype.itemsize or stop > len(data):
            raise ValueError(f"{name!r:.60} of {dtype} {shape} does not lie at bytes {begin} to {stop} of {len(data)}")
        tensors[name] = np.frombuffer(data[begin:stop], dtype).reshape(shape)
        end = stop
    if end != len(data):
        raise ValueError(f"has {len(data)} bytes of data, its tensors cover {end}")
    return tensors


def write_tensors(tensors: Mapping[str, np.ndarray]) -> bytes:
    """Return tensors as the bytes of a safetensors file; each is copied once.

    Raises:
        KeyError: if the dtype of one is not among those that `read_tensors` reads.
    """
    names = {dtype: name for name, dtype in _DTYPES.items()}
    header: dict[str, Any] = {}
    parts: list[memoryview] = []
    end = 0
    for name in sorted(tensors, key=lambda name: (-tensors[name].itemsize, name)):  # so that each is aligned
        tensor = np.ascontiguousarray(tensors[name])
        begin, end = end, end + tensor.nbytes
        shape = list(tensors[name].shape)
        header[name] = {"dtype": names[tensor.dtype], "shape": shape, "data_offsets": [begin, end]}
        parts.append(tensor.reshape(-1).view(np.uint8).data)
    said = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    said += b" " * (-len(said) % _ALIGNMENT)
    return b"".join([len(said).to_bytes(8, "little"), said, *parts])


def below(tensors: Mapping[str, np.ndarray], layer: str) -> dict[str, np.ndarray]:
    """Return the tensors of a layer, by the rest of their names.

    >>> list(below({"context/table/embeddings": np.zeros(3), "emit/bias": np.zeros(2)}, "context"))
    ['table/embeddings']
    """
    prefix = f"{layer}/"
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def members_of(tensors: Mapping[str, np.ndarray]) -> list[dict[str, np.ndarray]]:
    """Return the weights of each network of a committee, or all tensors if they are not of one."""
    members: list[dict[str, np.ndarray]] = []
    while found := below(tensors, Layer.member(len(members))):
        members.append(found)
    return members or [dict(tensors)]


def _split_header(content: memoryview) -> tuple[dict[str, Any], memoryview]:
    length = int.from_bytes(content[:8], "little")
    if len(content) < 8 or length > len(content) - 8:
        raise ValueError(f"its header of {length} bytes does not fit into {len(content)}")
    if length > _LARGEST_HEADER:
        raise ValueError(f"its header has {length} bytes, expected at most {_LARGEST_HEADER}")
    try:
        header = load_json(content[8 : 8 + length])
    except ValueError as error:
        raise ValueError(f"its header is not JSON ({error})") from None
    if not isinstance(header, dict):
        raise ValueError("its header is not an object")
    return header, content[8 + length :]


def _offsets(name: str, entry: object) -> tuple[int, int]:
    offsets = entry.get("data_offsets") if isinstance(entry, dict) else None
    if not isinstance(offsets, list) or [type(offset) for offset in offsets] != [int, int]:
        raise ValueError(f"{name!r:.60} has the data_offsets {offsets!r:.60}, expected two integers")
    return offsets[0], offsets[1]


def _type_and_shape(name: str, entry: Mapping[str, Any]) -> tuple[np.dtype[Any], tuple[int, ...]]:
    dtype: np.dtype[Any] | None = _DTYPES.get(str(entry.get("dtype")))
    shape = entry.get("shape")
    if dtype is None:
        raise ValueError(f"{name!r:.60} has the dtype {entry.get('dtype')!r:.60}, expected one of {', '.join(_DTYPES)}")
    sizes = shape if isinstance(shape, list) and len(shape) <= _MOST_AXES else [None]
    if not all(type(size) is int and 0 <= size <= _LONGEST_AXIS for size in sizes):
        raise ValueError(f"{name!r:.60} has the shape {shape!r:.60}, expected a list of sizes")
    return dtype, tuple(sizes)
