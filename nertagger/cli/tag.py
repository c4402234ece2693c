"""``nertagger tag``: find the entities in text files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from nertagger.cli._inputs import find_inputs
from nertagger.cli._parser import Argument, Option, UsageError
from nertagger.cli._tagging import Job, share
from nertagger.corpus import save_documents
from nertagger.corpus.registry import find_reader, find_writer, format_of_name
from nertagger.files import STANDARD_STREAM, atomic_write_text
from nertagger.runtime import Tagger
from nertagger.runtime.records import write_details
from nertagger.runtime.session import default_threads
from nertagger.text.schemes import TagScheme


def tag(
    model: Annotated[Path, Argument(help="the model file NAME.ner")],
    inputs: Annotated[
        list[str] | None,
        Argument(metavar="FILE|DIR|GLOB|-", help="what to tag; standard input if nothing is named"),
    ] = None,
    format: Annotated[
        str | None,
        Option(help="how to read: text, lines, conll, jsonl, ...; told from each name, else text"),
    ] = None,
    to: Annotated[
        str | None,
        Option(help="how to write: jsonl, conll, html, brat, text, ...; told from the output's name, else jsonl"),
    ] = None,
    output: Annotated[str, Option("--output", "-o", help="the file to write; standard output if -")] = "-",
    confidence: Annotated[
        float, Option(min=0.0, max=1.0, help="leave out entities that the model is less sure of than this")
    ] = 0.0,
    n_best: Annotated[
        int,
        Option(min=0, metavar="K", help="jsonl: write the K most probable readings of each sentence too"),
    ] = 0,
    posteriors: Annotated[
        bool, Option("--posteriors", help="jsonl: write the probability of each tag at each token too")
    ] = False,
    scheme: Annotated[TagScheme, Option(help="how to write entities as tags")] = TagScheme.IOB2,
    encoding: Annotated[str | None, Option(help="encoding of the input; UTF-8 or its byte order mark's")] = None,
    word_column: Annotated[int | None, Option(help="column of the words, from 0, in tables")] = None,
    lenient: Annotated[bool, Option("--lenient", help="repair and count faulty rows")] = False,
    threads: Annotated[
        int | None, Option(min=1, help="batches that the network runs at a time; one a processor, to 4")
    ] = None,
    workers: Annotated[int, Option(min=1, help="processes that share many files")] = 1,
) -> None:
    """Find the entities in text files, folders, patterns or standard input.

    Each row of JSONL has text, entities (label, start, end, text, confidence), source and offset. --n-best and
    --posteriors add sentences, each with start, end and: readings (probability, entities), the best first; tokens
    (text, start, end, posteriors by tag; a tag that is not listed has less than 0.0000005). The confidence of an
    entity, the probability of a reading and the posterior of a tag are exact under the model; where its output is a
    softmax they are products of the tokens' probabilities.
    """
    paths = find_inputs(inputs or [STANDARD_STREAM])
    formats = [format or format_of_name(path) or "text" for path in paths]
    written = to or format_of_name(output) or "jsonl"
    for name in formats:
        find_reader(name)  # a wrong request is refused before the model is loaded or anything written
    find_writer(written)
    in_detail = n_best > 0 or posteriors
    if in_detail and written != "jsonl":
        raise UsageError(f"{written} cannot hold what --n-best and --posteriors find; write jsonl (--to jsonl)")
    if workers > 1 and STANDARD_STREAM in paths:
        raise UsageError("standard input cannot be shared among --workers; name files")
    tagger = Tagger.load(model, threads=threads)
    shares = share(zip(paths, formats, strict=True))
    job = Job(encoding, word_column, lenient, confidence, n_best, posteriors)
    if workers > 1 and len(shares) > 1:
        from nertagger.cli._workers import run_in_processes

        each = threads or max(1, default_threads() // workers)
        found = run_in_processes(job, shares, model, workers=min(workers, len(shares)), threads=each)
    else:
        found = (one for files in shares for one in job.run(tagger, files))
    if in_detail:
        with atomic_write_text(output) as stream:
            write_details(stream, found, tagger.tags)
    else:
        save_documents(output, (document for document, _ in found), format=written, scheme=scheme)
