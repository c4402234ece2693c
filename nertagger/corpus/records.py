"""Records of JSON, of Parquet or of CSV as documents: a text or tokens, their annotation, and what stands beside them.

What a record has beside these (id, meta, other fields) is kept as the document's ``meta``. Annotation that is not
understood is an error, never a text without entities.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from nertagger.corpus.annotating import annotate
from nertagger.corpus.fitting import align
from nertagger.corpus.json_values import UNREADABLE, Record
from nertagger.corpus.mentions import Place, locate, looks_like_mentions, read_mentions
from nertagger.corpus.shapes import TEXT_FIELDS, regions_field
from nertagger.corpus.source import Source, is_tag
from nertagger.corpus.tag_forms import detect_form
from nertagger.errors import DataError
from nertagger.text.document import Document, Sentence

_TAG_FIELDS = ("tags", "ner_tags", "labels", "ner")
_ENTITY_FIELDS = ("entities", "spans", "label", "labels", "annotations", "annotation", "ner", "ents")
ANNOTATION_FIELDS = frozenset({*_TAG_FIELDS, *_ENTITY_FIELDS})
"""The fields whose values are read as annotation where they are that."""

_CLASS_FIELDS = ("label", "labels", "annotation")  # of the whole text, where they are no lists of entities
_REFUSED = ("reject", "ignore")  # what an annotator may answer in Prodigy beside accept
_MISSING = (-1, -100)  # what Hugging Face's data sets have where a word has no tag


def read_record(record: Record, number: int, source: Source) -> Iterator[Document]:
    """The document of one record, or none if its annotator refused it or, leniently, if it is not as it should be.

    Args:
        record: a text or tokens with their annotation, as `nertagger.corpus.jsonl.read_jsonl` says.
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
    places: list[Place] | None = None
    if fields.get("tokens") is not None:
        document, places = _of_tokens(fields.pop("tokens"), text, fields, number, source)
    elif text is not None:
        document = _of_text(text, fields, number, source)
    else:
        raise DataError(f"got the fields {', '.join(fields) or '(none)'}, expected tokens or text")
    document = _from_where(document, fields, source)
    items = _take_entities(document, fields, number, source)
    if items is not None:
        mentions = read_mentions(items, number, source)
        entities = locate(mentions, document.text, places, number, source, own_text=text is not None)
        if accepted:  # by a person, whatever a model thought of it
            entities = [entity._replace(confidence=None) for entity in entities]
        if entities or not items:  # where all were left out it is not known what the text has
            document = annotate(document, entities, number, source)
    predicted = any(entity.confidence is not None for entity in document.entities)
    return replace(document, meta=fields, predicted=predicted or fields.get("predicted") is True)


def _of_text(text: str, fields: Record, number: int, source: Source) -> Document:
    """A text; where tags stand beside it, one for each of its words between white space, these are its words."""
    place = f"{source.name}:{number}"
    words = tuple(text.split())
    name = next((name for name in _TAG_FIELDS if _spelt_tags(fields.get(name), words)), None)
    tags = _spelt_tags(fields.pop(name), words) if name else []
    if not tags or not source.annotation:
        document = source.segmented(text)
        return replace(document, sentences=tuple(replace(sentence, source=place) for sentence in document.sentences))
    if len(tags) != len(words):
        raise DataError(f"got {len(tags)} {name} for the {len(words)} words of the text; give the row's tokens")
    return Document(text, (Sentence(words, align(words, text) or (), source.checked_tags(number, tags), place),))


def _of_tokens(
    tokens: Any, text: str | None, fields: Record, number: int, source: Source
) -> tuple[Document, list[Place]]:
    """A row of tokens, in its own text if it has one, and the place of each token, those of white space too.

    White space that the row's tokens are objects for, as in spaCy and Prodigy, is no word.
    """
    surfaces = [_surface(token, text) for token in _listed(tokens, "tokens")]
    is_word = [bool(s.strip(" \t\r\n")) or not isinstance(t, dict) for s, t in zip(surfaces, tokens, strict=True)]
    words = tuple(source.checked_word(number, s) for s, is_one in zip(surfaces, is_word, strict=True) if is_one)
    tags = _take_tags(fields, is_word, number, source)
    place = f"{source.name}:{number}"
    document = Document.from_sentence(Sentence.from_words(words, tags=tags, source=place))
    if text is not None:
        starts = align(words, text)
        if starts is None:
            raise DataError("the tokens do not stand in the text one after another; fix them or leave the text out")
        document = Document(text, (Sentence(words, starts, tags, place),))
    places = _places(document.sentences[0], is_word)
    return (document if words else replace(document, sentences=())), places


