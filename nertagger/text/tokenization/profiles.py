"""The ways to cut text into words, of which a model has one: that which agrees with its training words."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

_LEAST = 0.85  # share of a profile that fits: tweets, whose tokens no rule foresees, have 0.89 to 0.99


class Profile(StrEnum):
    """A way to cut text into words.

    ``general`` has the conventions of the English Web Treebank, see `nertagger.text.tokenization.tokenizer`;
    ``whitespace`` cuts at white space and punctuation, but not inside numbers and words with a hyphen or an apostrophe;
    ``spaces`` at white space alone; ``character`` makes each character a token.
    """

    GENERAL = "general"
    WHITESPACE = "whitespace"
    SPACES = "spaces"
    CHARACTER = "character"


class Agreement(NamedTuple):
    """A tokenizer profile, and how well it agrees with the words that a model was trained on.

    Attributes:
        profile: how to cut raw text.
        share: the F1 of its tokens on the training sentences, 0 to 1; None where it was not measured.
    """

    profile: Profile
    share: float | None = None

    @property
    def fits(self) -> bool:
        """Whether raw text is cut as the training words were, as far as is known."""
        return self.share is None or self.share >= _LEAST

    def __str__(self) -> str:
        """The profile with its share, for people."""
        measured = "" if self.share is None else f", agrees with {100 * self.share:.1f} % of the training words"
        return f"{self.profile}{measured}"

    @property
    def warning(self) -> str:
        """What to say where it does not fit."""
        return (
            f"raw text is cut otherwise than the training words (tokenizer {self}): entities in it are missed or cut "
            "short; tag text whose words are apart already (nertagger tag --format lines, or tag_tokens)"
        )
