"""A request to tag files, checked before a model is loaded."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from nertagger.cli.common.parser import UsageError
from nertagger.cli.tagging.job import File, Job, TaggerChoice
from nertagger.cli.tagging.outputs.encoders import APPENDED
from nertagger.corpus.columns.tables import WRITTEN_AS, table_kind
from nertagger.corpus.registry import find_reader, find_writer
from nertagger.files import STANDARD_STREAM, base_suffix, check_output, is_archive, is_remote, is_stream
from nertagger.text.schemes import TagScheme

_OFFICE = frozenset({".doc", ".docx", ".odt", ".rtf", ".xls", ".xlsx", ".ods", ".pdf"})


@dataclass(frozen=True, kw_only=True)
class TaggingRequest:
    """Files to tag and how.

    Attributes:
        choice: the tagger.
        files: the input.
        job: how to read and tag it.
        output: the file to write, ``-`` for standard output, or a folder for a file per input.
        format: the format of the output.
        suffix: of the compression of the output, or empty.
        scheme: the scheme of tags in the output.
        workers: number of processes; None for this process alone.
        resume: whether to continue an interrupted run.
        shard: the number of a shard and how many there are, None for all of the input.
        rejects: the file for bad records, None if they are errors.
    """

    choice: TaggerChoice
    files: Sequence[File]
    job: Job
    output: str
    format: str
    suffix: str
    scheme: TagScheme
    workers: int | None = None
    resume: bool = False
    shard: tuple[int, int] | None = None
    rejects: str | None = None

    @property
    def is_folder(self) -> bool:
        """Whether each input has an output of its own."""
        return is_folder(self.output)

    @property
    def is_appended(self) -> bool:
        """Whether the output can be written in parts."""
        return self.job.columns is not None or self.format in APPENDED

    @property
    def stream(self) -> str | None:
        """The first input that can be read once only."""
        return next((path for path, _ in self.files if is_stream(path)), None)

    @property
    def is_kept(self) -> bool:
        """Whether an interrupted run can be resumed, as far as output and input allow that."""
        return self.is_appended and not is_stream(self.output) and self.stream is None

    def check(self) -> None:
        """Raise an error if the request cannot be fulfilled, as far as that is known before the model is loaded."""
        if self.job.columns is None:
            for format in {format for _, format in self.files if format}:
                find_reader(format)
            find_writer(self.format)
        else:
            self._check_tables()
        if self.job.in_detail and (self.format != "jsonl" or self.job.columns):
            held = f"{self.format}" if self.job.columns is None else "a table"
            raise UsageError(f"{held} cannot hold what --n-best and --posteriors find; write jsonl (--to jsonl)")
        if (self.workers or 1) > 1 and (stream := self.choice.rules.stream) is not None:
            raise UsageError(f"{stream}: rules that are read once only cannot be shared among --workers; name a file")
        self._check_output()
        self._check_resumption()
        if self.shard and self.stream is not None:
            raise UsageError(f"--shard needs files, whose sizes are known; {self.stream} is a stream")

    def _check_tables(self) -> None:
        for path, format in self.files:
            kind = table_kind(path, format)
            if self.format not in WRITTEN_AS[kind]:
                kinds = " or ".join(WRITTEN_AS[kind])
                raise UsageError(f"{path}: a table of {kind} is written as {kinds}, not {self.format}; give --to")
        if self.format == "parquet" and not self.is_kept:
            raise UsageError("a table of parquet is read from files and written to a file, not a stream; name both")

    def _check_output(self) -> None:
        if self.suffix and (not self.is_appended or self.format == "parquet"):
            raise UsageError(f"{self.format} is not compressed to {self.suffix}; leave out {self.suffix}")
        if is_archive(self.output) and not self.is_folder:
            remedy = "name a folder, DIR/, or one compressed file, such as out.jsonl.gz"
            raise UsageError(f"{self.output}: archives are read and not written; {remedy}")
        if base_suffix(self.output) in _OFFICE and not self.is_folder:
            remedy = "name it .html for reading, .csv for a spreadsheet, or .jsonl"
            raise UsageError(f"{self.output}: office documents and PDF are not written; {remedy}")
        if self.is_folder:
            if not self.is_appended:
                raise UsageError(f"{self.format} is not written to a folder; write jsonl, then run: nertagger convert")
            if os.path.exists(self.output) and not os.path.isdir(self.output):
                raise UsageError(f"{self.output}: is a file, not a folder")
        for path in filter(None, (self.rejects, None if self.is_folder else self.output)):
            if not is_stream(path) and not is_remote(path) and path != STANDARD_STREAM:
                inputs = [name for name, _ in self.files] if os.path.exists(path) else []
                check_output(path, inputs=inputs)
        if self.rejects and (is_stream(self.rejects) or is_remote(self.rejects)):
            raise UsageError(f"--rejects {self.rejects}: expected the name of a local file")
        if self.rejects and os.path.abspath(self.rejects) == os.path.abspath(self.output):
            raise UsageError(f"--rejects {self.rejects}: is the output; name another file")

    def _check_resumption(self) -> None:
        if not self.resume:
            return
        if not self.is_appended:
            problem = f"{self.output} is written as {self.format}, and as a whole"
            raise UsageError(f"--resume continues files of records; {problem}; leave out --resume")
        if is_remote(self.output) or not self.is_kept:
            name = self.stream if self.stream is not None else self.output
            what = "is remote" if is_remote(name) else "is a stream"
            raise UsageError(f"--resume needs files that are here; {name} {what}; leave out --resume")


def is_folder(output: str) -> bool:
    """Return whether an output is a folder, because it ends in a slash or is one."""
    return output.endswith(("/", os.sep)) or os.path.isdir(output)