def _surface(token: Any, text: str | None) -> str:
    """The characters of a token: a string, or an object with its text or its place in the row's text."""
    if isinstance(token, dict):
        start, end = token.get("start"), token.get("end")
        is_placed = "text" not in token and text is not None and type(start) is int and type(end) is int
        token = text[start:end] if is_placed and text is not None else token.get("text")
    if not isinstance(token, str):
        raise DataError("got tokens that are no strings, expected a list of words")
    return token


def _places(sentence: Sentence, is_word: list[bool]) -> list[Place]:
    """The place of each token; one that is no word is nothing, where the word before it ends."""
    words = sentence.tokens
    places: list[Place] = []
    for is_one in is_word:
        end = places[-1][1] if places else 0
        places.append(next(words)[1:] if is_one else (end, end))
    return places


def _take_tags(fields: Record, is_word: list[bool], number: int, source: Source) -> tuple[str, ...] | None:
    """One tag for each word, taken out of the fields; None if there are none, or none is annotated."""
    lists = [name for name in _TAG_FIELDS if _is_flat(fields.get(name))]
    name = min(lists, key=lambda name: not any(isinstance(tag, str) for tag in fields[name]), default=None)
    if name is None:
        return None
    tags = fields.pop(name)
    missing = sum(map(_is_missing, tags))
    if not source.annotation or 0 < missing == len(tags):
        return None
    if missing:
        raise DataError(f"got {name} with {missing} words without a tag beside others with tags; give them one")
    if not all(isinstance(tag, str) for tag in tags):
        problem = "got tags that are no strings, expected tags such as B-PER"
        raise DataError(f"{problem} (numbers must be put back into names)")
    if len(tags) == len(is_word):
        tags = [tag for tag, is_one in zip(tags, is_word, strict=True) if is_one]
    if len(tags) != sum(is_word):
        raise DataError(f"got {len(tags)} tags for {sum(is_word)} tokens; fix the row")
    return source.checked_tags(number, tags)


def _is_missing(tag: Any) -> bool:
    return tag is None or (type(tag) is int and tag in _MISSING)


def _take_entities(document: Document, fields: Record, number: int, source: Source) -> list[Any] | None:
    """The items of the field that holds the entities; None if there is none. All such fields are taken out.

    What is not read is counted: relations, and entities beside tags or in a second field.
    """
    relations = fields.pop("relations", None)
    if relations:
        source.count(number, "rows with relations, which are not read")
    names = [name for name in [*_ENTITY_FIELDS, *fields] if name in fields and _is_annotation(name, fields[name])]
    lists = {name: fields.pop(name) for name in dict.fromkeys(names)}
    for name in _ENTITY_FIELDS:
        if name in fields and fields[name] is None:
            del fields[name]
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
    return _listed(_as_rows(lists[chosen]), chosen)


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
    is_class = name in _CLASS_FIELDS and (not isinstance(value, list | dict) or (bool(value) and _is_flat(value)))
    return value is not None and not is_class


def _is_flat(value: Any) -> bool:
    """Whether the value is a list of values, not of lists or objects."""
    return isinstance(value, list) and not any(isinstance(one, list | dict) for one in value)


def _spelt_tags(value: Any, words: Sequence[str]) -> list[str]:
    """The tags of a list or a string, which are such, or are one for each of several words and look like tags."""
    parts = value.split() if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        return []
    are_tags = all(map(is_tag, parts)) and (len(parts) > 1 or isinstance(value, list))
    return parts if are_tags or (1 < len(parts) == len(words) and detect_form(parts)) else []


def _as_rows(value: Any) -> Any:
    """A list of objects for an object of lists, which is how Hugging Face's data sets hold it."""
    lists = list(value.values()) if isinstance(value, dict) else []
    if not lists or not all(isinstance(one, list) and len(one) == len(lists[0]) for one in lists):
        return value
    return [dict(zip(value, parts, strict=True)) for parts in zip(*lists, strict=True)]


def _from_where(document: Document, fields: Record, source: Source) -> Document:
    """The document with the source and offset that the record gives; a source that is no name stays a field."""
    offset = fields.pop("offset", None)
    if offset is not None and (type(offset) is not int or offset < 0):
        raise DataError(f"got the offset {offset!r}, expected a whole number")
    if fields.get("source", "") is None:
        del fields["source"]
    name = fields.pop("source") if isinstance(fields.get("source"), str) else source.name
    return replace(document, source=name, offset=offset or 0)


def _listed(value: Any, field: str) -> list[Any]:
    if not isinstance(value, list):
        raise DataError(f"got {field} that are a JSON {type(value).__name__}, expected a list")
    return value
