"""Texts to the JSON of tagged documents, the same objects as in the JSON lines of ``nertagger tag``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from pydantic_core import to_json

from nertagger.runtime import Tagger
from nertagger.runtime.sentence_details import sentence_records
from nertagger.text.records import document_record


class Text(NamedTuple):
    """A text to tag, and the other fields of its record, which come back with the answer."""

    text: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is to be done with a text.

    Attributes:
        tagger: the tagger.
        confidence: entities of lower confidence are left out.
        n_best: how many of the best labellings of each sentence to add; 0 for none.
        posteriors: whether to add the probability of each tag at each token.
        sentences: whether to add the ranges of the sentences, with or without such details.
    """

    tagger: Tagger
    confidence: float = 0.0
    n_best: int = 0
    posteriors: bool = False
    sentences: bool = False

    @property
    def shows_sentences(self) -> bool:
        """Whether documents have sentences."""
        return self.sentences or self.posteriors or self.n_best > 0


def tag_texts(task: Task, texts: Sequence[Text]) -> list[bytes]:
    """Return the JSON object of each text after tagging."""
    tagger = task.tagger
    documents = [replace(tagger.segment(text), meta=fields) for text, fields in texts]
    found = tagger.tag_in_detail(
        documents, n_best=task.n_best, posteriors=task.posteriors, min_confidence=task.confidence
    )
    records = (
        document_record(document, sentences=sentence_records(document, details, tagger.tags))
        if task.shows_sentences
        else document_record(document)
        for document, details in found
    )
    return [to_json(record) for record in records]
