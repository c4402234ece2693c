"""The options of a training by several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from nertagger.cli.common.parser import Option, UsageError
from nertagger.config import Config

if TYPE_CHECKING:
    from nertagger.training import Workers


@dataclass(frozen=True)
class WorkerOptions:
    """Which processes train together."""

    processes: Annotated[
        int, Option(min=1, help="train by this many processes on this machine, each with its part of larger batches")
    ] = 1
    workers: Annotated[
        str | None,
        Option(metavar="HOST:PORT,...", help="train by processes on several machines: where each of them listens"),
    ] = None
    worker: Annotated[
        int | None, Option(min=1, help="with --workers: which of them this process is; the first writes the files")
    ] = None

    @property
    def addresses(self) -> list[str]:
        """The ``host:port`` of each process; empty if none are named.

        Raises:
            UsageError: if the options contradict each other.
        """
        if self.workers is None:
            if self.worker is not None:
                raise UsageError("--worker is one of --workers; name them too")
            return []
        found = self.workers.split(",")
        for address in found:
            host, _, port = address.rpartition(":")
            if not host or not port.isdecimal() or not 0 < int(port) < 1 << 16:
                raise UsageError(f"--workers: got {address!r}, expected HOST:PORT,HOST:PORT,...")
        if len(set(found)) < max(2, len(found)):
            raise UsageError(f"--workers: got {self.workers}, expected two different addresses or more")
        if self.worker is None or self.worker > len(found):
            raise UsageError(f"--workers: pass --worker N too, from 1 to {len(found)}: which of them this process is")
        if self.processes > 1:
            raise UsageError("--processes is for a single machine and --workers for several; leave one of them out")
        return found

    @contextmanager
    def joined(self, wanted: Config | Path, *, note: Callable[[str], None]) -> Iterator[Workers]:
        """Provide the processes that train together, and start those on this machine.

        Args:
            wanted: the training, or the folder of a run to resume.
            note: called with a line that says which process writes the files, if there are several.
        """
        addresses = self.addresses
        from nertagger import training

        if not addresses and self.processes == 1:
            yield training.ALONE
            return
        if addresses and self.worker:
            first = "this process writes" if self.worker == 1 else f"the first one, {addresses[0]}, writes"
            note(f"process {self.worker} of {len(addresses)}: {first} the files")
            yield training.connect(addresses, self.worker - 1)
            return
        note(f"process 1 of {self.processes}: this process writes the files")
        with training.local_workers(self.processes, wanted) as workers:
            yield workers


ONE_PROCESS = WorkerOptions()
