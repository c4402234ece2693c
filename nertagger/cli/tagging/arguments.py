"""The arguments of `nertagger tag` as a request."""

from __future__ import annotations

import os
from collections.abc import Sequence

from nertagger.cli.common.inputs import find_inputs
from nertagger.cli.common.parser import UsageError
from nertagger.cli.tagging.job import File, Job, TaggerChoice
from nertagger.cli.tagging.options import BulkOptions, InputOptions, OutputOptions
from nertagger.cli.tagging.outputs.resumable import MANIFEST, PART
from nertagger.cli.tagging.request import TaggingRequest, is_folder
from nertagger.cli.tagging.rules import RuleOptions
from nertagger.cli.tagging.sharding import parse_shard
from nertagger.corpus.columns.rows import Columns
from nertagger.corpus.columns.tables import table_kind
from nertagger.corpus.registry import format_of_name
from nertagger.files import COMPRESSED_SUFFIXES, STANDARD_STREAM, base_suffix, is_archive, is_remote


def make_request(
    model: str,
    arguments: Sequence[str],
    read_as: InputOptions,
    write_as: OutputOptions,
    bulk: BulkOptions,
    rules: RuleOptions,
) -> TaggingRequest:
    """Return the request of a command line.

    Args:
        model: the model file, or the name of the tagger of the package.
        arguments: files, folders and patterns to tag.
        read_as, write_as, bulk, rules: the options.

    Raises:
        DataError: if a file does not exist, or its name tells no format that is needed.
        UsageError: if options contradict each other.
    """
    columns = _make_columns(read_as.column, read_as.entities_column, has_rules=bool(rules.files))
    outputs = [write_as.output, *filter(None, [bulk.rejects])]
    files = _find_files(arguments, read_as.format, columns, outputs=outputs)
    format, suffix = _split_format(write_as.to, write_as.output, files, columns)
    job = Job(
        encoding=read_as.encoding,
        word_column=read_as.word_column,
        lenient=read_as.lenient,
        confidence=write_as.confidence,
        n_best=write_as.n_best,
        posteriors=write_as.posteriors,
        columns=columns,
        keeps_rejects=bulk.rejects is not None,
    )
    return TaggingRequest(
        choice=TaggerChoice(model, bulk.threads or (1 if bulk.workers else None), rules),
        files=files,
        job=job,
        output=write_as.output,
        format=format,
        suffix=suffix,
        scheme=write_as.scheme,
        workers=bulk.workers,
        resume=bulk.resume,
        shard=parse_shard(bulk.shard) if bulk.shard else None,
        rejects=bulk.rejects,
    )


def _find_files(
    arguments: Sequence[str], format: str | None, columns: Columns | None, *, outputs: Sequence[str]
) -> list[File]:
    """Return the files that arguments name, with their formats; outputs in a folder of inputs are left out."""
    paths = find_inputs(arguments, without=_outputs_at(outputs))
    if columns is None:
        return [(path, format or (None if is_archive(path) else format_of_name(path))) for path in paths]
    for path in paths:
        if is_archive(path):
            raise UsageError(f"{path}: --column reads no archives; unpack it first")
    return [(path, table_kind(path, format)) for path in paths]


def _outputs_at(outputs: Sequence[str]) -> list[str]:
    """Return the absolute paths of files, and folders with a slash at the end, that a run with these outputs writes."""
    found = []
    for output in outputs:
        if output != STANDARD_STREAM and not is_remote(output):
            path = os.path.realpath(output)
            found += [f"{path}{os.sep}"] if is_folder(output) else [path, f"{path}{PART}", f"{path}{MANIFEST}"]
    return found


def _make_columns(text: str | None, entities: str, *, has_rules: bool) -> Columns | None:
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


def _split_format(to: str | None, output: str, files: Sequence[File], columns: Columns | None) -> tuple[str, str]:
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
