"""JSONL of tagged documents that says more of each sentence: its best readings, its tokens' posteriors.

Beside ``text`` and ``entities`` a row then has ``sentences``, each with ``start`` and ``end`` in characters and, as
asked for::

    "readings": [{"probability": 0.93, "entities": [{"label", "start", "end", "text"}, ...]}, ...]
    "tokens": [{"text", "start", "end", "posteriors": {"B-PER": 0.98, "O": 0.02}}, ...]

Readings come best first. Probabilities are rounded to six decimals; a tag that is not listed rounds to 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TextIO

import numpy as np

from nertagger.corpus.records.json_values import json_line
from nertagger.decoding.predictions import Details, Reading
from nertagger.text.document import Document, Sentence
from nertagger.text.entities import spans_to_entities
from nertagger.text.records import document_record, entity_record
from nertagger.text.schemes import read_spans

_DECIMALS = 6


def write_details(stream: TextIO, found: Iterable[tuple[Document, Sequence[Details]]], tags: Sequence[str]) -> None:
    """Write what `Tagger.tag_in_detail` gives, a row a document; `tags` are the K of the tagger."""
    for document, details in found:
        pairs = zip(document.sentences, details, strict=True)
        sentences = [_sentence_record(sentence, one, document.text, tags) for sentence, one in pairs]
        stream.write(json_line(document_record(document, sentences=sentences)) + "\n")


def _sentence_record(sentence: Sentence, details: Details, text: str, tags: Sequence[str]) -> dict[str, Any]:
    tokens = list(sentence.tokens)
    record: dict[str, Any] = {"start": tokens[0].start, "end": tokens[-1].end} if tokens else {"start": 0, "end": 0}
    if details.readings is not None:
        record["readings"] = [_reading_record(reading, sentence, text) for reading in details.readings]
    if details.posteriors is not None:
        pairs = zip(tokens, details.posteriors, strict=True)
        record["tokens"] = [{**token._asdict(), "posteriors": _listed(row, tags)} for token, row in pairs]
    return record


def _reading_record(reading: Reading, sentence: Sentence, text: str) -> dict[str, Any]:
    entities = spans_to_entities(read_spans(reading.tags), sentence, text)
    return {"probability": round(reading.probability, _DECIMALS), "entities": [*map(entity_record, entities)]}


def _listed(row: np.ndarray, tags: Sequence[str]) -> dict[str, float]:
    """The posteriors of a token, (K,), by tag, without those that round to 0."""
    return {tag: rounded for tag, p in zip(tags, row.tolist(), strict=True) if (rounded := round(p, _DECIMALS))}
