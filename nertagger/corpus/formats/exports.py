"""JSON lines for import into doccano and Prodigy. Their exports are read by `nertagger.corpus.formats.jsonl`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from nertagger.corpus.projection import is_predicted
from nertagger.corpus.records.json_values import Record, json_line
from nertagger.text.document import Document
from nertagger.text.entities import document_entities, entities_to_spans
from nertagger.text.records import with_fields
from nertagger.text.schemes import TagScheme


def write_doccano(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write one object per document: ``{"text", "label": [[start, end, label], ...]}``."""
    for document in documents:
        labels = [[entity.start, entity.end, entity.label] for entity in document_entities(document)]
        record = {"text": document.text} | ({"label": labels} if document.is_annotated else {})
        stream.write(json_line(with_fields(record, document)) + "\n")


def write_prodigy(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write one object per document: text, tokens with offsets, and spans with offsets of characters and tokens.

    Annotations by a person have the ``answer`` accept; those predicted by a model have none, but their spans have a
    ``score``.
    """
    for document in documents:
        stream.write(json_line(with_fields(_prodigy_record(document), document)) + "\n")


def _prodigy_record(document: Document) -> Record:
    tokens: list[Record] = []
    spans: list[Record] = []
    entities = document_entities(document)
    scores = {entity[:3]: entity.confidence for entity in entities}
    for sentence in document.sentences:
        before = len(tokens)
        for label, first, stop in entities_to_spans(entities, sentence):
            start, end = sentence.starts[first], sentence.starts[stop - 1] + len(sentence.words[stop - 1])
            offsets = {"start": start, "end": end, "token_start": before + first, "token_end": before + stop - 1}
            score = scores.get((label, start, end))
            spans.append({**offsets, "label": label} | ({} if score is None else {"score": round(score, 6)}))
        for token in sentence.tokens:
            blank = document.text[token.end : token.end + 1].isspace()
            tokens.append({"text": token.text, "start": token.start, "end": token.end, "id": len(tokens), "ws": blank})
    record: Record = {"text": document.text, "tokens": tokens}
    if is_predicted(document):
        return record | {"spans": spans}
    return record | ({"spans": spans, "answer": "accept"} if document.is_annotated else {})
