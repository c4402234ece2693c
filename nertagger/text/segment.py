"""Raw text to documents of sentences, and raw files to passages that fit into memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nertagger.text.document import Document, Sentence
from nertagger.text.sentences import sentence_spans
from nertagger.text.tokenizer import token_spans


def segment(text: str, *, source: str = "", offset: int = 0) -> Document:
    """The sentences and words of raw text, each word with its place in `text`, without tags or entities."""
    spans = token_spans(text)
    words = [text[start:end] for start, end in spans]
    starts = [start for start, _ in spans]
    sentences = tuple(
        Sentence(tuple(words[first:stop]), tuple(starts[first:stop])) for first, stop in sentence_spans(text, spans)
    )
    return Document(text, sentences, source=source, offset=offset)


def read_passages(lines: Iterable[str], *, bound: int = 100_000) -> Iterator[tuple[int, str]]:
    """Passages of raw text as they are read: (offset in characters, text); together they are the whole input."""
    offset, held, size = 0, list[str](), 0
    for line in lines:
        held.append(line)
        size += len(line)
        if not line.strip() or size > bound:
            yield offset, "".join(held)
            offset, held, size = offset + size, [], 0
    if held:
        yield offset, "".join(held)
