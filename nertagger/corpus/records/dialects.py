"""Conversion of the records of annotation tools and corpora to the form that `records.documents` reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any

from nertagger.corpus.alignment import locate_words
from nertagger.corpus.records.json_values import Record, described, without
from nertagger.corpus.records.parts import parts_of_document
from nertagger.corpus.records.services import service_records
from nertagger.corpus.tables.plain_names import plain_name
from nertagger.errors import DataError

TEXT_FIELDS = ("text", "content", "sentence", "body", "data")
_MORE_TEXT_FIELDS = frozenset(
    "text rawtext fulltext document documenttext raw context paragraph passage abstract tweet utterance input".split()
)  # as `plain_name` gives them
_MISSING = "-"


def text_name(record: Record) -> str | None:
    """Return the field with the text of a record: one with a usual name, or the only one with a rare name."""
    usual = next((name for name in TEXT_FIELDS if isinstance(record.get(name), str)), None)
    if usual or "tokens" in record:
        return usual
    names = [name for name, value in record.items() if isinstance(value, str)]
    others = [name for name in names if plain_name(name) in _MORE_TEXT_FIELDS]
    return others[0] if len(others) == 1 else None


def plain_records(value: Any) -> Iterator[Record]:
    """Yield the records in a JSON value, each with ``text`` or ``tokens`` and its annotation.

    Supported are ``["text", {"entities": ...}]`` and ``paragraphs`` (spaCy 2), ``content`` with ``annotation``
    (dataturks), ``tokenized_text`` with ``ner`` (GLiNER), ``words`` with tags, labels with their texts (CLUENER), and
    an object around one list of records, in which null is a text without a decision (NER Annotator), an object of
    records by their names, and what `services` and `parts` read.

    Raises:
        DataError: if the value is neither an object nor such a list.
    """
    if _is_row(value):
        yield {**value[1], "text": value[0]}
    elif not isinstance(value, dict):
        raise DataError(got=described(value), expected="an object", remedy='write {"text": ...} or {"tokens": [...]}')
    elif (name := regions_field(value)) and ("text" not in value or "hypertextlabels" in value[name][0]):
        yield _of_json_min(value, name)
    elif _is_record(value):
        yield _plain(value)
    elif isinstance(value.get("paragraphs"), list):
        for paragraph in value["paragraphs"]:
            yield from _of_paragraph(paragraph, without(value, "paragraphs"))
    elif (records := service_records(value)) is not None or (records := parts_of_document(value)) is not None:
        yield from records
    else:
        nested = _nested_records(value)
        if nested is None:
            yield value
        for part in nested or ():
            if part is not None:
                yield from plain_records(part)


def regions_field(record: Record) -> str | None:
    """Return the field with Label Studio's regions in a row of JSON-MIN; each project chooses its name."""
    return next((name for name, value in record.items() if _is_regions(value)), None)


def text_field(fields: Record, items: Sequence[Any]) -> str:
    """Return the field with the text of these regions: ``text``, the only string, or the string that they quote.

    Raises:
        DataError: if there is no such field.
    """
    names = [name for name, part in fields.items() if isinstance(part, str)]
    if "text" in names:
        return "text"
    quoting = [name for name in names if items and all(_quotes(item, fields[name]) for item in items)]
    pages = [name for name in names if name == "html"]
    for found in (names, quoting, pages):
        if len(found) == 1:
            return found[0]
    what = f"several texts ({', '.join(names)})" if names else f"no text, only {', '.join(fields) or 'nothing'}"
    raise DataError(f"the task's data has {what}", remedy="call the one to read text")


def _quotes(item: Any, text: str) -> bool:
    if not isinstance(item, dict) or type(item.get("start")) is not int or type(item.get("end")) is not int:
        return False
    return text[item["start"] : item["end"]] == item.get("text")


def _is_regions(value: Any) -> bool:
    """Return whether the value is a list of regions in the form of JSON-MIN."""
    if not isinstance(value, list) or not value or not isinstance(value[0], dict):
        return False
    names = {"hypertextlabels"}, {"start", "end", "labels"}
    return all(isinstance(one, dict) and any(part <= one.keys() for part in names) for one in value)


def _of_json_min(record: Record, name: str) -> Record:
    """Convert a row of JSON-MIN whose text has another name than ``text``, or is HTML."""
    items = record[name]
    text = text_field(without(record, name), items)
    if any("hypertextlabels" in item for item in items):
        from nertagger.corpus.records.hypertext import read_page  # not at the top: few files need it

        page, placed = read_page(record[text], items)
        return {"text": page, "entities": placed, **without(record, name, "text"), "html": record[text]}
    return {"text": record[text], "entities": items, **without(record, name, text)}


def _is_row(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], dict)


def _is_record(value: Record) -> bool:
    return text_name(value) is not None or bool({"tokens", "tokenized_text", "words"} & value.keys())


