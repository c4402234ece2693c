"""Raw text to documents of sentences."""

from __future__ import annotations

from nertagger.text.document import Document, Sentence
from nertagger.text.passages import read_passages
from nertagger.text.sentences import sentence_ranges
from nertagger.text.tokenizer import words_and_starts

__all__ = ["read_passages", "segment"]


def segment(text: str, *, source: str = "", offset: int = 0) -> Document:
    """The sentences and words of raw text, each word with its place in `text`, without tags or entities.

    `source` and `offset` say where the text was read; they are handed on to the document.

    >>> [sentence.words for sentence in segment("It rains. I don't go.").sentences]
    [('It', 'rains', '.'), ('I', 'do', "n't", 'go', '.')]
    """
    word_list, start_list = words_and_starts(text)
    words, starts = tuple(word_list), tuple(start_list)
    sentences = tuple(Sentence(words[first:stop], starts[first:stop]) for first, stop in sentence_ranges(text, starts))
    return Document(text, sentences, source=source, offset=offset)
