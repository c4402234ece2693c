"""Conversion of records (of JSON, Parquet or CSV) to documents: a text or tokens, their annotation, and other fields.

The other fields of a record (id, meta, ...) are kept as the document's ``meta``. Annotation in an unknown form is an
error, so that an annotated text is never read as one without entities.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from nertagger.corpus.alignment import locate_words
from nertagger.corpus.projection import is_predicted, project_entities
from nertagger.corpus.records.dialects import TEXT_FIELDS, regions_field, text_name
from nertagger.corpus.records.json_values import UNREADABLE_ROWS, Record, described
from nertagger.corpus.records.located import with_offsets
from nertagger.corpus.records.mentions import looks_like_mentions, read_mentions
from nertagger.corpus.records.offsets import locate_mentions
from nertagger.corpus.records.token_rows import TAG_FIELDS, TokenRow, checked_list, is_flat, read_tokens
from nertagger.corpus.source import Source, is_tag
from nertagger.corpus.tag_forms import detect_form
from nertagger.errors import DataError
from nertagger.printable import counted
from nertagger.text.document import Document, Sentence
from nertagger.text.schemes import OUTSIDE

_ENTITY_FIELDS = ("entities", "spans", "label", "labels", "annotations", "annotation", "ner", "ents", "entity_mentions")
_MORE_ENTITY_FIELDS = (*_ENTITY_FIELDS, "mentions", "named_entities", "ner_spans", "entity")  # in lower case
ANNOTATION_FIELDS = frozenset({*TAG_FIELDS, *_ENTITY_FIELDS})
"""The fields that may contain annotation."""

_CLASS_FIELDS = ("label", "labels", "annotation")  # classes of the whole text, unless they are lists of entities
_MAX_NAMES = 12  # of fields in a message
_REJECTED = ("reject", "ignore")  # answers of an annotator in Prodigy; the other one is accept


def read_record(record: Record, number: int, source: Source) -> Iterator[Document]:
    """Yield the document of a record; nothing if its annotator rejected it, or if a lenient source leaves it out.

    Args:
        record: a text or tokens with their annotation, as described in `nertagger.corpus.formats.jsonl.read_jsonl`.
        number: the number of its line or row, for messages.
        source: counts what is not read.
    """
    if record.get("answer") in _REJECTED:
        source.count(number, "rows with the answer reject or ignore left out")
        return
    try:
        document = _document(record, number, source)
    except DataError as error:
        if error.path is not None:  # raised by the source, which does not repair it
            raise
        source.leave_out(number, UNREADABLE_ROWS, error)
    else:
        yield document


def with_tags(document: Document, number: int, source: Source) -> Document:
    """Return a document whose sentences have tags: its own, or those of its entities.

    Args:
        document: one that a program has made; its text is split into tokens if it has no sentences.
        number: which of the documents of the source it is, for messages.
        source: counts the changes that `project_entities` makes.

    Raises:
        DataError: if an entity is not in the text, two overlap, or a text has neither sentences nor entities.
    """
    sentences = document.sentences
    if document.entities and (not sentences or any(sentence.tags is None for sentence in sentences)):
        mentions = read_mentions([entity.to_dict() for entity in document.entities], number, source)
        entities = locate_mentions(mentions, document.text, None, number, source, own_text=True)
        cut = replace(document, sentences=sentences or source.segmented(document.text).sentences)
        return project_entities(cut, entities, number, source)
    if not sentences and document.text.strip():
        source.fail(number, DataError(got="a text without sentences and entities", expected="an annotated document"))
    return document


def _document(record: Record, number: int, source: Source) -> Document:
    """Convert a record to a document; fields that are not read become its ``meta``."""
    fields = dict(record)
    accepted = fields.pop("answer", None) == "accept"
    name = text_name(fields)
    text: str | None = fields.pop(name) if name else None
    row: TokenRow | None = None
    if fields.get("tokens") is not None:
        row = read_tokens(fields.pop("tokens"), text, fields, number, source)
        document = row.document
    elif text is not None:
        document = _of_text(text, fields, number, source)
    else:
        remedy = "call the field of the text text (or name it in order to tag it: nertagger tag --column)"
        raise DataError(got=_without_text(fields), expected="tokens or text", remedy=remedy)
    items = _take_entities(document, fields, number, source)
    if items is not None:
        mentions = read_mentions(items, number, source)
        tokens = row and row.token_ranges()
        entities = locate_mentions(mentions, document.text, tokens, number, source, own_text=text is not None)
        if accepted:  # by a person, so that a model's confidence no longer matters
            entities = [entity._replace(confidence=None, rule=None) for entity in entities]
        if entities or not items:  # if all were left out, the entities of the text are unknown
            document = project_entities(document, entities, number, source)
    elif row and row.label_field and source.annotation and not document.is_annotated:
        problem = f"the tokens have the field {row.label_field!r}, which looks like labels and is not read"
        kind = f"rows whose tokens have the field {row.label_field!r}, which looks like labels and is not read"
        remedy = "write tags such as B-PER, or entities"
        source.leave_out(number, kind, DataError(problem, remedy=remedy))
    return _with_other_fields(document, record, fields, source)


def _without_text(fields: Record) -> str:
    """Return what a record has instead of a text, for messages."""
    empty = next((name for name in (*TEXT_FIELDS, "tokens") if name in fields), None)
    more = f" and {counted(len(fields) - _MAX_NAMES, 'other')}" if len(fields) > _MAX_NAMES else ""
    names = f"the fields {', '.join(islice(fields, _MAX_NAMES)) or '(none)'}{more}"
    return names if empty is None else f"{described(fields[empty])} in the field {empty!r}"


def _with_other_fields(document: Document, record: Record, fields: Record, source: Source) -> Document:
    """Return the document with its origin, whether it was predicted, and the remaining fields as ``meta``."""
    predicted = is_predicted(document)
    if isinstance(record.get("entities"), list) and fields.get("predicted") is True:  # written by `write_jsonl`
        predicted = fields.pop("predicted")
    offset, name = _take_origin(fields, source)
    return replace(document, offset=offset, source=name, meta=fields, predicted=predicted)


def _of_text(text: str, fields: Record, number: int, source: Source) -> Document:
    """Return the document of a text; its tokens are the words between white space if the record has tags for them."""
    place = f"{source.name}:{number}"
    words = tuple(text.split())
    name = next((name for name in TAG_FIELDS if _tags_of_words(fields.get(name), words)), None)
    tags = _tags_of_words(fields.pop(name), words) if name else []
    if not tags or not source.annotation:
        document = source.segmented(text)
        return replace(document, sentences=tuple(replace(sentence, source=place) for sentence in document.sentences))
    if len(tags) != len(words):
        raise DataError(
            got=f"{counted(len(tags), 'tag')} in {name} for the {counted(len(words), 'word')} of the text",
            remedy="give the row's tokens",
        )
    return Document(text, (Sentence(words, locate_words(words, text) or (), source.checked_tags(number, tags), place),))


def _take_entities(document: Document, fields: Record, number: int, source: Source) -> list[Any] | None:
    """Remove all fields with entities, and return the items of the one that is read; None if there is none.

    Annotation that is not read is counted: relations, the output of `nertagger tag --n-best --posteriors`, and entities
    next to tags or in a second field.
    """
    relations = fields.pop("relations", None)
    if relations:
        source.count(number, "rows with relations, which are not read")
    if _are_sentence_details(fields.get("sentences")):
        source.count(number, "rows with n-best labellings or posteriors, which are not read")
        del fields["sentences"]
    lists = _take_lists(fields, source)
    if not source.annotation:
        return None
    is_tagged = any(sentence.tags is not None for sentence in document.sentences)
    chosen = None if is_tagged else min(lists, key=lambda name: not lists[name], default=None)
    for name in (name for name, items in lists.items() if items and name != chosen):
        source.count(number, f"rows with {name} in addition to {chosen or 'tags'}, which are not read")
    if chosen is None:
        if not is_tagged:
            _refuse_unread(fields, document.text, number, source)
        return None
    return checked_list(_as_objects(with_offsets(lists[chosen], document.text, number, source)), chosen)


def _take_lists(fields: Record, source: Source) -> dict[str, Any]:
    """Remove and return the fields with entities, in order of precedence; fields that are null are removed too.

    If the source ignores annotation, only lists of entities are removed; the other fields remain.
    """
    names = [name for name in [*_ENTITY_FIELDS, *fields] if name in fields and _is_annotation(name, fields[name])]
    if not source.annotation:
        names = [name for name in names if isinstance(fields[name], list | dict) and not _is_plain(fields[name])]
    lists = {name: fields.pop(name) for name in dict.fromkeys(names)}
    for name in _ENTITY_FIELDS:
        if name in fields and fields[name] is None:
            del fields[name]
    return lists


def _is_plain(value: Any) -> bool:
    """Return whether the value is a non-empty list of plain values."""
    return is_flat(value) and bool(value)


def _refuse_unread(fields: Record, text: str, number: int, source: Source) -> None:
    """Raise DataError if a row without annotation has a field that looks like annotation; count it if lenient."""
    for name, value in fields.items():
        if _looks_like_tags(value):
            source.count(number, f"rows whose column {name!r} looks like tags and is not read")
        elif looks_like_mentions(value):
            problem = f"the field {name!r} looks like entities and is not read"
            kind = f"rows with a field {name!r} that looks like entities and is not read"
            source.leave_out(number, kind, DataError(problem, remedy="call it entities"))
    if _is_one_entity(fields, text):
        problem = "the row has start, end and label of one entity, which are not read"
        remedy = "write a row for each text, with a list of its entities"
        kind = "rows with start, end and label of one entity, which are not read"
        source.leave_out(number, kind, DataError(problem, remedy=remedy))


def _looks_like_tags(value: Any) -> bool:
    """Return whether the value is several tags, some of them of entities, in a list or a string."""
    parts = re.split(r"[\s,]+", value.strip()) if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) and is_tag(part) for part in parts):
        return False
    return any(part != OUTSIDE for part in parts) and (len(parts) > 1 or isinstance(value, list))


def _is_one_entity(fields: Record, text: str) -> bool:
    """Return whether the fields of a record are start, end and label of an entity in the text, as in tables."""
    start, end = (str(fields.get(name)) for name in ("start", "end"))
    is_labelled = any(isinstance(fields.get(name), str) for name in ("label", "type", "entity"))
    if not (is_labelled and start.isdecimal() and end.isdecimal()):
        return False
    return int(start) < int(end) <= len(text) and int(end) - int(start) < len(text)


def _is_annotation(name: str, value: Any) -> bool:
    """Return whether a field contains entities, as its name says, or its form in the case of Label Studio."""
    if name not in _ENTITY_FIELDS:
        if name.lower() in _MORE_ENTITY_FIELDS and (value == [] or looks_like_mentions(value)):
            return True
        return regions_field({name: value}) is not None
    is_class = name in _CLASS_FIELDS and (not isinstance(value, list | dict) or _is_plain(value))
    return value is not None and not is_class


def _tags_of_words(value: Any, words: Sequence[str]) -> list[str]:
    """Return the tags in a list or a string; none unless they are valid, or look like tags and match the words."""
    parts = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        return []
    are_tags = all(map(is_tag, parts)) and (len(parts) > 1 or isinstance(value, list))
    return parts if are_tags or (1 < len(parts) == len(words) and detect_form(parts)) else []


def _are_sentence_details(value: Any) -> bool:
    """Return whether the value was written by `nertagger.runtime.sentence_details`."""
    is_list = isinstance(value, list) and all(isinstance(one, dict) for one in value)
    return is_list and any({"start", "end"} <= one.keys() and {"readings", "tokens"} & one.keys() for one in value)


def _as_objects(value: Any) -> Any:
    """Convert an object of lists, the form of Hugging Face datasets, to a list of objects; an empty one to none."""
    if value == {}:
        return []
    lists = list(value.values()) if isinstance(value, dict) else []
    if not lists or not all(isinstance(one, list) and len(one) == len(lists[0]) for one in lists):
        return value
    return [dict(zip(value, parts, strict=True)) for parts in zip(*lists, strict=True)]


def _take_origin(fields: Record, source: Source) -> tuple[int, str]:
    """Remove and return the record's offset and source; a source that is not a string remains a field."""
    offset = fields.pop("offset", None)
    if offset is not None and (type(offset) is not int or offset < 0):
        raise DataError(got=f"the offset {offset!r}", expected="a whole number")
    if fields.get("source", "") is None:
        del fields["source"]
    return offset or 0, fields.pop("source") if isinstance(fields.get("source"), str) else source.name
