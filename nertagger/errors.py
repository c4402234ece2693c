"""The errors that nertagger raises: what was wrong, where, what was expected, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class NerTaggerError(Exception):
    """Any error whose message is meant for the user; commands print it as one line and exit with 2."""


class DataError(NerTaggerError):
    """An input file that cannot be read as what it was said to be.

    The message names the place (``file:line``), what was got, what was expected, and the remedy.
    """


class ConfigError(NerTaggerError):
    """A setting that does not exist, has the wrong type, or contradicts another one."""


class ModelFileError(NerTaggerError):
    """A model file that is damaged, of a newer format, or not a model file at all."""


class TrainingError(NerTaggerError):
    """A training run that cannot go on: a loss that is not finite, or nothing to learn from."""


class MissingExtraError(NerTaggerError):
    """A feature whose optional dependency is not installed; the message names the pip command."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(feature, extra)  # its arguments, or it could not be pickled

    def __str__(self) -> str:
        feature, extra = self.args
        return f"{feature} needs packages that are not installed; run: pip install 'nertagger[{extra}]'"


@contextmanager
def requires_extra(feature: str, extra: str) -> Iterator[None]:
    """Makes an import that fails for want of another package a `MissingExtraError`.

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
