"""Logging of commands: warnings and errors as single lines on standard error, for as long as a command runs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nertagger.printable import LAYOUT, printable


class LogFormatter(logging.Formatter):
    """Formats a message as ``warning: ...`` in one line, control characters escaped; tracebacks keep lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  logging's own name
        """Return the line of a record."""
        return printable(f"{record.levelname.lower()}: {record.message}")

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """Return the traceback of a record."""
        return printable(super().formatException(ei), keep=LAYOUT)


@contextmanager
def logging_to_stderr(*, quiet: bool) -> Iterator[None]:
    """Write the warnings and errors that are logged in the block to standard error, or only the errors if `quiet`."""
    root = logging.getLogger()
    level = root.level
    handler = start_logging(quiet=quiet)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def start_logging(*, quiet: bool) -> logging.Handler:
    """Write what is logged, as `logging_to_stderr` does, until the returned handler is removed."""
    handler = logging.StreamHandler()
    handler.setFormatter(LogFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.ERROR if quiet else logging.WARNING)
    return handler


def is_quiet() -> bool:
    """Return whether the user asked for no warnings and no progress."""
    return logging.getLogger().level >= logging.ERROR
