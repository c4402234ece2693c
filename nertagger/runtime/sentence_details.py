"""JSONL of tagged documents with details of each sentence: its best labellings and the posteriors of its tokens.

Beside ``text`` and ``entities`` a row has ``sentences``, each with ``start`` and ``end`` in characters and, if asked
for::

    "readings": [{"probability": 0.93, "entities": [{"label", "start", "end", "text"}, ...]}, ...]
    "tokens": [{"text", "start", "end", "posteriors": {"B-PER": 0.98, "O": 0.02}}, ...]

Under ``readings`` are the labellings, best first. Probabilities are rounded to six decimals; a tag that is not listed
rounds to 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TextIO

import numpy as np

from nertagger.corpus.records.json_values import json_line
from nertagger.decoding.predictions import Labelling, SentenceDetails
from nertagger.text.document import Document, Sentence
from nertagger.text.entities import spans_to_entities
from nertagger.text.records import document_record, entity_record
from nertagger.text.schemes import read_spans

_DECIMALS = 6


def write_details(
    stream: TextIO, found: Iterable[tuple[Document, Sequence[SentenceDetails]]], tags: Sequence[str]
) -> None:
    """Write the results of `Tagger.tag_in_detail`, one row per document; `tags` are the K tags of the tagger."""
    for document, details in found:
        sentences = sentence_records(document, details, tags)
        stream.write(json_line(document_record(document, sentences=sentences)) + "\n")


def sentence_records(
    document: Document, details: Sequence[SentenceDetails], tags: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the objects of the sentences of a document, each with the details that are known."""
    pairs = zip(document.sentences, details, strict=True)
    return [_sentence_record(sentence, one, document.text, tags) for sentence, one in pairs]


def _sentence_record(sentence: Sentence, details: SentenceDetails, text: str, tags: Sequence[str]) -> dict[str, Any]:
    tokens = list(sentence.tokens)
    record: dict[str, Any] = {"start": tokens[0].start, "end": tokens[-1].end} if tokens else {"start": 0, "end": 0}
    if details.labellings is not None:
        record["readings"] = [_labelling_record(one, sentence, text) for one in details.labellings]
    if details.posteriors is not None:
        pairs = zip(tokens, details.posteriors, strict=True)
        record["tokens"] = [{**token._asdict(), "posteriors": _listed(row, tags)} for token, row in pairs]
    return record


def _labelling_record(labelling: Labelling, sentence: Sentence, text: str) -> dict[str, Any]:
    entities = spans_to_entities(read_spans(labelling.tags), sentence, text)
    return {"probability": round(labelling.probability, _DECIMALS), "entities": [*map(entity_record, entities)]}


def _listed(row: np.ndarray, tags: Sequence[str]) -> dict[str, float]:
    """Return the posteriors of a token, (K,), by tag, except those that round to 0."""
    return {tag: rounded for tag, p in zip(tags, row.tolist(), strict=True) if (rounded := round(p, _DECIMALS))}
