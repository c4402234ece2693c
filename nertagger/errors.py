"""The exceptions of nertagger: what is wrong, where, what was expected, and how to fix it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NerTaggerError(Exception):
    """Base class of errors whose message is meant for users; commands print it as one line and exit with status 2."""


class DataError(NerTaggerError):
    """Input that cannot be read or used: ``str(error)`` is one line, the attributes are its parts.

    >>> print(DataError("row has 2 columns", path="a.conll", line=3, expected="4", remedy="fix the row"))
    a.conll:3: row has 2 columns, expected 4; fix the row

    Attributes:
        problem: what is wrong; may be empty if `got` and `expected` say it.
        path: name of the file, or None.
        line: line number in the file, counted from 1, or None; shown with the path only.
        part: name of the part of the input that is meant, such as ``task 17``, or None.
        got: what was found, or None.
        expected: what should be there, or None.
        remedy: what the user can do about it, or None.
    """

    def __init__(
        self,
        problem: str = "",
        *,
        path: str | Path | None = None,
        line: int | None = None,
        part: str | None = None,
        got: str | None = None,
        expected: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = None if path is None else str(path)
        self.line = line
        self.part = part
        self.got = got
        self.expected = expected
        self.remedy = remedy

    def __str__(self) -> str:
        place = self.path if self.path is None or self.line is None else f"{self.path}:{self.line}"
        return ": ".join(filter(None, (place, self.part, self.message)))

    @property
    def message(self) -> str:
        """The text without the place."""
        got = f"got {self.got}" if self.got else ""
        expected = f"expected {self.expected}" if self.expected else ""
        stated = ", ".join(filter(None, (self.problem, got, expected)))
        return "; ".join(filter(None, (stated, self.remedy)))

    def at(self, path: str | Path, line: int | None = None, part: str | None = None) -> DataError:
        """Return an error with the same message at this place."""
        return DataError(
            self.problem,
            path=path,
            line=line,
            part=part,
            got=self.got,
            expected=self.expected,
            remedy=self.remedy,
        )


def one_line(error: BaseException, *, limit: int = 200) -> str:
    """Return an error's message on one line, at most `limit` characters long; its class name if it has no message."""
    return " ".join(str(error).split())[:limit] or type(error).__name__


class ConfigError(NerTaggerError):
    """A setting that does not exist, has the wrong type, or contradicts another setting."""


class ModelFileError(NerTaggerError):
    """A model file that is damaged, in a newer format, or not a model file at all."""


class TrainingError(NerTaggerError):
    """A training run that cannot continue: the loss is not finite, or there is nothing to train on."""


class MissingExtraError(NerTaggerError):
    """A feature whose optional dependency is not installed; the message names the pip command."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(feature, extra)  # pickle calls the class with these

    def __str__(self) -> str:
        feature, extra = self.args
        return f"{feature} needs packages that are not installed; run: pip install 'nertagger[{extra}]'"


@contextmanager
def requires_extra(feature: str, extra: str) -> Iterator[None]:
    """Turn a failed import of an optional package into a `MissingExtraError`.

    >>> with requires_extra("song", "birds"):
    ...     import no_such_package
    Traceback (most recent call last):
    nertagger.errors.MissingExtraError: song needs packages that are not installed; run: pip install 'nertagger[birds]'
    """
    try:
        yield
    except ImportError as error:
        if (error.name or "").startswith("nertagger"):
            raise
        raise MissingExtraError(feature, extra) from error
