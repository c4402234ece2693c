"""Blocks of bytes and the range of numbers, shared by the readers of text and binary vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

import numpy as np

Block = tuple[list[bytes], np.ndarray]
"""Words of a file and their vectors, (V, D)."""
GREATEST = float(np.finfo(np.float16).max)  # 65504; vectors seldom have numbers beyond 10
_BLOCK_BYTES = 1 << 24


def read_block(stream: IO[bytes]) -> bytes:
    """Return the next megabytes of a stream, empty at its end."""
    return stream.read(_BLOCK_BYTES)


def are_numbers(parts: Sequence[bytes]) -> bool:
    """Return whether all parts are numbers in the range of float16."""
    try:
        return all(abs(float(part)) <= GREATEST and b"_" not in part for part in parts)
    except ValueError:
        return False
