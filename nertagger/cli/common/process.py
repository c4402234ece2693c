"""The process of a command: open standard streams, and signals that let it clean up."""

from __future__ import annotations

import errno
import os
import signal
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_OUTPUT_ERRORS = (errno.EBADF, errno.ENOSPC, errno.EIO, errno.EFBIG)


class Terminated(KeyboardInterrupt):
    """SIGTERM or SIGHUP, which end a command like Ctrl-C.

    Attributes:
        number: the number of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    def __str__(self) -> str:
        return signal.strsignal(self.number) or "stopped"


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Raise `Terminated` for SIGTERM and SIGHUP in the block; signals that are ignored (nohup) stay ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None))]
    changed = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]
    for number in changed:
        signal.signal(number, _stop)
    try:
        yield
    finally:
        for number in changed:
            signal.signal(number, signal.SIG_DFL)


def _stop(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # a second signal must not interrupt the clean-up
    raise Terminated(number)


def claim_standard_streams() -> None:
    """Occupy the file descriptors of closed standard streams, which files opened later would get otherwise.

    Writing to a closed standard output is an error; what is written to a closed standard error is dropped.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)  # gets the lowest free descriptor
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def name_output(error: OSError) -> None:
    """Name standard output in an error without a file name: all other files have one."""
    if error.filename is None and error.errno in _OUTPUT_ERRORS and not _is_terminal_or_pipe(1):
        error.filename = "standard output"


def _is_terminal_or_pipe(number: int) -> bool:
    return os.isatty(number) or stat.S_ISFIFO(os.fstat(number).st_mode)


def silence_output() -> None:
    """Discard what is still buffered, which Python would report as an error at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)


def tell(message: str) -> None:
    """Print a line on standard error, if possible."""
    try:
        print(message, file=sys.stderr, flush=True)
    except OSError:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  or flushing it at exit would fail
