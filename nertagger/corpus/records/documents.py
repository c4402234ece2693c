"""Records of JSON, of Parquet or of CSV as documents: a text or tokens, their annotation, and what stands beside them.

What a record has beside these (id, meta, other fields) is kept as the document's ``meta``. Annotation that is not
understood is an error, never a text without entities.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from nertagger.corpus.alignment import align
from nertagger.corpus.projection import annotate, is_predicted
from nertagger.corpus.records.dialects import TEXT_FIELDS, regions_field
from nertagger.corpus.records.json_values import UNREADABLE, Record
from nertagger.corpus.records.mentions import locate, looks_like_mentions, read_mentions
from nertagger.corpus.records.token_rows import TAG_FIELDS, TokenRow, is_flat, listed, read_tokens
from nertagger.corpus.source import Source, is_tag
from nertagger.corpus.tag_forms import detect_form
from nertagger.errors import DataError
from nertagger.text.document import Document, Sentence

_ENTITY_FIELDS = ("entities", "spans", "label", "labels", "annotations", "annotation", "ner", "ents")
ANNOTATION_FIELDS = frozenset({*TAG_FIELDS, *_ENTITY_FIELDS})
"""The fields whose values are read as annotation where they are that."""

_CLASS_FIELDS = ("label", "labels", "annotation")  # of the whole text, where they are no lists of entities
_REFUSED = ("reject", "ignore")  # what an annotator may answer in Prodigy beside accept


def read_record(record: Record, number: int, source: Source) -> Iterator[Document]:
    """The document of one record, or none if its annotator refused it or, leniently, if it is not as it should be.

    Args:
        record: a text or tokens with their annotation, as `nertagger.corpus.formats.jsonl.read_jsonl` says.
        number: of its line or row, for messages.
        source: counts what is not read.
    """
    if record.get("answer") in _REFUSED:
        source.count(number, "rows left out that were answered with reject or ignore")
        return
    try:
        document = _document(record, number, source)
    except DataError as error:
        if str(error).startswith(f"{source.name}:{number}: "):
            raise
        source.leave_out(number, UNREADABLE, str(error))
    else:
        yield document


def _document(record: Record, number: int, source: Source) -> Document:
    """The record as a document: what is read is taken out of `fields`, what is left is its meta."""
    fields = dict(record)
    accepted = fields.pop("answer", None) == "accept"
    name = next((name for name in TEXT_FIELDS if isinstance(fields.get(name), str)), None)
    text: str | None = fields.pop(name) if name else None
    row: TokenRow | None = None
    if fields.get("tokens") is not None:
        row = read_tokens(fields.pop("tokens"), text, fields, number, source)
        document = row.document
    elif text is not None:
        document = _of_text(text, fields, number, source)
    else:
        raise DataError(f"got the fields {', '.join(fields) or '(none)'}, expected tokens or text")
    items = _take_entities(document, fields, number, source)
    if items is not None:
        mentions = read_mentions(items, number, source)
        places = row and row.places()
        entities = locate(mentions, document.text, places, number, source, own_text=text is not None)
        if accepted:  # by a person, whatever a model thought of it
            entities = [entity._replace(confidence=None) for entity in entities]
        if entities or not items:  # where all were left out it is not known what the text has
            document = annotate(document, entities, number, source)
    predicted = is_predicted(document)
    if isinstance(record.get("entities"), list) and fields.get("predicted") is True:  # as `write_jsonl` says it
        predicted = fields.pop("predicted")
    offset, name = _take_origin(fields, source)
    return replace(document, offset=offset, source=name, meta=fields, predicted=predicted)


def _of_text(text: str, fields: Record, number: int, source: Source) -> Document:
    """A text; where tags stand beside it, one for each of its words between white space, these are its words."""
    place = f"{source.name}:{number}"
    words = tuple(text.split())
    name = next((name for name in TAG_FIELDS if _spelt_tags(fields.get(name), words)), None)
    tags = _spelt_tags(fields.pop(name), words) if name else []
    if not tags or not source.annotation:
        document = source.segmented(text)
        return replace(document, sentences=tuple(replace(sentence, source=place) for sentence in document.sentences))
    if len(tags) != len(words):
        raise DataError(f"got {len(tags)} {name} for the {len(words)} words of the text; give the row's tokens")
    return Document(text, (Sentence(words, align(words, text) or (), source.checked_tags(number, tags), place),))


def _take_entities(document: Document, fields: Record, number: int, source: Source) -> list[Any] | None:
    """The items of the field that holds the entities; None if there is none. All such fields are taken out.

    What is not read is counted: relations, what `nertagger tag --n-best --posteriors` has written, and entities beside
    tags or in a second field.
    """
    relations = fields.pop("relations", None)
    if relations:
        source.count(number, "rows with relations, which are not read")
    if _are_details(fields.get("sentences")):
        source.count(number, "rows with readings or posteriors, which are not read")
        del fields["sentences"]
    lists = _take_lists(fields, source)
    if not source.annotation:
        return None
    is_tagged = any(sentence.tags is not None for sentence in document.sentences)
    chosen = None if is_tagged else min(lists, key=lambda name: not lists[name], default=None)
    for name in (name for name, items in lists.items() if items and name != chosen):
        source.count(number, f"rows with {name} beside their {chosen or 'tags'}, which are not read")
    if chosen is None:
        if not is_tagged:
            _refuse_unread(fields, number, source)
        return None
    return listed(_as_rows(lists[chosen]), chosen)


def _take_lists(fields: Record, source: Source) -> dict[str, Any]:
    """The fields that hold entities, in the order in which they count; null is taken out too.

    Where annotation is not wanted, these are lists of entities alone, which are found anew; others stay fields.
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
    """Whether the value is a list of values, at least of one."""
    return is_flat(value) and bool(value)


