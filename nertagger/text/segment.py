"""Raw text to documents of sentences."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nertagger.text.document import Document, Sentence
from nertagger.text.passages import read_passages
from nertagger.text.tokenization.profiles import Profile
from nertagger.text.tokenization.sentences import sentence_ranges
from nertagger.text.tokenization.tokenizer import words_and_starts

__all__ = ["read_passages", "segment"]


def segment(text: str, *, source: str = "", offset: int = 0, profile: Profile = Profile.GENERAL) -> Document:
    """The sentences and words of raw text, each word with its place in `text`, without tags or entities.

    `source` and `offset` say where the text was read; they are handed on to the document. Sentences end at the same
    places whatever the profile, but never inside a word.

    >>> [sentence.words for sentence in segment("It rains. I don't go.").sentences]
    [('It', 'rains', '.'), ('I', 'do', "n't", 'go', '.')]
    """
    word_list, start_list = words_and_starts(text, profile)
    words, starts = tuple(word_list), tuple(start_list)
    ranges = sentence_ranges(text, starts) if profile is Profile.GENERAL else _general_ranges(text, starts)
    sentences = tuple(Sentence(words[first:stop], starts[first:stop]) for first, stop in ranges)
    return Document(text, sentences, source=source, offset=offset)


def _general_ranges(text: str, starts: Sequence[int]) -> list[tuple[int, int]]:
    """The sentences as ranges of the tokens at `starts`, found by the tokens of the general profile.

    Only these tell the stop of an abbreviation from that of a sentence.
    """
    _, general = words_and_starts(text)
    begins = {general[first] for first, _ in sentence_ranges(text, general)}
    return list(pairwise(sorted({0, *(n for n, start in enumerate(starts) if start in begins), len(starts)})))
