"""The beginnings of tables in the output, and their ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from nertagger.cli.tagging.pieces import Segment
from nertagger.corpus.columns.rows import Rows
from nertagger.errors import DataError


class TableHead:
    """The header of an output, if it is a table; all tables in one output must have the same columns."""

    def __init__(self, to: str | None) -> None:
        self._to = to
        self.first: Sequence[str] | None = None
        """The name of the first table, and what the others must have in common with it."""

    def resume(self, first: Sequence[str] | None) -> None:
        """Take over the first table of an interrupted run."""
        self.first = first

    def of(self, segments: Sequence[Segment], *, is_first: bool) -> bytes:
        """Return the header for an output that has none yet.

        Args:
            segments: the tables that are written next.
            is_first: whether the output is empty.

        Raises:
            DataError: if a table has other columns than the first.
        """
        if self._to is None:
            return b""
        if is_first:
            self.first = None
        tables = [cast(Rows, one.content) for one in segments if hasattr(one.content, "signature")]
        for table in tables if self._to != "jsonl" else ():
            self.first = name, signature = self.first or (table.name, table.signature)
            if table.signature != signature:
                problem = f"has other columns than {name}, so that they cannot be in one table"
                raise DataError(problem, path=table.name, remedy="write JSON lines (--to jsonl), or a folder (-o DIR/)")
        return tables[0].header(self._to) if tables and is_first else b""