def _refuse_unread(fields: Record, number: int, source: Source) -> None:
    """Raise, unless the reading is lenient, if a row without annotation has a field that looks like it."""
    for name, value in fields.items():
        if looks_like_mentions(value):
            problem = f"the field {name!r} looks like entities and is not read; call it entities"
            source.leave_out(number, f"rows with a field {name!r} that looks like entities and is not read", problem)


def _is_annotation(name: str, value: Any) -> bool:
    """Whether a field holds entities: by its name, or in Label Studio's form, whose projects choose the name."""
    if name not in _ENTITY_FIELDS:
        return regions_field({name: value}) is not None
    is_class = name in _CLASS_FIELDS and (not isinstance(value, list | dict) or _is_plain(value))
    return value is not None and not is_class


def _spelt_tags(value: Any, words: Sequence[str]) -> list[str]:
    """The tags of a list or a string, which are such, or are one for each of several words and look like tags."""
    parts = value.split() if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        return []
    are_tags = all(map(is_tag, parts)) and (len(parts) > 1 or isinstance(value, list))
    return parts if are_tags or (1 < len(parts) == len(words) and detect_form(parts)) else []


def _are_details(value: Any) -> bool:
    """Whether the value is what `nertagger.runtime.sentence_details` writes of sentences."""
    is_list = isinstance(value, list) and all(isinstance(one, dict) for one in value)
    return is_list and any({"start", "end"} <= one.keys() and {"readings", "tokens"} & one.keys() for one in value)


def _as_rows(value: Any) -> Any:
    """A list of objects for an object of lists, which is how Hugging Face's data sets hold it."""
    lists = list(value.values()) if isinstance(value, dict) else []
    if not lists or not all(isinstance(one, list) and len(one) == len(lists[0]) for one in lists):
        return value
    return [dict(zip(value, parts, strict=True)) for parts in zip(*lists, strict=True)]


def _take_origin(fields: Record, source: Source) -> tuple[int, str]:
    """The offset and source that the record gives; a source that is no name stays a field."""
    offset = fields.pop("offset", None)
    if offset is not None and (type(offset) is not int or offset < 0):
        raise DataError(f"got the offset {offset!r}, expected a whole number")
    if fields.get("source", "") is None:
        del fields["source"]
    return offset or 0, fields.pop("source") if isinstance(fields.get("source"), str) else source.name
