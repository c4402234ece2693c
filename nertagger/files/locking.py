"""Locks on files and folders that hold between processes and end with the process that took them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nertagger.errors import NerTaggerError

if sys.platform != "win32":
    import fcntl


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file or folder, which only one block in all processes can have, while the block runs.

    Raises:
        NerTaggerError: if another one holds it.
    """
    if sys.platform == "win32":
        yield
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            problem = f"{path}: another run is at work here"
            raise NerTaggerError(f"{problem}; wait until it is over, or name another place") from error
        except OSError:  # a file system without locks
            pass
        yield
    finally:
        os.close(handle)


def hold(handle: int, path: str) -> bool:
    """Lock an open file for as long as it is open; return False if it has been removed before that."""
    if sys.platform != "win32":
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
    return os.path.exists(path)


def remove_unless_held(path: Path) -> None:
    """Remove a file unless a process holds it (see `hold`) or it cannot be removed."""
    if sys.platform == "win32":
        return
    with suppress(OSError), path.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
