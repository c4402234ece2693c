"""What sentences say as a short text that any change of a word or a tag changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from nertagger.text.document import Sentence


def digest(sentences: Iterable[Sentence]) -> str:
    """The SHA-256, in hexadecimal, of the words and tags of sentences in order; not of where they were read.

    >>> digest([Sentence.from_words(("Ann",), tags=("O",))])[:8]
    '11becdf8'
    """
    found = hashlib.sha256()
    for sentence in sentences:
        found.update(json.dumps([sentence.words, sentence.tags]).encode() + b"\n")
    return found.hexdigest()
