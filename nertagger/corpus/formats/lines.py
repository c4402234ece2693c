"""Text as lines: one sentence a line, its words apart; or running text, cut into passages that fit into memory."""

from __future__ import annotations

from collections.abc import Iterator

from nertagger.corpus.source import Source
from nertagger.text.document import Document, Sentence


def read_lines(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """One document a line, even where the line is empty, so that the n-th record is the n-th line.

    Words stand apart by spaces or tabs; other white space (U+00A0, U+0085) belongs to its word.
    """
    for number, line in enumerate(lines, 1):
        text = line.rstrip("\r\n")
        words = tuple(text.replace("\t", " ").split(" "))
        sentence = Sentence.from_words(words, source=f"{source.name}:{number}")
        if "" in words:  # an empty line, or spaces beside spaces
            sentence = _without_blanks(sentence)
        yield Document(text, (sentence,) if sentence.words else (), source=source.name)


def _without_blanks(sentence: Sentence) -> Sentence:
    """The sentence without its empty words; the others stay where they stand."""
    kept = [token for token in sentence.tokens if token.text]
    return Sentence(tuple(t.text for t in kept), tuple(t.start for t in kept), source=sentence.source)


def read_text(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Running text, one document a passage (up to a blank line); all passages together are the whole input."""
    from nertagger.text.segment import read_passages

    for offset, passage in read_passages(lines):
        yield source.segmented(passage, offset)
