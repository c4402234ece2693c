"""A request to tag files, run in one process or several."""

from __future__ import annotations

import logging
import os
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, nullcontext
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, cast

from nertagger.cli.common.parser import UsageError
from nertagger.cli.tagging.job import Tagged
from nertagger.cli.tagging.outputs.encoders import Encoder, PickleEncoder, TableEncoder, TextEncoder
from nertagger.cli.tagging.outputs.manifest import Manifest, Progress, describe_request
from nertagger.cli.tagging.outputs.names import common_folder, output_names, refuse_inputs
from nertagger.cli.tagging.outputs.rejects import RejectsFile
from nertagger.cli.tagging.outputs.resumable import MANIFEST, FileOutput, Finish, FolderOutput, Kept
from nertagger.cli.tagging.outputs.streams import Output, StreamOutput, WholeOutput, uploaded
from nertagger.cli.tagging.outputs.tables import TableHead
from nertagger.cli.tagging.pieces import BEGINNING, Cutter, Piece, Position, Repairs, merge_repairs
from nertagger.cli.tagging.progress import TaggingProgress
from nertagger.cli.tagging.request import TaggingRequest
from nertagger.cli.tagging.sharding import Shard
from nertagger.cli.tagging.work import Result, tag_piece
from nertagger.corpus import Holds, save_documents
from nertagger.corpus.conversion import Losses
from nertagger.corpus.registry import find_reader, find_writer
from nertagger.errors import DataError
from nertagger.files import atomic_write, is_archive, is_remote, is_stream, move_into_place, naming, remote_size
from nertagger.printable import counted, counted_kind
from nertagger.runtime import Tagger

logger = logging.getLogger(__name__)

_IN_MEMORY = 1 << 24  # bytes of a tagged piece; larger ones are put on the disk
_SOME_REJECTED = 1
_GOING_ON = "with --rejects FILE, the other files are tagged all the same"


def tag_files(request: TaggingRequest) -> int:
    """Tag files and write the output, with progress on a terminal; return the exit status: 1 if records were rejected.

    Raises:
        UsageError: if the request contradicts itself.
        DataError: if a file cannot be read, or there is no such format.
        ModelFileError: if the model cannot be loaded.
    """
    request.check()
    tagger = request.choice.load()
    with nullcontext(request.output) if request.is_folder else uploaded(request.output) as output:
        run = _Run(request, tagger, output)
        try:
            run.tag()
        except DataError as error:
            if request.rejects is None and _is_one_of_several(error, [path for path, _ in request.files]):
                error.remedy = "; ".join(filter(None, (error.remedy, _GOING_ON)))
            raise
    run.report()
    return _SOME_REJECTED if run.rejects.count else 0


def _is_one_of_several(error: DataError, paths: Sequence[str]) -> bool:
    """Return whether an error is of one of several files, or of a file in an archive."""
    return len(paths) > 1 or any(is_archive(path) and str(error.path) != str(path) for path in paths)


