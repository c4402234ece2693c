"""The names in lists that are an input of the network, read from files."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from nertagger.errors import ConfigError
from nertagger.features import Gazetteer
from nertagger.features.gazetteer import LONGEST, MOST_LABELS, MOST_NAMES
from nertagger.printable import counted
from nertagger.rules.reading import Rule, read_gazetteer
from nertagger.text.tokenization.profiles import Profile
from nertagger.text.tokenization.tokenizer import words_and_starts

logger = logging.getLogger(__name__)


def load_gazetteer(paths: Sequence[str], profile: Profile) -> Gazetteer | None:
    """Return the names of files, tokenized by a profile; None without files.

    Raises:
        DataError: if a file cannot be read, or a line is malformed.
        ConfigError: if there are no names, or more names or labels than a model holds.
    """
    if not paths:
        return None
    names = [_tokens(rule, profile) for path in paths for rule in read_gazetteer(path)]
    labels = {label for _, label in names}
    if not 0 < len(names) <= MOST_NAMES:
        raise ConfigError(f"features.gazetteers: got {counted(len(names), 'name')}, expected from 1 to {MOST_NAMES:,}")
    if len(labels) > MOST_LABELS:
        raise ConfigError(f"features.gazetteers: got {len(labels)} labels, expected at most {MOST_LABELS}")
    short = [(words, label) for words, label in names if len(words) <= LONGEST]
    if len(short) < len(names):
        left_out = counted(len(names) - len(short), "name")
        logger.warning("features.gazetteers: %s of more than %d tokens left out", left_out, LONGEST)
    return Gazetteer.build(short)


def _tokens(rule: Rule, profile: Profile) -> tuple[Sequence[str], str]:
    words, _ = words_and_starts(str(rule.pattern), profile)
    return words, rule.label
