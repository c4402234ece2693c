"""The kinds of tables, and their parts."""

from __future__ import annotations

from collections.abc import Iterator

from nertagger.corpus.columns.csv_column import cut_csv
from nertagger.corpus.columns.jsonl_column import cut_jsonl
from nertagger.corpus.columns.parquet_column import cut_parquet
from nertagger.corpus.columns.rows import Columns, Rows
from nertagger.corpus.cutting.rejects import BulkSource
from nertagger.corpus.registry import format_of_name
from nertagger.errors import DataError
from nertagger.files import base_suffix

WRITTEN_AS = {
    "csv": ("csv", "tsv", "jsonl"),
    "tsv": ("tsv", "csv", "jsonl"),
    "jsonl": ("jsonl",),
    "parquet": ("parquet", "jsonl"),
}
"""For each kind of table, the kinds that it can be written as, itself first."""


def table_kind(path: str, format: str | None) -> str:
    """Return the kind of table, a key of `WRITTEN_AS`, that a format or the suffix of a file says.

    Raises:
        DataError: if it is none of them.
    """
    name = format or ("tsv" if base_suffix(path) == ".tsv" else format_of_name(path))
    if name not in WRITTEN_AS:
        got = f"the format {name}" if name else "a name that tells no format"
        kinds = ", ".join(WRITTEN_AS)
        raise DataError(f"--column reads {kinds}", path=path, got=got, remedy="name one of them with --format")
    return name


def cut_table(source: BulkSource, kind: str, columns: Columns, *, size: int) -> Iterator[Rows]:
    """Yield the parts of a table, of at least `size` characters of text each except the last, as `cut` does."""
    if kind == "parquet":
        return cut_parquet(source, columns, size)
    if kind == "jsonl":
        return cut_jsonl(source, columns, size)
    return cut_csv(source, columns, size, is_tabbed=kind == "tsv")
