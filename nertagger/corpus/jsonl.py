"""One JSON object a line: a text with its entities as ranges of characters, or tokens with their tags."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, TextIO

from nertagger.corpus.annotating import annotate
from nertagger.corpus.fitting import align
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.document import Document, Entity, Sentence
from nertagger.text.entities import document_entities, sentence_tags
from nertagger.text.schemes import OUTSIDE, TagScheme

_TAG_FIELDS = ("tags", "ner_tags", "labels", "ner")
_ENTITY_FIELDS = ("entities", "spans", "label", "labels")
_EDGE_FIELDS = (("start", "start_offset"), ("end", "end_offset"), ("label", "labels"))
UNREADABLE = "rows left out that could not be read"
_REFUSED = ("reject", "ignore")  # what an annotator may answer in Prodigy beside accept
Record = dict[str, Any]


def read_jsonl(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """One document a row.

    Rows have ``tokens`` and, if annotated, ``tags`` (or ``ner_tags``, ``labels``, ``ner``); or ``text`` and, if
    annotated, ``entities`` (or ``spans``, ``label``, ``labels``), each ``{"start", "end", "label"}`` or ``[start, end,
    label]`` in characters, half-open: what doccano and Prodigy export. Tokens are made to agree with entities.
    ``source`` and ``offset`` are kept.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip(" \t\r\n"):
            continue
        try:
            record = parse_object(line)
        except (DataError, ValueError, RecursionError) as error:
            source.repair(number, UNREADABLE, str(error))
        else:
            yield from read_record(record, number, source)
    source.report()


def read_record(record: Record, number: int, source: Source) -> Iterator[Document]:
    """The document of one object, or none if its annotator refused it or, leniently, if it is not as it should be."""
    if record.get("answer") in _REFUSED:
        source.count(number, "rows left out that were answered with reject or ignore")
        return
    try:
        document = _document(record, number, source)
    except DataError as error:
        if str(error).startswith(f"{source.name}:{number}: "):
            raise
        source.repair(number, UNREADABLE, str(error))
    else:
        yield document


