"""A request to tag files: checked before a model is loaded, then run in one process or several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TextIO

from nertagger.cli.common.parser import UsageError
from nertagger.cli.tagging.job import File, Job, Tagged, chunk
from nertagger.cli.tagging.progress import TaggingProgress
from nertagger.cli.tagging.resuming import Position, describe_request, find_position, is_resumable, write_resumable
from nertagger.cli.tagging.rules import NO_RULES, RuleOptions
from nertagger.corpus import Holds, save_documents, write_documents
from nertagger.corpus.conversion import Losses
from nertagger.corpus.registry import find_reader, find_writer
from nertagger.files import STANDARD_STREAM, atomic_write_text, is_stream
from nertagger.runtime import Tagger
from nertagger.runtime.sentence_details import write_details
from nertagger.runtime.session import default_threads
from nertagger.text.schemes import TagScheme


@dataclass(frozen=True, kw_only=True)
class TaggingRequest:
    """Files to tag and how.

    Attributes:
        model: the model file, or the name of the tagger of the package.
        files: the input.
        job: how to read and tag it.
        output: the file to write, ``-`` for standard output.
        format: the format of the output.
        scheme: the scheme of tags in the output.
        threads: batches that the network processes at a time; None for the default of `Tagger.load`.
        workers: number of processes.
        resume: whether to continue an interrupted run.
        rules: names and patterns beside the model.
    """

    model: str
    files: Sequence[File]
    job: Job
    output: str
    format: str
    scheme: TagScheme
    threads: int | None = None
    workers: int = 1
    resume: bool = False
    rules: RuleOptions = NO_RULES

    @property
    def is_resumable(self) -> bool:
        """Whether the output is a file of records, and the input can be read again."""
        return is_resumable(self.output, self.format) and not any(is_stream(path) for path, _ in self.files)

    def check(self) -> None:
        """Raise an error if the request cannot be fulfilled, as far as that is known before the model is loaded."""
        for format in {format for _, format in self.files if format}:
            find_reader(format)
        find_writer(self.format)
        if self.job.in_detail and self.format != "jsonl":
            raise UsageError(f"{self.format} cannot hold what --n-best and --posteriors find; write jsonl (--to jsonl)")
        if self.workers > 1 and (streams := [path for path, _ in self.files if is_stream(path)]):
            name = "standard input" if streams[0] == STANDARD_STREAM else f"{streams[0]}, which is no file,"
            raise UsageError(f"{name} cannot be shared among --workers; name files")
        if self.resume and not self.is_resumable:
            problem = f"{self.output} is written as {self.format}, and as a whole"
            raise UsageError(f"--resume continues files of records; {problem}; leave out --resume")


def tag_files(request: TaggingRequest) -> None:
    """Tag files and write the output, with progress on a terminal.

    Raises:
        UsageError: if the request contradicts itself.
        DataError: if a file cannot be read, or there is no such format.
        ModelFileError: if the model cannot be loaded.
    """
    request.check()
    rules = request.rules.read()
    tagger = Tagger.load(request.model, threads=request.threads).with_rules(rules)
    start, description = Position(), None
    if request.is_resumable:
        to = (request.format, request.scheme)
        description = describe_request(request.job, request.files, to, tagger.model, request.rules)
        start = find_position(request.output, description) if request.resume else start
    chunks = chunk(request.files)
    writer = _Writer(request, tagger.tags)
    with TaggingProgress(chunks, request.output) as shown:
        parts = shown.watch(_run(request, tagger, chunks, start), first=start.chunks)
        if description is not None:
            write_resumable(request.output, parts, writer.write, start=start, request=description)
        else:
            writer.save(chain.from_iterable(parts))
    writer.losses.report(request.output, request.format)


class _Writer:
    """Writes tagged documents in the format of a request, and counts what the format cannot hold."""

    def __init__(self, request: TaggingRequest, tags: Sequence[str]) -> None:
        self._request, self._tags = request, tags
        self.losses = Losses(find_writer(request.format).holds | ~Holds.META)  # only lost fields are worth a report

    def write(self, stream: TextIO, tagged: Iterator[Tagged]) -> None:
        """Write the documents to an open stream."""
        if self._request.job.in_detail:
            write_details(stream, tagged, self._tags)
        else:
            documents = self.losses.watch(document for document, _ in tagged)
            write_documents(stream, documents, format=self._request.format, scheme=self._request.scheme)

    def save(self, tagged: Iterator[Tagged]) -> None:
        """Write the documents to the output, which appears as a whole."""
        if self._request.job.in_detail:
            with atomic_write_text(self._request.output) as stream:
                self.write(stream, tagged)
        else:
            documents = self.losses.watch(document for document, _ in tagged)
            save_documents(self._request.output, documents, format=self._request.format, scheme=self._request.scheme)


def _run(
    request: TaggingRequest, tagger: Tagger, chunks: Sequence[list[File]], start: Position
) -> Iterator[Iterator[Tagged]]:
    """Yield the tagged documents of each chunk from `start` on, tagged by at most as many processes as chunks."""
    left = chunks[start.chunks :]
    workers = min(request.workers, len(chunks))
    if workers < 2:
        return (request.job.run(tagger, files, 0 if i else start.documents) for i, files in enumerate(left))
    from nertagger.cli.tagging.workers import Loading, run_in_processes

    if any(format is None or Holds.TOKENS not in find_reader(format).holds for files in left for _, format in files):
        tagger.warn_of_tokenizer()  # once, and not in each process
    threads = request.threads or max(1, default_threads() // workers)
    load = Loading(request.model, threads, request.rules)
    return run_in_processes(request.job, left, load, workers=workers, skip=start.documents)
