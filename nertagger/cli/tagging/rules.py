"""Options of rules beside the model: gazetteers and patterns."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from nertagger.cli.common.parser import Option

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
        return hash((*(self.gazetteer or ()), *(self.patterns or ()), self.rules, self.ignore_case))

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

    def describe(self) -> dict[str, Any]:
        """Return what the rules are, with the size and time of each file, as values that JSON can hold."""
        files = [*(self.gazetteer or ()), *(self.patterns or ())]
        states = [(path, status.st_size, status.st_mtime_ns) for path in files for status in [os.stat(path)]]
        return {"files": states, "names": len(self.gazetteer or ()), "rules": self.rules, "case": self.ignore_case}


NO_RULES = RuleOptions()
