"""The rules beside the models of a service, read again when their files are replaced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from nertagger.files import file_identity
from nertagger.rules import Rules


class RuleSource(Protocol):
    """Files of rules."""

    @property
    def files(self) -> Sequence[str]:
        """The files."""

    def read(self) -> Rules | None:
        """Return the rules that the files hold now; None if there are no files."""


class ServedRules:
    """The rules of a service.

    Attributes:
        rules: those that are used; None for none.
    """

    def __init__(self, given: Rules | RuleSource | None) -> None:
        """Read the rules.

        Raises:
            DataError: if a file cannot be read, or a rule is malformed.
        """
        self._source = None if given is None or isinstance(given, Rules) or not given.files else given
        self._seen = self._identities()
        self.rules = given.read() if given is not None and not isinstance(given, Rules) else given

    @property
    def files(self) -> Sequence[str]:
        """The files of the rules; empty for rules that are not of files."""
        return () if self._source is None else self._source.files

    @property
    def are_replaced(self) -> bool:
        """Whether a file is another than when the files were read last; a missing one is awaited."""
        return any(now not in (None, seen) for now, seen in zip(self._identities(), self._seen, strict=True))

    def read_again(self) -> None:
        """Read the files; if that fails, the rules stay as they are, and the files are not read until they change.

        Raises:
            DataError: as `__init__`.
        """
        self._seen = self._identities()  # before they are read: if one is replaced meanwhile, they are read again
        if self._source is not None:
            self.rules = self._source.read()

    def _identities(self) -> list[tuple[int, int, int] | None]:
        return [file_identity(path) for path in self.files]
