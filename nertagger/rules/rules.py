"""Rules: names and token patterns that are entities, whatever a model finds."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from nertagger.errors import DataError
from nertagger.printable import counted, printable
from nertagger.rules.matcher import Match, RuleMatcher
from nertagger.rules.reading import Gazetteer, PatternSource, Rule, parse_pattern, read_gazetteer, read_patterns
from nertagger.text.tokenization.profiles import Profile

logger = logging.getLogger(__name__)


class Precedence(StrEnum):
    """Who is right where an entity of a rule and one of the model overlap.

    With ``first`` the rules are: the model finds its best entities around theirs. With ``last`` the model is: the rules
    add what does not overlap its entities.
    """

    FIRST = "first"
    LAST = "last"


class Rules:
    """Names and token patterns that are entities; `Tagger.with_rules` adds them to a model.

    Attributes:
        rules: the patterns, then the names, each in the order given.
        precedence: whether rules or the model win where they overlap.
        ignore_case: whether names match whatever their case; token patterns have LOWER for it.
    """

    def __init__(
        self,
        *,
        gazetteers: Gazetteer | Iterable[Gazetteer] = (),
        patterns: PatternSource | Iterable[PatternSource] = (),
        ignore_case: bool = False,
        precedence: Precedence | str = Precedence.FIRST,
    ) -> None:
        """Read the rules.

        Args:
            gazetteers: files with lines ``name TAB label [TAB id]``, or mappings from names to labels.
            patterns: files of spaCy's EntityRuler patterns as JSON lines, or patterns such as ``{"label": "ORG",
                "pattern": [{"LOWER": "acme"}, {"LOWER": "inc", "OP": "?"}]}``.
            ignore_case: whether names match whatever their case.
            precedence: ``first`` or ``last``, see `Precedence`.

        Raises:
            DataError: if a file cannot be read, or a rule is malformed or uses what is not supported.

        >>> rules = Rules(gazetteers={"Acme": "ORG"}, patterns=[{"label": "LOC", "pattern": [{"LOWER": "oz"}]}])
        >>> [(*span, rule) for span, rule in rules.match(["Acme", "moved", "to", "OZ"])]
        [('ORG', 0, 1, 'gazetteer'), ('LOC', 3, 4, 'pattern 1')]
        """
        if precedence not in (*Precedence,):
            raise DataError(got=f"the precedence {precedence!r:.40}", expected="first or last")
        self.precedence, self.ignore_case = Precedence(precedence), ignore_case
        self.rules: tuple[Rule, ...] = (*_patterns(_listed(patterns)), *_names(_listed(gazetteers)))
        self._matcher: RuleMatcher | None = None
        _warn_of_ambiguity(self.rules, ignore_case=ignore_case)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that the rules give, in order."""
        return tuple(dict.fromkeys(rule.label for rule in self.rules))

    def __len__(self) -> int:
        return len(self.rules)

    def __repr__(self) -> str:
        labels = ", ".join(self.labels)
        return f"<Rules: {counted(len(self), 'rule')} ({labels}), {self.precedence}>"

    def matcher(self, profile: Profile = Profile.GENERAL) -> RuleMatcher:
        """Return these rules prepared for text that is tokenized by a profile."""
        return RuleMatcher(self.rules, profile=profile, ignore_case=self.ignore_case)

    def match(self, words: Sequence[str]) -> list[Match]:
        """Return what the rules find in a sentence that is given as words, without a model."""
        self._matcher = self._matcher or self.matcher()
        return self._matcher.match(words)

    def __getstate__(self) -> dict[str, object]:
        return {**vars(self), "_matcher": None}


def _listed(sources: object) -> list[object]:
    if isinstance(sources, str | os.PathLike | Mapping):
        return [sources]
    if not isinstance(sources, Iterable):
        raise DataError(got=f"{sources!r:.60}", expected="a list of files or of rules in memory")
    return list(sources)


def _names(sources: Iterable[object]) -> Iterator[Rule]:
    for source in sources:
        if not isinstance(source, str | os.PathLike | Mapping):
            raise DataError(got=f"the gazetteer {source!r:.60}", expected="a file, or a mapping from names to labels")
        yield from read_gazetteer(source)


def _patterns(sources: Iterable[object]) -> Iterator[Rule]:
    for number, source in enumerate(sources, 1):
        if isinstance(source, str | os.PathLike):
            yield from read_patterns(source)
        else:
            place = f"pattern {number}"
            try:
                yield parse_pattern(source, place)
            except DataError as error:
                raise DataError(f"{place}: {error.message}") from None


def _warn_of_ambiguity(rules: Iterable[Rule], *, ignore_case: bool) -> None:
    """Log that names have several labels, of which the first counts."""
    seen: dict[str, Rule] = {}
    others: list[tuple[Rule, Rule]] = []
    for rule in rules:
        if isinstance(rule.pattern, str):
            first = seen.setdefault(rule.pattern.lower() if ignore_case else rule.pattern, rule)
            if first.label != rule.label:
                others.append((first, rule))
    if others:
        first, second = others[0]
        logger.warning(
            "%s more than one label, and the first counts: %s is %s (%s) and %s (%s)",
            f"{counted(len(others), 'name has', 'names have')}",
            printable(str(second.pattern)),
            *(first.label, first.name, second.label, second.name),
        )