class _Run:
    """The parts of a run, which belong together."""

    def __init__(self, request: TaggingRequest, tagger: Tagger, output: str) -> None:
        self._request, self._tagger, self._output = request, tagger, output
        self._paths = [path for path, _ in request.files]
        self._cutter = Cutter(request.files, request.job, tagger, self._shard())
        self._encoder = self._make_encoder()
        self._losses: Counter[str] = Counter()
        self._repairs: Repairs = {}
        self.rejects = RejectsFile(request.rejects)

    def tag(self) -> None:
        """Tag what is not tagged yet, and write it."""
        output, start = self._make_output()
        with TaggingProgress(self._paths, self._request.output) as shown:
            results = self._results(self._cutter.pieces(start))
            with closing(results), closing(self.rejects):
                output.write(shown.watch(self._watch(results)))

    def report(self) -> None:
        """Log what was repaired, lost or rejected."""
        merge_repairs(self._repairs, self._cutter.repairs)
        for path, repairs in self._repairs.items():
            for kind, (number, first) in repairs.items():
                logger.warning("%s: %s, first at %s", path, counted_kind(number, kind), first)
        for kind, number in self._losses.items():
            lost = counted_kind(number, kind)
            logger.warning("%s: %s, which %s does not hold", self._request.output, lost, self._request.format)
        if self.rejects.count:
            found = counted(self.rejects.count, "record")
            logger.warning("%s: %s left out that could not be read", self._request.rejects, found)

    def _shard(self) -> Shard | None:
        if self._request.shard is None:
            return None
        sizes = [(remote_size(path) if is_remote(path) else os.path.getsize(path)) or 0 for path in self._paths]
        return Shard(self._request.shard, self._paths, sizes, by_file=self._request.is_folder)

    def _make_encoder(self) -> Encoder:
        request = self._request
        if request.job.columns is not None:
            return TableEncoder(request.format, request.suffix)
        if request.is_appended:
            tags = self._tagger.tags if request.job.in_detail else None
            return TextEncoder(request.format, request.scheme, tags, request.suffix)
        return PickleEncoder()

    def _make_output(self) -> tuple[Output, Position]:
        """Return the output and the place in the input where it begins."""
        request = self._request
        head = TableHead(request.format if request.job.columns else None)
        if not request.is_appended:
            return WholeOutput(self._output, self._save, self.rejects), BEGINNING
        if not request.is_folder and not (request.is_kept and not is_stream(self._output)):
            return StreamOutput(self._output, request.suffix, head, self.rejects), BEGINNING
        root = common_folder(self._paths) if request.is_folder else ""
        manifest = self._manifest(root)
        start = self._find_start(manifest) if request.resume else None
        kept = Kept(manifest, start, request.suffix, head, self.rejects, self._finish())
        begin = start.position if start else BEGINNING
        if not request.is_folder:
            return FileOutput(self._output, kept), begin
        names = output_names(self._paths, root, format=request.format, suffix=request.suffix)
        refuse_inputs(self._paths, [os.path.join(self._output, name) for name in names])
        return FolderOutput(self._output, names, kept), begin

    def _manifest(self, root: str) -> Manifest:
        request = self._request
        to = (request.format, request.suffix, request.scheme)
        described = describe_request(request.job, request.choice.rules, to, self._tagger.model, request.shard, root)
        if not request.is_folder:
            return Manifest(Path(f"{os.path.realpath(self._output)}{MANIFEST}"), described, request.files)
        of_shard = f"-{request.shard[0] + 1}-of-{request.shard[1]}" if request.shard else ""
        return Manifest(Path(self._output) / f"_manifest{of_shard}.jsonl", described, request.files)

    def _find_start(self, manifest: Manifest) -> Progress | None:
        """Return how far the interrupted run is; None to begin, if there was none and there is no output."""
        start = manifest.find()
        if start is None and not self._request.is_folder and os.path.exists(self._output):
            problem = "there is no interrupted run to continue"
            raise UsageError(f"{self._output}: exists, and {problem}; leave out --resume to replace it")
        return start

    def _finish(self) -> Finish:
        if self._request.format == "parquet" and self._request.job.columns is not None:
            return _join_parquet
        return move_into_place

    def _results(self, pieces: Iterator[Piece]) -> Generator[Result, None, None]:
        """Yield the results of the pieces, tagged here if there is one piece or one process."""
        request, is_apart = self._request, self._request.is_folder
        first = list(islice(pieces, 2)) if (request.workers or 1) > 1 else []
        pieces = chain(first, pieces)
        if len(first) > 1:
            from nertagger.cli.tagging.workers import run_in_processes

            self._warn_of_tokenizer()
            yield from run_in_processes(
                pieces, request.job, request.choice, self._encoder, workers=request.workers or 1, is_apart=is_apart
            )
            return
        for piece in pieces:
            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as target:
                stream = cast(BinaryIO, target)
                with naming(tempfile.gettempdir()):
                    outcome = tag_piece(piece, request.job, self._tagger, self._encoder, stream, is_apart=is_apart)
                target.seek(0)
                yield Result(piece, outcome, stream)

    def _warn_of_tokenizer(self) -> None:
        """Warn once, and not in each process."""
        known = [None if format is None else find_reader(format) for _, format in self._request.files]
        if self._request.job.columns or any(one is None or Holds.TOKENS not in one.holds for one in known):
            self._tagger.warn_of_tokenizer()

    def _watch(self, results: Iterator[Result]) -> Iterator[Result]:
        for result in results:
            merge_repairs(self._repairs, result.outcome.repairs)
            self._losses += result.outcome.losses
            yield result

    def _save(self, path: str, tagged: Iterator[Tagged]) -> None:
        """Write a format that is written as a whole."""
        losses = Losses(find_writer(self._request.format).holds | ~Holds.META)
        documents = losses.watch(document for document, _ in tagged)
        save_documents(path, documents, format=self._request.format, scheme=self._request.scheme)
        self._losses += losses.counts


def _join_parquet(part: Path, target: Path) -> None:
    from nertagger.corpus.columns.parquet_column import join_streams  # not at the top: needs pyarrow

    with part.open("rb") as source, atomic_write(target) as stream:
        join_streams(source, stream)
