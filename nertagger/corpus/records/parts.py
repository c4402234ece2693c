"""Conversion of documents in parts, sentences of tokens or passages, to records that `records.documents` reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any

from nertagger.corpus.records.conventions import utf16_code_units
from nertagger.corpus.records.json_values import Record, described
from nertagger.errors import DataError
from nertagger.printable import counted

_SOFA, _NAMED_ENTITY = "uima.cas.Sofa", ".NamedEntity"
_TAG_LISTS = ("ner", "tags", "ner_tags", "labels")


def parts_of_document(value: Record) -> list[Record] | None:
    """Return a record for each part of a document; None if the value has another form.

    Forms are ``sentences`` with ``ner`` by token of the document (SciERC, DyGIE++, PURE) or with tags, ``sents`` with
    ``vertexSet`` (DocRED), BioC's ``passages``, and the JSON of UIMA CAS that INCEpTION exports.

    Raises:
        DataError: if the parts or their annotation are malformed.
    """
    sentences = value.get("sentences")
    if _are_lists(sentences) and any(_are_lists(value.get(name)) for name in _TAG_LISTS):
        return list(_of_sentences(value))
    if _are_lists(value.get("sents")) and _are_lists(value.get("vertexSet")):
        return list(_of_docred(value))
    if isinstance(value.get("%FEATURE_STRUCTURES"), list):
        return [_of_cas(value["%FEATURE_STRUCTURES"])]
    return [_of_passage(*one) for one in _bioc_passages(value)] or None


def _are_lists(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, list) for one in value)


def _of_sentences(value: Record) -> Iterator[Record]:
    """Yield the sentences with what other fields have for each; offsets count the tokens of the document, inclusive."""
    sentences = value["sentences"]
    name = next(name for name in _TAG_LISTS if _are_lists(value.get(name)))
    by_sentence = {name: part for name, part in value.items() if isinstance(part, list) and len(part) == len(sentences)}
    around = {name: part for name, part in value.items() if name not in by_sentence}
    if name in around:
        got = f"{counted(len(value[name]), 'list')} in {name} for {counted(len(sentences), 'sentence')}"
        raise DataError(got=got, expected="one for each")
    begins = accumulate(map(len, sentences), initial=0)
    for number, (tokens, begin) in enumerate(zip(sentences, begins, strict=False)):
        own = {name: part[number] for name, part in by_sentence.items() if name != "sentences"}
        items = own.pop(name)
        if all(isinstance(one, list) for one in items):
            own["entities"] = [_by_token(one, begin) for one in items]
        else:
            own["tags"] = items
        yield {"tokens": tokens, **own, **around}


def _by_token(item: list[Any], begin: int) -> Any:
    """Return ``[first token, last token, label]`` as an entity of a sentence that begins at a token."""
    if len(item) < 3 or [type(part) for part in item[:2]] != [int, int]:
        return item
    return {"token_start": item[0] - begin, "token_end": item[1] - begin, "label": item[2]}


def _of_docred(value: Record) -> Iterator[Record]:
    """Yield the sentences, with the mentions of all vertices; a mention of several is one entity."""
    mentions = [one for vertex in value["vertexSet"] for one in vertex]
    if not all(isinstance(one, dict) and _is_position(one.get("pos")) for one in mentions):
        raise DataError("a mention in vertexSet has no position", expected='{"sent_id", "pos": [start, end], "type"}')
    outside = next((one for one in mentions if one.get("sent_id") not in range(len(value["sents"]))), None)
    if outside is not None:
        raise DataError(f"a mention in vertexSet is in the sentence {outside.get('sent_id')}, which does not exist")
    around = {name: part for name, part in value.items() if name not in ("sents", "vertexSet", "labels")}
    relations = {"relations": value["labels"]} if value.get("labels") else {}
    for number, tokens in enumerate(value["sents"]):
        own = {(*one["pos"], one.get("type")) for one in mentions if one["sent_id"] == number}
        entities = [{"token_start": start, "token_end": end - 1, "label": label} for start, end, label in own]
        yield {"tokens": tokens, "entities": sorted(entities, key=_token_start), **around, **relations}
        relations = {}


def _is_position(value: Any) -> bool:
    return isinstance(value, list) and [type(part) for part in value] == [int, int]


def _token_start(entity: Record) -> int:
    return int(entity["token_start"])


def _bioc_passages(value: Record) -> Iterator[tuple[Record, Record]]:
    """Yield the passages of BioC's collections and documents, or their sentences, with the fields of the document."""
    lists = [part for part in value.values() if isinstance(part, list)]
    documents = [value] if "passages" in value else [one for part in lists for one in part]
    for document in documents:
        if not isinstance(document, dict) or "passages" not in document:
            continue
        around = {name: document[name] for name in ("id",) if name in document}
        relations = document.get("relations") or []
        for passage in _objects(document["passages"], "passages"):
            own = around | ({"infons": passage["infons"]} if passage.get("infons") else {})
            for part in _objects(passage.get("sentences"), "sentences") or [passage]:
                found = relations or passage.get("relations") or part.get("relations")
                yield part, own | ({"relations": found} if found else {})
                relations = []


