"""The arguments of `nertagger tag` as files, columns and formats."""

from __future__ import annotations

import os
from collections.abc import Sequence

from nertagger.cli.common.inputs import find_inputs
from nertagger.cli.common.parser import UsageError
from nertagger.cli.tagging.job import File
from nertagger.cli.tagging.outputs.resumable import MANIFEST, PART
from nertagger.cli.tagging.request import is_folder
from nertagger.corpus.columns.tables import Columns, table_kind
from nertagger.corpus.registry import format_of_name
from nertagger.files import COMPRESSED_SUFFIXES, STANDARD_STREAM, base_suffix, is_archive, is_remote


def find_files(
    arguments: Sequence[str] | None, format: str | None, columns: Columns | None, *, outputs: Sequence[str]
) -> list[File]:
    """Return the files that arguments name, with their formats; outputs in a folder of inputs are left out."""
    paths = find_inputs(arguments or [STANDARD_STREAM], without=outputs_at(outputs))
    if columns is None:
        return [(path, format or (None if is_archive(path) else format_of_name(path))) for path in paths]
    for path in paths:
        if is_archive(path):
            raise UsageError(f"{path}: --column reads no archives; unpack it first")
    return [(path, table_kind(path, format)) for path in paths]


def outputs_at(outputs: Sequence[str]) -> list[str]:
    """Return the absolute paths of files, and folders with a slash at the end, that a run with these outputs writes."""
    found = []
    for output in outputs:
        if output != STANDARD_STREAM and not is_remote(output):
            path = os.path.realpath(output)
            found += [f"{path}{os.sep}"] if is_folder(output) else [path, f"{path}{PART}", f"{path}{MANIFEST}"]
    return found


def make_columns(text: str | None, entities: str, *, has_rules: bool) -> Columns | None:
    """Return the columns to tag and to write, None without ``--column``.

    Raises:
        UsageError: if both are the same, or only the second is given.
    """
    if text is None:
        if entities != Columns("").entities:
            raise UsageError("--entities-column names the new column of a table; give --column as well")
        return None
    if text == entities:
        raise UsageError(f"the texts and the entities cannot both be in the column {text!r}; give --entities-column")
    return Columns(text, entities, has_rules)


def split_format(to: str | None, output: str, files: Sequence[File], columns: Columns | None) -> tuple[str, str]:
    """Return the format of the output and the suffix of its compression, which is empty without one."""
    name = to or ""
    suffix = next((one for one in COMPRESSED_SUFFIXES if name.lower().endswith(one)), "")
    name = name.removesuffix(suffix)
    if not is_folder(output):
        suffix = suffix or next((one for one in COMPRESSED_SUFFIXES if output.lower().endswith(one)), "")
        if not name:
            is_tabbed = columns is not None and base_suffix(output) == ".tsv"
            name = "tsv" if is_tabbed else format_of_name(output) or ""
    default = files[0][1] if columns is not None and files else "jsonl"
    return name or default or "jsonl", suffix
