"""``nertagger tag``: find the entities in text files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Annotated, TextIO

from nertagger.cli.common.inputs import expect_model, find_inputs
from nertagger.cli.common.options import Encoding, Lenient, Threads, WordColumn
from nertagger.cli.common.parser import Argument, Option, UsageError
from nertagger.cli.common.progress import Tagging
from nertagger.cli.common.resuming import Place, describe, find_place, is_resumable, write_resumable
from nertagger.cli.common.tagging import File, Found, Job, share
from nertagger.corpus import Holds, save_documents, write_documents
from nertagger.corpus.conversion import Losses
from nertagger.corpus.registry import find_reader, find_writer, format_of_name
from nertagger.files import STANDARD_STREAM, atomic_write_text, is_stream
from nertagger.runtime import Tagger
from nertagger.runtime.sentence_details import write_details
from nertagger.runtime.session import default_threads
from nertagger.text.schemes import TagScheme


def tag(
    model: Annotated[Path, Argument(help="the model file NAME.ner")],
    inputs: Annotated[
        list[str] | None, Argument(metavar="FILE|DIR|GLOB|-", help="what to tag; standard input if nothing is named")
    ] = None,
    format: Annotated[
        str | None, Option(help="how to read: text, lines, conll, ...; told from each name, else from its beginning")
    ] = None,
    to: Annotated[
        str | None, Option(help="how to write: jsonl, conll, html, ...; told from the output's name, else jsonl")
    ] = None,
    output: Annotated[str, Option("--output", "-o", help="the file to write; standard output if -")] = "-",
    confidence: Annotated[
        float, Option(min=0.0, max=1.0, help="leave out entities that the model is less sure of than this")
    ] = 0.0,
    n_best: Annotated[
        int, Option(min=0, max=1000, metavar="K", help="jsonl: write the K most probable readings of each sentence too")
    ] = 0,
    posteriors: Annotated[
        bool, Option("--posteriors", help="jsonl: write the probability of each tag at each token too")
    ] = False,
    scheme: Annotated[TagScheme, Option(help="how to write entities as tags")] = TagScheme.IOB2,
    encoding: Encoding = None,
    word_column: WordColumn = None,
    lenient: Lenient = False,
    threads: Threads = None,
    workers: Annotated[int, Option(min=1, help="processes that share many files")] = 1,
    resume: Annotated[bool, Option("--resume", help="go on with the interrupted run of the same command")] = False,
) -> None:
    """Find the entities in text files, folders, patterns or standard input.

    Each row of JSONL has text, entities (label, start, end, text, confidence), source and offset, and what the record
    that was read had beside its text and annotation (id, meta, other fields). --n-best and --posteriors add sentences,
    each with start, end and: readings (probability, entities), the best first; tokens (text, start, end, posteriors by
    tag; a tag that is not listed has less than 0.0000005). The confidence of an entity, the probability of a reading
    and the posterior of a tag are exact under the model; where its output is a softmax they are products of the tokens'
    probabilities.
    """
    expect_model(model, *inputs or ())
    paths = find_inputs(inputs or [STANDARD_STREAM])
    files = [(path, format or format_of_name(path)) for path in paths]
    written = to or format_of_name(output) or "jsonl"
    job = Job(encoding, word_column, lenient, confidence, n_best, posteriors)
    _check(job, files, written, workers)
    resumable = is_resumable(output, written) and not any(is_stream(path) for path, _ in files)
    if resume and not resumable:
        raise UsageError(f"--resume goes on with records in a file; {output} is written as {written}, and as a whole")
    tagger = Tagger.load(model, threads=threads)
    losses = Losses(find_writer(written).holds | ~Holds.META)  # that a table has no confidences needs no saying

    def write(stream: TextIO, found: Iterator[Found]) -> None:
        if job.in_detail:
            write_details(stream, found, tagger.tags)
        else:
            documents = losses.watch(document for document, _ in found)
            write_documents(stream, documents, format=written, scheme=scheme)

    shares = share(files)
    run = partial(_run, job, shares, tagger, model, workers=workers, threads=threads)
    with Tagging(shares, output) as shown:
        if resumable:
            request = describe(job, files, (written, scheme), tagger.model)
            start = find_place(output, request) if resume else Place()
            parts = shown.watch(run(start), first=start.shares)
            write_resumable(output, parts, write, start=start, request=request)
        elif job.in_detail:
            with atomic_write_text(output) as stream:
                write(stream, chain.from_iterable(shown.watch(run(Place()))))
        else:
            found = chain.from_iterable(shown.watch(run(Place())))
            documents = losses.watch(document for document, _ in found)
            save_documents(output, documents, format=written, scheme=scheme)
    losses.report(output, written)


def _check(job: Job, files: Sequence[File], written: str, workers: int) -> None:
    """Refuse a wrong request before the model is loaded or anything written."""
    for name in {name for _, name in files if name}:
        find_reader(name)
    find_writer(written)
    if job.in_detail and written != "jsonl":
        raise UsageError(f"{written} cannot hold what --n-best and --posteriors find; write jsonl (--to jsonl)")
    if workers > 1 and (streams := [path for path, _ in files if is_stream(path)]):
        name = "standard input" if streams[0] == STANDARD_STREAM else f"{streams[0]}, which is no file,"
        raise UsageError(f"{name} cannot be shared among --workers; name files")


def _run(
    job: Job,
    shares: Sequence[list[File]],
    tagger: Tagger,
    model: Path,
    start: Place,
    *,
    workers: int,
    threads: int | None,
) -> Iterator[Iterator[Found]]:
    """What is found in each share of the files from a place on, by as many processes as there are shares."""
    left = shares[start.shares :]
    workers = min(workers, len(shares))
    if workers < 2:
        return (job.run(tagger, part, 0 if number else start.documents) for number, part in enumerate(left))
    from nertagger.cli.common.workers import run_in_processes

    if any(name is None or Holds.TOKENS not in find_reader(name).holds for part in left for _, name in part):
        tagger.warn_of_tokenizer()  # once, and not in each process

    each = threads or max(1, default_threads() // workers)
    return run_in_processes(job, left, model, workers=workers, threads=each, skip=start.documents)
