"""Shards of the input for array jobs: each file, or each part of one, is in exactly one of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from nertagger.cli.common.parser import UsageError
from nertagger.files import COMPRESSED_SUFFIXES, is_archive


def parse_shard(text: str) -> tuple[int, int]:
    """Return the number of a shard, from 0, and how many there are: (0, 4) of ``1/4``.

    Raises:
        UsageError: if the text is not of this form.
    """
    number, _, count = text.partition("/")
    if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
        raise UsageError(f"argument --shard: got {text!r}, expected I/N with I from 1 to N, such as 1/4")
    return int(number) - 1, int(count)


class Shard:
    """A range of all bytes of the input."""

    def __init__(self, shard: tuple[int, int], paths: Sequence[str], sizes: Sequence[int], *, by_file: bool) -> None:
        """
        Args:
            shard: its number from 0, and how many there are.
            paths: all files; compressed files and archives are not divided.
            sizes: their sizes in bytes.
            by_file: whether no file is divided.
        """
        self._number, self._count = shard
        self._sizes, self._starts = sizes, list(accumulate(sizes, initial=0))
        self._is_whole = [by_file or is_archive(path) or path.lower().endswith(COMPRESSED_SUFFIXES) for path in paths]

    def has_part_of(self, file: int) -> bool:
        """Return whether some part of a file can be in this shard."""
        return self._owner(file, 0) <= self._number <= self._owner(file, self._sizes[file])

    def has(self, file: int, position: int) -> bool:
        """Return whether the part of a file that begins at a position is in this shard."""
        return self._owner(file, position) == self._number

    def is_behind(self, file: int, position: int) -> bool:
        """Return whether a position, and with it the rest of the file, is in later shards."""
        return self._owner(file, position) > self._number

    def _owner(self, file: int, position: int) -> int:
        """Return the shard of a position; beyond the end of a file, whose text can be longer, that of its end."""
        inside = 0 if self._is_whole[file] else min(position, max(self._sizes[file] - 1, 0))
        place = (self._starts[file] + inside) * self._count // max(self._starts[-1], 1)
        return min(place, self._count - 1)
