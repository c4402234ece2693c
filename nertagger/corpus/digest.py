"""A hash of sentences, by which a change of any word or tag is noticed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from nertagger.text.document import Sentence


def digest(sentences: Iterable[Sentence]) -> str:
    """Return the SHA-256, in hexadecimal, of the words and tags of sentences in order, whatever file they are from.

    >>> digest([Sentence.from_words(("Ann",), tags=("O",))])[:8]
    '11becdf8'
    """
    sha256 = hashlib.sha256()
    for sentence in sentences:
        sha256.update(json.dumps([sentence.words, sentence.tags]).encode() + b"\n")
    return sha256.hexdigest()
