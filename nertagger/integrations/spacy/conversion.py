"""Conversion between spaCy's Docs and documents, and of tagged documents to values that Docs are saved with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from spacy.tokens import Doc, Token

from nertagger.text.document import Document, Entity, Sentence
from nertagger.text.segment import sentences_of_tokens


def to_document(doc: Doc) -> Document:
    """Return a Doc as a document without tags: its own tokens except those of white space, with their offsets.

    Sentences are those of the Doc if they are set, otherwise those that `Tagger.segment` finds in its text.
    """
    text = doc.text
    return Document(text, tuple(map(_sentence, _sentences(doc, text))))


def to_record(document: Document) -> dict[str, Any]:
    """Return a tagged document as a value of ``doc.user_data``, which spaCy can save; see `from_record`."""
    return {
        "text": document.text,
        "sentences": [(sentence.words, sentence.starts, sentence.tags) for sentence in document.sentences],
        "entities": [(one.label, one.start, one.end, one.confidence, one.rule) for one in document.entities],
    }


def from_record(record: Mapping[str, Any]) -> Document:
    """Return the document of which `to_record` made a value, also after that was saved and read."""
    text = record["text"]
    return Document(
        text,
        tuple(Sentence(tuple(words), tuple(starts), tuple(tags)) for words, starts, tags in record["sentences"]),
        tuple(
            Entity(label, start, end, text[start:end], confidence, rule)
            for label, start, end, confidence, rule in record["entities"]
        ),
        predicted=True,
    )


def _sentences(doc: Doc, text: str) -> Iterator[Sequence[Token]]:
    """Yield the tokens of each sentence, without those of white space."""
    if doc.has_annotation("SENT_START"):
        sentences = ([token for token in sentence if not token.is_space] for sentence in doc.sents)
        yield from filter(None, sentences)
        return
    tokens = [token for token in doc if not token.is_space]
    for first, stop in sentences_of_tokens(text, [token.idx for token in tokens]):
        yield tokens[first:stop]


def _sentence(tokens: Sequence[Token]) -> Sentence:
    return Sentence(tuple([token.text for token in tokens]), tuple([token.idx for token in tokens]))
