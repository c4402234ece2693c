"""Annotated sentences that a program holds in memory, checked as readers check those of files."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from nertagger.errors import DataError
from nertagger.printable import counted
from nertagger.text.arguments import check_sentence, check_several, shown
from nertagger.text.document import Document, Sentence
from nertagger.text.schemes import split_tag

logger = logging.getLogger(__name__)

BLANK_TOKEN = "\ufffd"
"""Replaces a token without characters, so that neither a row nor an alignment is lost (U+FFFD, replacement)."""

TaggedWords = tuple[Sequence[str], Sequence[str]]
"""The words of a sentence and as many tags."""

Annotated = Sentence | Document | TaggedWords
"""A sentence or document with tags, or the words and tags of a sentence."""


def annotated_documents(items: Iterable[Annotated], *, place: str) -> list[Document]:
    """Return one document per item: documents as they are, of a sentence its words joined by single spaces.

    Args:
        items: all documents, or all sentences.
        place: which items, for messages, such as ``train``.

    Raises:
        DataError: as `tagged_sentences`, or if an item is something else.
    """
    check_several(items, "sentences", remedy="give sentences, documents, or pairs of words and tags")
    several = list(items)
    documents = [item for item in several if isinstance(item, Document)]
    if len(documents) == len(several):
        for number, document in enumerate(documents, 1):
            _check_document(document, f"{place}, document {number}")
        return documents
    pairs = [_pair(item, f"{place}, sentence {number}") for number, item in enumerate(several, 1)]
    return [Document.from_sentence(sentence) for sentence in tagged_sentences(pairs, place=place)]


def tagged_sentences(pairs: Iterable[TaggedWords], *, place: str = "") -> list[Sentence]:
    """Return the sentences of words and their tags, in order; empty ones are left out.

    Words without characters are replaced by `BLANK_TOKEN`, with one warning.

    Args:
        pairs: words and tags, in any scheme.
        place: which sentences, for messages.

    Raises:
        DataError: if words and tags are not lists of strings of the same length, or a tag is not a tag; with the
            number of the sentence.
    """
    sentences, blank = [], []
    for number, (words, tags) in enumerate(pairs, 1):
        _check_pair(words, tags, f"{place}, sentence {number}" if place else f"sentence {number}")
        if not len(words):
            continue
        filled = tuple(word if word.strip(" \t\r\n") else BLANK_TOKEN for word in words)
        if filled != tuple(words):
            blank.append(number)
        sentences.append(Sentence.from_words(filled, tags=tuple(tags)))
    if blank:
        found = f"first in sentence {blank[0]}"
        held = counted(len(blank), "sentence")
        logger.warning("%s with blank words, read as %r, %s", held, BLANK_TOKEN, found)
    return sentences


def _pair(item: Any, place: str) -> TaggedWords:
    if isinstance(item, Sentence):
        if item.tags is None:
            raise DataError(f"{place}: has no tags, expected an annotated sentence")
        return item.words, item.tags
    if isinstance(item, tuple | list) and len(item) == 2:
        return item[0], item[1]
    expected = "a Sentence, or a pair of words and tags" + (" as the first" if isinstance(item, Document) else "")
    raise DataError(f"{place}: got {shown(item)}, expected {expected}")


def _check_document(document: Document, place: str) -> None:
    for number, sentence in enumerate(document.sentences, 1):
        if sentence.tags is not None:
            _check_pair(sentence.words, sentence.tags, f"{place}, sentence {number}")


def _check_pair(words: Sequence[str], tags: Sequence[str], place: str) -> None:
    check_sentence(words, place)
    check_sentence(tags, place, of="tags")
    if len(words) != len(tags):
        raise DataError(f"{place}: got {counted(len(words), 'word')} and {counted(len(tags), 'tag')}, expected as many")
    for number, (word, tag) in enumerate(zip(words, tags, strict=True), 1):
        try:
            split_tag(tag)
            word.encode()
        except DataError as error:
            raise DataError(f"{place}, word {number}: {error}") from None
        except UnicodeEncodeError:
            raise DataError(f"{place}, word {number}: {word!r} holds half a surrogate pair, not a character") from None
