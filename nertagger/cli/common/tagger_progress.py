"""A tagger whose progress is shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from nertagger.cli.common.progress import display

if TYPE_CHECKING:
    from nertagger.runtime import Tagger
    from nertagger.text.document import Document


class TokenTagger(Protocol):
    """Anything that tags sentences that are read one by one."""

    def tag_tokens(self, sentences: Iterable[Sequence[str]], /) -> list[list[str]]:
        """Return one tag per word of each sentence."""


@dataclass(frozen=True, slots=True)
class TokenTaggerProgress:
    """A tagger of tokens that shows how many sentences it has tagged.

    Attributes:
        tagger: the tagger.
        text: shown beside the bar.
    """

    tagger: TokenTagger
    text: str

    def tag_tokens(self, sentences: Collection[Sequence[str]], /) -> list[list[str]]:
        """Return the tags of sentences that are given as their words."""
        with display() as shown:
            return self.tagger.tag_tokens(shown.each(self.text, sentences, unit="sentences"))


@dataclass(frozen=True, slots=True)
class TaggerProgress:
    """A tagger that shows how many sentences it has tagged.

    Attributes:
        tagger: the tagger.
        text: shown beside the bar.
    """

    tagger: Tagger
    text: str

    def tag_tokens(self, sentences: Collection[Sequence[str]], /) -> list[list[str]]:
        """Return the tags of sentences that are given as their words."""
        return TokenTaggerProgress(self.tagger, self.text).tag_tokens(sentences)

    def tag_documents(self, documents: Collection[Document], /) -> Iterator[Document]:
        """Yield each document with tags and entities."""
        with display() as shown:
            yield from self.tagger.tag_documents(shown.each(self.text, documents, unit="sentences"))
