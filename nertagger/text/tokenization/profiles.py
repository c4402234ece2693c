"""Tokenizer profiles: a model uses the one that agrees best with the words that it was trained on."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

_LEAST = 0.85  # F1 of a profile that fits; tweets, whose tokens no rule can predict, have 0.89 to 0.99


class Profile(StrEnum):
    """A way to split text into words.

    ``general`` has the conventions of the English Web Treebank, see `nertagger.text.tokenization.tokenizer`;
    ``whitespace`` splits at white space and punctuation, but not inside numbers and words with a hyphen or apostrophe;
    ``spaces`` splits only at white space; ``character`` makes each character a token.
    """

    GENERAL = "general"
    WHITESPACE = "whitespace"
    SPACES = "spaces"
    CHARACTER = "character"


class Agreement(NamedTuple):
    """A tokenizer profile, and how well it agrees with the words that a model was trained on.

    Attributes:
        profile: how raw text is split into words.
        f1: the F1 of its tokens on the training sentences, from 0 to 1; None if it was not measured.
    """

    profile: Profile
    f1: float | None = None

    @property
    def fits(self) -> bool:
        """Whether raw text is tokenized like the training words, as far as is known."""
        return self.f1 is None or self.f1 >= _LEAST

    def __str__(self) -> str:
        """Return the profile and how well it agrees."""
        measured = "" if self.f1 is None else f", agrees with {100 * self.f1:.1f} % of the training words"
        return f"{self.profile}{measured}"

    @property
    def warning(self) -> str:
        """The warning for a profile that does not fit."""
        return (
            f"raw text is tokenized differently from the training words (tokenizer {self}): entities may be missed or "
            "cut short; tag text that is already tokenized (nertagger tag --format lines, or tag_tokens)"
        )