def _objects(value: Any, name: str) -> list[Record]:
    """Return the list of objects in a field; empty if it is null or missing."""
    if not isinstance(value or [], list) or not all(isinstance(one, dict) for one in value or ()):
        raise DataError(got=f"{name} that are not objects in a list", expected="those of BioC or of a CAS")
    return list(value or ())


def _of_passage(passage: Record, around: Record) -> Record:
    text, begin = passage.get("text"), passage.get("offset", 0)
    if not isinstance(text, str) or type(begin) is not int:
        raise DataError(got=f"a passage with {described(text)} as its text", expected="text and offset")
    annotations = _objects(passage.get("annotations"), "annotations")
    entities = {"entities": [_of_annotation(one, begin) for one in annotations]} if "annotations" in passage else {}
    return {"text": text, **entities, **around}


def _of_annotation(annotation: Record, begin: int) -> Record:
    """Return an annotation as an entity, from the first of its locations to the last; other fields are counted."""
    infons = dict(part) if isinstance(part := annotation.get("infons"), dict) else {}
    locations = _objects(annotation.get("locations"), "locations")
    ranges = [(one.get("offset"), one.get("length")) for one in locations]
    edges = [(offset, offset + length) for offset, length in ranges if type(offset) is int and type(length) is int]
    if not edges or len(edges) < len(ranges):
        raise DataError(got=f"the annotation {str(annotation)[:60]}", expected="locations with offset and length")
    start, end = min(start for start, _ in edges), max(end for _, end in edges)
    entity = {"start": start - begin, "end": end - begin, "label": infons.pop("type", None)}
    several = {"locations": locations} if len(edges) > 1 else {"text": annotation.get("text")}
    return entity | several | ({"infons": infons} if infons else {})


def _of_cas(structures: list[Any]) -> Record:
    """Return the text of a CAS with the annotations of its layer NamedEntity.

    Raises:
        DataError: if it has none of them, but others of a custom layer.
    """
    objects = _objects(structures, "structures")
    texts = [one["sofaString"] for one in objects if one.get("%TYPE") == _SOFA and one.get("sofaString")]
    if len(texts) != 1:
        raise DataError(got=f"{counted(len(texts), 'text')} in a CAS", expected="one")
    spans = [one for one in objects if type(one.get("begin")) is int and type(one.get("end")) is int]
    named = [one for one in spans if str(one.get("%TYPE")).endswith(_NAMED_ENTITY)]
    if not named and (custom := _custom(spans)):
        problem = f"the CAS has no named entities, only {', '.join(custom)}"
        raise DataError(problem, remedy="export it as WebAnno TSV 3, whose layers --tag-column names")
    entities = list(_of_structures(named, texts[0]))
    return {"text": texts[0]} | ({"entities": entities} if entities else {})


def _of_structures(named: Iterable[Record], text: str) -> Iterator[Record]:
    """Yield the named entities of a CAS, whose offsets count the code units of UTF-16 as Java does."""
    units = utf16_code_units(text)
    for one in named:
        found = units.characters(one["begin"], one["end"])
        start, end = found or (one["begin"], one["end"])
        quoted = {"text": text[start:end]} if found else {}  # no other convention is tried
        yield {"start": start, "end": end, "label": one.get("value"), **quoted}


def _custom(spans: Iterable[Record]) -> list[str]:
    """Return the names of custom layers among annotations."""
    names = dict.fromkeys(str(one.get("%TYPE")) for one in spans)
    return [name for name in names if name.startswith(("custom.", "webanno.custom."))]
