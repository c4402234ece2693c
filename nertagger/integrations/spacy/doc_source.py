"""A stream of Docs that is read in batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Doc


class DocSource:
    """Reads Docs when they are asked for, so that spaCy tokenizes texts while the network runs on those before.

    An error of the stream itself, such as that of a component before, ends it and is kept: it is no error of the Docs
    that are being tagged.

    Attributes:
        is_exhausted: whether the stream has ended.
    """

    def __init__(self, stream: Iterable[Doc]) -> None:
        self.is_exhausted = False
        self._stream = iter(stream)
        self._error: Exception | None = None

    def take(self, size: int, *, into: list[Doc]) -> Iterator[Doc]:
        """Yield at most `size` Docs, each after it has been added to a list."""
        try:
            while len(into) < size:
                into.append(next(self._stream))
                yield into[-1]
        except StopIteration:
            self.is_exhausted = True
        except Exception as error:  # noqa: BLE001  (raised by `raise_error`)
            self.is_exhausted, self._error = True, error

    def raise_error(self) -> None:
        """Raise the error that has ended the stream, if one has."""
        if self._error is not None:
            raise self._error
