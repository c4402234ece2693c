"""Plain text: one text or tokenized sentence per line, or running text, read in passages that fit into memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nertagger.corpus.source import Source
from nertagger.text.document import Document, Sentence
from nertagger.text.invisible import BYTE_ORDER_MARK


def read_tokenized_lines(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per line, even if the line is empty, so that the n-th record is the n-th line.

    Words are separated by spaces or tabs; other white space (U+00A0, U+0085) is part of a word.
    """
    for number, line in enumerate(lines, source.first_line):
        text = line.rstrip("\r\n").lstrip(BYTE_ORDER_MARK)
        words = tuple(text.replace("\t", " ").split(" "))
        sentence = Sentence.from_words(words, source=f"{source.name}:{number}")
        if "" in words:  # an empty line, or several spaces
            sentence = _without_empty_words(sentence)
        yield Document(text, (sentence,) if sentence.words else (), source=source.name)


def read_text_lines(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per line, even if the line is empty, so that the n-th record is the n-th line."""
    offset = source.first_offset
    for number, line in enumerate(lines, source.first_line):
        document = source.segmented(line.rstrip("\r\n"), offset)
        place = f"{source.name}:{number}"
        yield replace(document, sentences=tuple(replace(sentence, source=place) for sentence in document.sentences))
        offset += len(line)


def _without_empty_words(sentence: Sentence) -> Sentence:
    """Return the sentence without its empty words; the other words keep their offsets."""
    kept = [token for token in sentence.tokens if token.text]
    return Sentence(tuple(t.text for t in kept), tuple(t.start for t in kept), source=sentence.source)


def read_running_text(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per passage of running text (up to a blank line); together they are the whole input."""
    from nertagger.text.passages import read_passages

    for offset, passage in read_passages(lines):
        yield source.segmented(passage, offset)
    source.report()
