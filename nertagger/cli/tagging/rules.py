"""Options of rules beside the model: gazetteers and patterns."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from nertagger.cli.common.parser import Option
from nertagger.files import is_remote, is_stream

if TYPE_CHECKING:
    from nertagger.rules import Rules


@dataclass(frozen=True, kw_only=True)
class RuleOptions:
    """Names and patterns that are entities, whatever the model finds."""

    gazetteer: Annotated[
        list[str] | None,
        Option(metavar="FILE", help="names that are entities: lines name TAB label [TAB id]; may be repeated"),
    ] = None
    patterns: Annotated[
        list[str] | None,
        Option(metavar="FILE", help="patterns of entities: JSON lines of spaCy's EntityRuler; may be repeated"),
    ] = None
    rules: Annotated[
        Literal["first", "last"],
        Option(help="first: gazetteers and patterns win where they overlap the model's entities; last: they yield"),
    ] = "first"
    ignore_case: Annotated[bool, Option("--ignore-case", help="find the names of gazetteers whatever their case")] = (
        False
    )

    def __hash__(self) -> int:
        return hash((*self.files, self.rules, self.ignore_case))

    def read(self) -> Rules | None:
        """Return the rules; None if there are no files.

        Raises:
            DataError: if a file cannot be read, or a rule is malformed.
        """
        if not (self.gazetteer or self.patterns):
            return None
        from nertagger.rules import Rules

        return Rules(
            gazetteers=self.gazetteer or [],
            patterns=self.patterns or [],
            ignore_case=self.ignore_case,
            precedence=self.rules,
        )

    @property
    def files(self) -> list[str]:
        """The files, gazetteers first."""
        return [*(self.gazetteer or ()), *(self.patterns or ())]

    @property
    def stream(self) -> str | None:
        """The first file that can be read once only."""
        return next(filter(is_stream, self.files), None)

    def describe(self) -> dict[str, Any]:
        """Return what the rules are, with the size and time of each local file, as values that JSON can hold."""
        states = [(path, *_state(path)) for path in self.files]
        return {"files": states, "names": len(self.gazetteer or ()), "rules": self.rules, "case": self.ignore_case}


def _state(path: str) -> tuple[int, ...]:
    if is_stream(path) or is_remote(path):
        return ()
    status = os.stat(path)
    return status.st_size, status.st_mtime_ns


NO_RULES = RuleOptions()
