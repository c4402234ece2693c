"""The file of rejects: a line of JSON for each record that could not be read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from nertagger.corpus.cutting.rejects import Reject
from nertagger.corpus.records.json_values import json_line
from nertagger.files import naming, not_writable


class RejectsFile:
    """Rejects written as they are found; nowhere if there is no file.

    Attributes:
        count: how many have been written.
    """

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._stream: BinaryIO | None = None
        self.count = 0

    def open(self, size: int) -> None:
        """Open the file and keep the first `size` bytes of it.

        Raises:
            NerTaggerError: if it cannot be written.
        """
        if self._path is None:
            return
        try:
            self._stream = open(self._path, "r+b" if size and os.path.exists(self._path) else "wb")  # noqa: SIM115
        except OSError as error:
            raise not_writable(self._path, error) from error
        self.count = sum(1 for _ in self._stream.read(size).splitlines()) if size else 0
        self._stream.truncate(size)
        self._stream.seek(size)

    def write(self, rejects: Sequence[Reject]) -> int:
        """Write rejects; return the size of the file."""
        if self._stream is None or self._path is None:
            return 0
        with naming(Path(self._path)):
            for one in rejects:
                place = one.path if one.line is None else f"{one.path}:{one.line}"
                line = {"place": place, "reason": one.reason} | ({} if one.record is None else {"record": one.record})
                self._stream.write(f"{json_line(line)}\n".encode())
            self.count += len(rejects)
            if rejects:
                self._stream.flush()
                os.fsync(self._stream.fileno())
            return self._stream.tell()

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()
