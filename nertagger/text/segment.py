"""Raw text segmented into sentences and words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from nertagger.text.document import Document, Sentence
from nertagger.text.tokenization.profiles import Profile
from nertagger.text.tokenization.sentences import sentence_ranges
from nertagger.text.tokenization.tokenizer import words_and_starts


def segment(text: str, *, source: str = "", offset: int = 0, profile: Profile = Profile.GENERAL) -> Document:
    """Return raw text as a document of sentences, with the offset of each word and without tags or entities.

    Sentences end at the same places under every profile, but never inside a word.

    Args:
        text: the text.
        source: where the text was read, for the document.
        offset: where in the source it begins, for the document.
        profile: how to split the text into words.

    >>> [sentence.words for sentence in segment("It rains. I don't go.").sentences]
    [('It', 'rains', '.'), ('I', 'do', "n't", 'go', '.')]
    """
    word_list, start_list = words_and_starts(text, profile)
    words, starts = tuple(word_list), tuple(start_list)
    ranges = sentence_ranges(text, starts) if profile is Profile.GENERAL else sentences_of_tokens(text, starts)
    sentences = tuple(Sentence(words[first:stop], starts[first:stop]) for first, stop in ranges)
    return Document(text, sentences, source=source, offset=offset)


def sentences_of_tokens(text: str, starts: Sequence[int]) -> list[tuple[int, int]]:
    """Return the sentences of `text` as half-open ranges of tokens that any tokenizer made.

    They are found with the tokens of the general profile: only these distinguish the stop of an abbreviation from that
    of a sentence.

    Args:
        text: the text.
        starts: the offset of each token, ascending.
    """
    _, general = words_and_starts(text)
    begins = {general[first] for first, _ in sentence_ranges(text, general)}
    return list(pairwise(sorted({0, *(n for n, start in enumerate(starts) if start in begins), len(starts)})))
