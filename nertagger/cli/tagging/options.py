"""Options of `nertagger tag`: what is read, what is written, and how to get through much of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from nertagger.cli.common.options import Encoding, Lenient, Threads, WordColumn
from nertagger.cli.common.parser import Option
from nertagger.text.schemes import TagScheme


@dataclass(frozen=True, kw_only=True)
class InputOptions:
    """How to read what is tagged."""

    format: Annotated[
        str | None,
        Option(
            metavar="FORMAT",
            help="format of the input: text, text-lines (a text per line), lines (a tokenized one per line), conll, "
            "...; by default detected from each name or the first lines",
        ),
    ] = None
    column: Annotated[
        str | None,
        Option(
            metavar="NAME",
            help="tag this column of CSV, TSV, Parquet or JSON lines; the other columns are written as they are",
        ),
    ] = None
    entities_column: Annotated[str, Option(metavar="NAME", help="with --column: the new column of entities")] = (
        "entities"
    )
    encoding: Encoding = None
    word_column: WordColumn = None
    lenient: Lenient = False


@dataclass(frozen=True, kw_only=True)
class OutputOptions:
    """What to write, and where."""

    to: Annotated[
        str | None,
        Option(
            metavar="FORMAT",
            help="format of the output: jsonl, conll, html, ..., also jsonl.gz; by default told by its name, else "
            "jsonl, or that of the table with --column",
        ),
    ] = None
    output: Annotated[
        str,
        Option(
            "--output",
            "-o",
            metavar="FILE|DIR/",
            help="file to write, or folder for a file per input; - is standard output",
        ),
    ] = "-"
    scheme: Annotated[TagScheme, Option(help="tag scheme of the output")] = TagScheme.IOB2
    confidence: Annotated[float, Option(min=0.0, max=1.0, help="leave out entities with a lower confidence")] = 0.0
    n_best: Annotated[
        int,
        Option(min=0, max=1000, metavar="K", help="jsonl: add the K most probable tag sequences of each sentence"),
    ] = 0
    posteriors: Annotated[
        bool, Option("--posteriors", help="jsonl: add the probability of each tag at each token of each sentence")
    ] = False


@dataclass(frozen=True, kw_only=True)
class BulkOptions:
    """How to get through many files, or large ones."""

    threads: Threads = None
    workers: Annotated[
        int | None,
        Option(
            min=1, help="processes that share the input, large files too, each of one thread unless --threads is given"
        ),
    ] = None
    resume: Annotated[
        bool, Option("--resume", help="continue the interrupted or killed run of the same command, if any")
    ] = False
    shard: Annotated[
        str | None, Option(metavar="I/N", help="tag the I-th of N parts of the input, each of which is another job's")
    ] = None
    rejects: Annotated[
        str | None,
        Option(metavar="FILE", help="write records that cannot be read there, with the reason, and go on; exit code 1"),
    ] = None


AS_DETECTED, TO_STANDARD_OUTPUT, AT_ONCE = InputOptions(), OutputOptions(), BulkOptions()