def write_jsonl(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write text and entities; source and offset where the source is known; confidence where there is one."""
    for document in documents:
        stream.write(json.dumps(document_record(document), ensure_ascii=False) + "\n")


def document_record(document: Document) -> Record:
    """The object that `write_jsonl` writes of a document."""
    record: Record = {"text": document.text, "entities": [*map(entity_record, document_entities(document))]}
    if document.source:
        record |= {"source": document.source, "offset": document.offset}
    return record


def write_jsonl_tokens(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write each sentence as tokens and tags."""
    for document in documents:
        for sentence, tags in sentence_tags(document, scheme):
            stream.write(json.dumps({"tokens": sentence.words, "tags": tags}, ensure_ascii=False) + "\n")


def entity_record(entity: Entity) -> Record:
    """The object that `write_jsonl` writes of an entity."""
    record: Record = {"label": entity.label, "start": entity.start, "end": entity.end, "text": entity.text}
    if entity.confidence is not None:
        record["confidence"] = round(entity.confidence, 6)
    return record


def parse_object(line: str) -> Record:
    """The object that the line holds."""
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise DataError(f"not JSON: {error.msg} at column {error.colno}; expected one object a line") from error
    if not isinstance(record, dict):
        raise DataError(f"got a JSON {type(record).__name__}, expected one object a line")
    if "\\u" in line:
        _reject_surrogates(record)
    return record


def _reject_surrogates(record: Record) -> None:
    """Raise if the object holds half a surrogate pair, which is no character and cannot be written again."""
    try:
        json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise DataError(
            f"half a surrogate pair {error.object[error.start]!r} is no character; fix the escape"
        ) from error


def _document(record: Record, number: int, source: Source) -> Document:
    """The record as a document."""
    if "tokens" in record:
        document = _from_tokens(record, number, source)
    elif isinstance(record.get("text"), str):
        document = _from_text(record["text"], number, source)
    else:
        raise DataError(f"got the fields {', '.join(record) or '(none)'}, expected tokens or text")
    offset, name = record.get("offset", 0), record.get("source", source.name)
    document = replace(document, source=str(name), offset=offset if isinstance(offset, int) else 0)
    field = next((field for field in _ENTITY_FIELDS if field in record), None)
    if field is None or any(sentence.tags is not None for sentence in document.sentences):
        return document
    entities = [_entity(item, document.text) for item in _listed(record[field], field)]
    return annotate(document, entities, number, source)


def _from_text(text: str, number: int, source: Source) -> Document:
    document = source.segmented(text)
    place = f"{source.name}:{number}"
    return replace(document, sentences=tuple(replace(sentence, source=place) for sentence in document.sentences))


def _from_tokens(record: Record, number: int, source: Source) -> Document:
    """A row of tokens, in its own text if it has one."""
    tokens = _token_texts(_listed(record["tokens"], "tokens"))
    words = tuple(source.checked_word(number, str(token)) for token in tokens)
    field = next((field for field in _TAG_FIELDS if field in record), None)
    tags = None if field is None else _tags(_listed(record[field], field), len(words), number, source)
    place, text = f"{source.name}:{number}", record.get("text")
    if not isinstance(text, str):
        return Document.from_sentence(Sentence.from_words(words, tags=tags, source=place))
    starts = align(words, text)
    if starts is None:
        raise DataError("the tokens do not stand in the text one after another; fix them or leave the text out")
    return Document(text, (Sentence(words, starts, tags, place),))


def _token_texts(tokens: list[Any]) -> list[str]:
    """The words; of tokens as objects those that are white space are left out, which spaCy's tokenizer makes tokens."""
    texts = [token.get("text") if isinstance(token, dict) else token for token in tokens]
    if not all(isinstance(text, str) for text in texts):
        raise DataError("got tokens that are no strings, expected a list of words")
    pairs = zip(texts, tokens, strict=True)
    return [str(text) for text, token in pairs if not isinstance(token, dict) or str(text).strip(" \t\r\n")]


def _tags(tags: list[Any], length: int, number: int, source: Source) -> tuple[str, ...]:
    """As many tags as there are words."""
    if not all(isinstance(tag, str) for tag in tags):
        raise DataError(
            "got tags that are no strings, expected tags such as B-PER (numbers must be put back into names)"
        )
    if len(tags) != length:
        source.repair(number, "ragged rows repaired", f"got {len(tags)} tags for {length} tokens; fix the row")
    source.tags.learn(tags)
    return tuple(source.checked_tag(number, tag) for tag in (tags + [OUTSIDE] * length)[:length])


def _entity(item: Any, text: str) -> Entity:
    """One entity, checked against the text."""
    if isinstance(item, dict):
        start, end, label = (_first_of(item, names) for names in _EDGE_FIELDS)
    elif isinstance(item, list) and len(item) == 3:
        start, end, label = item
    else:
        raise DataError(f'got the entity {item!r}, expected {{"start", "end", "label"}} or [start, end, label]')
    if isinstance(label, list) and len(label) == 1:  # Label Studio gives a list, for it allows several
        label = label[0]
    if not isinstance(start, int) or not isinstance(end, int) or not isinstance(label, str) or not label:
        raise DataError(f"got the entity {item!r}, expected whole numbers start and end and a label")
    if not 0 <= start < end <= len(text):
        raise DataError(
            f"entity {label} {start}-{end} is not within the text's {len(text)} characters, start before end"
        )
    said = item.get("text") if isinstance(item, dict) else None
    if said is not None and said != text[start:end]:
        raise DataError(
            f"entity {label} {start}-{end} is {text[start:end]!r}, but the row says {said!r}; fix its offsets"
        )
    confidence = item.get("confidence") if isinstance(item, dict) else None
    return Entity(label, start, end, text[start:end], confidence if isinstance(confidence, float) else None)


def _first_of(record: Record, names: Iterable[str]) -> Any:
    """The value of the first of these fields that there is."""
    return next((record[name] for name in names if name in record), None)


def _listed(value: Any, field: str) -> list[Any]:
    if not isinstance(value, list):
        raise DataError(f"got {field} that are a JSON {type(value).__name__}, expected a list")
    return value