def _nested_records(value: Record) -> list[Any] | None:
    """Return the only list of records inside an object, or inside the only object in it, or that record; else None."""
    lists = [
        part
        for part in value.values()
        if isinstance(part, list)
        and any(part)
        and all(one is None or _is_row(one) or (isinstance(one, dict) and _is_record(one)) for one in part)
    ]
    if len(lists) == 1:
        return lists[0]
    inner = list(value.values())
    if len(inner) > 1 and all(isinstance(one, dict) and _is_record(one) for one in inner):  # by their names
        return [{"id": name, **one} for name, one in value.items()]
    if len(inner) == 1 and isinstance(inner[0], dict) and _is_record(inner[0]):
        return inner
    return _nested_records(inner[0]) if len(inner) == 1 and isinstance(inner[0], dict) else None


def _plain(record: Record) -> Record:
    """Convert a record of dataturks, GLiNER, CLUENER or with ``words``; return any other record unchanged."""
    if isinstance(record.get("words"), list) and not _has_text(record):
        record = {"tokens": record["words"], **without(record, "words")}
    if (entities := _cluener_entities(record.get("label"))) is not None:
        return {**record, "label": entities}
    if isinstance(record.get("annotation"), list) and isinstance(record.get("content"), str):
        entities = [one for item in record["annotation"] for one in _dataturks_entities(item, record["content"])]
        return {"text": record["content"], "entities": entities, **without(record, "content", "annotation")}
    if isinstance(record.get("tokenized_text"), list) and "tokens" not in record:
        entities = _gliner_entities(record.get("ner"))
        return {"tokens": record["tokenized_text"], "entities": entities, **without(record, "tokenized_text", "ner")}
    return record


def _dataturks_entities(item: Any, text: str) -> Iterator[Any]:
    """Yield the entities of an annotation of dataturks, whose ends are inclusive unless their text contradicts it."""
    points = item.get("points") if isinstance(item, dict) else None
    if not isinstance(points, list):
        yield item
        return
    for point in points:
        entity = {**point, "label": item.get("label")} if isinstance(point, dict) else point
        if isinstance(point, dict) and type(point.get("start")) is int and type(point.get("end")) is int:
            is_half_open = text[point["start"] : point["end"]] == point.get("text")
            entity["end"] = point["end"] + (not is_half_open)
        yield entity


def _gliner_entities(entities: Any) -> Any:
    """Convert GLiNER's ``[first token, last token, label]`` to objects."""
    if not isinstance(entities, list):
        return entities
    names = ("token_start", "token_end", "label")
    return [
        dict(zip(names, one, strict=True)) if isinstance(one, list) and len(one) == len(names) else one
        for one in entities
    ]


def _has_text(record: Record) -> bool:
    return "tokens" in record or text_name(record) is not None


def _cluener_entities(value: Any) -> list[Any] | None:
    """Convert CLUENER's ``{label: {text: [[first, last], ...]}}``; return None for any other value."""
    if not isinstance(value, dict) or not value or not all(isinstance(texts, dict) for texts in value.values()):
        return None
    entities = []
    for label, texts in value.items():
        for text, ranges in texts.items():
            if not isinstance(ranges, list) or not all(map(_is_range, ranges)):
                return None
            entities += [{"start": first, "end": last + 1, "label": label, "text": text} for first, last in ranges]
    return entities


def _is_range(value: Any) -> bool:
    return isinstance(value, list) and [type(part) for part in value] == [int, int]


def _of_paragraph(paragraph: Any, around: Record) -> Iterator[Record]:
    """Yield the sentences of a paragraph of spaCy 2: tokens with ``orth`` and, in BILUO, ``ner`` (``-`` if missing)."""
    sentences = paragraph.get("sentences") if isinstance(paragraph, dict) else None
    listed = sentences if isinstance(sentences, list) else []
    parts = [one.get("tokens") if isinstance(one, dict) else None for one in listed]
    tokens = [part for part in parts if isinstance(part, list) and all(isinstance(token, dict) for token in part)]
    if not parts or len(tokens) < len(parts):
        got = "a paragraph without sentences of tokens"
        raise DataError(got=got, expected="spaCy's JSON", remedy="export it again")
    words = [[token.get("orth") for token in part] for part in tokens]
    for part, orths, text in zip(tokens, words, _sentence_texts(words, paragraph.get("raw")), strict=True):
        tags = [None if (tag := token.get("ner")) == _MISSING else tag for token in part]
        yield {**around, **({} if text is None else {"text": text}), "tokens": orths, "tags": tags}


def _sentence_texts(sentences: list[list[Any]], text: Any) -> list[str | None]:
    """Return the part of the text up to the next sentence for each sentence; None if they are not in the text."""
    words = [word for sentence in sentences for word in sentence]
    are_words = all(isinstance(word, str) and word for word in words)
    starts = locate_words(words, text) if isinstance(text, str) and are_words else None
    if starts is None or not isinstance(text, str):
        return [None] * len(sentences)
    firsts = accumulate(map(len, sentences[:-1]), initial=0)
    begins = [starts[first] if first < len(starts) else len(text) for first in firsts]
    return [text[begin:end] for begin, end in pairwise([0, *begins[1:], len(text)])]
