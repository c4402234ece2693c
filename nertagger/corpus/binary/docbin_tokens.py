"""Conversion of spaCy's Docs to documents: tokens, entities and spans; everything else is counted as left out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from nertagger.corpus.binary.docbin_bytes import DocBinContent, Packed
from nertagger.corpus.projection import JOINED_SENTENCES, OVERLAPPING_ENTITIES, TRIMMED_ENTITIES, UNANNOTATED_SENTENCES
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.printable import counted
from nertagger.text.document import Document, Sentence, Span
from nertagger.text.schemes import write_tags

WHITE_SPACE = "_SP"
_BLANKS = " \t\r\n"
_READ = ("TAG", "DEP", "ENT_IOB", "ENT_TYPE", "HEAD", "SENT_START", "ENT_KB_ID", "ENT_ID")
_MISSING, _INSIDE, _BEGIN = 0, 1, 3  # values of spaCy's ENT_IOB; 2 is outside


class _Token(NamedTuple):
    text: str
    start: int
    begins_sentence: bool
    is_blank: bool
    iob: int
    label: str


class SpacyDocument(NamedTuple):
    """The parts of a Doc that are read.

    Attributes:
        text: with the white space between tokens.
        tokens: all tokens, including white space.
        groups: the spans of each group of ``doc.spans``, as ranges of tokens.
        unread: number of other items that it has, by kind.
    """

    text: str
    tokens: list[_Token]
    groups: dict[str, list[Span]]
    unread: dict[str, int]

    @classmethod
    def unpacked(cls, packed: Packed, content: DocBinContent, vocab: Any) -> SpacyDocument:
        """Return the document of packed attributes.

        Args:
            packed: one of the documents of `content`.
            content: the DocBin, which names the attributes.
            vocab: spaCy's Vocab, which has the strings of the DocBin and some of its own.

        Raises:
            Exception: of any kind, if spaCy did not write the attributes.
        """
        from spacy.attrs import IDS
        from spacy.tokens import Doc

        attributes = content.attributes
        kept = [IDS[name] for name in _READ if IDS[name] in attributes]
        words: Any = packed.tokens[:, attributes.index(IDS["ORTH"])]  # numbers of strings, which Doc takes as well
        spaces: Any = packed.spaces
        doc = Doc(vocab, words=words, spaces=spaces)
        if kept:
            values: Any = packed.tokens[:, [attributes.index(one) for one in kept]]
            doc.from_array(kept, values)
        groups = {
            name: [Span(vocab.strings[label], first, stop) for label, first, stop in group]
            for name, group in packed.spans.items()
        }
        labels = {token.ent_type_ for token in doc} | {span.label for group in groups.values() for span in group}
        if unknown := labels - content.strings - {""}:
            raise ValueError(f"the label {min(unknown)!r} is not among the strings of the file")
        ids = sum(token.ent_iob == _BEGIN and bool(token.ent_kb_id or token.ent_id) for token in doc)
        unlabelled = sum(token.ent_iob == _BEGIN and not token.ent_type_ for token in doc)
        unread = {
            "ids of entities left out": ids,
            "entities without a label left out": unlabelled,
            "document categories (doc.cats) left out": packed.categories,
        }
        return cls(doc.text, [_token(token) for token in doc], groups, unread)


def to_document(doc: SpacyDocument, number: int, source: Source) -> Document:
    """Convert a spaCy document, whose number in the file is given for messages."""
    for kind, count in doc.unread.items():
        if count:
            source.count(number, kind, count)
    kept = [index for index, token in enumerate(doc.tokens) if not token.is_blank]
    known = [doc.tokens[index].iob != _MISSING for index in kept]
    spans = list(_entities(doc.tokens))
    if len(doc.groups) == 1 and not any(known):
        known, spans = [True] * len(kept), _spans_as_entities(doc, number, source)
    else:
        for name, group in doc.groups.items():
            if group:
                source.count(number, f"spans of doc.spans[{name!r}] left out", len(group))
    entities = list(_without_white_space(spans, kept, number, source))
    words = [doc.tokens[index] for index in kept]
    firsts = _joined(_sentence_starts(doc.tokens), entities, words, number, source)
    return Document(doc.text, tuple(_sentences(words, known, entities, firsts, number, source)), source=source.name)


def _token(token: Any) -> _Token:
    blank = token.tag_ == WHITE_SPACE or not token.text.strip(_BLANKS)
    return _Token(token.text, token.idx, bool(token.is_sent_start), blank, token.ent_iob, token.ent_type_)


def _entities(tokens: Sequence[_Token]) -> Iterator[Span]:
    """Yield the entities of ``doc.ents``: one begins at B, or at I outside an entity, and continues through I."""
    label, first = "", 0
    for index, token in enumerate(tokens):
        if label and token.iob == _INSIDE:
            continue
        if label:
            yield Span(label, first, index)
        label, first = token.label if token.iob in (_INSIDE, _BEGIN) else "", index
    if label:
        yield Span(label, first, len(tokens))


def _spans_as_entities(doc: SpacyDocument, number: int, source: Source) -> list[Span]:
    """Return the spans of the only group, sorted, without those that overlap."""
    [(name, group)] = doc.groups.items()
    kept: list[Span] = []
    for span in sorted(set(group), key=lambda span: (span.first, -span.stop, span.label)):
        if not 0 <= span.first < span.stop <= len(doc.tokens):
            size = counted(len(doc.tokens), "token")
            problem = f"span {span.label} of tokens {span.first}-{span.stop} is not within the {size}"
            kind = "spans outside the document left out"
            source.leave_out(number, kind, DataError(problem, remedy="fix it"))
        elif kept and span.first < kept[-1].stop:
            problem = f"spans {_describe(kept[-1], doc.tokens)} and {_describe(span, doc.tokens)} overlap"
            source.repair(number, OVERLAPPING_ENTITIES, DataError(problem, remedy="keep one of them"))
        else:
            kept.append(span)
    if kept:
        source.count(number, f"spans of doc.spans[{name!r}] read as entities, as there are no others", len(kept))
    return kept


def _without_white_space(spans: Iterable[Span], kept: Sequence[int], number: int, source: Source) -> Iterator[Span]:
    """Convert spans of all tokens to spans of the tokens with the indices `kept`, which are not white space."""
    for label, first, stop in spans:
        new_first, new_stop = bisect_left(kept, first), bisect_left(kept, stop)
        if new_first == new_stop:
            source.count(number, "entities of white space alone left out", example=label)
            continue
        if kept[new_first] != first or kept[new_stop - 1] != stop - 1:
            source.count(number, TRIMMED_ENTITIES)
        yield Span(label, new_first, new_stop)


def _sentence_starts(tokens: Iterable[_Token]) -> list[int]:
    """Return the index of the first token of each sentence, not counting white space."""
    firsts, count, is_due = [], 0, True
    for token in tokens:
        is_due = is_due or token.begins_sentence
        if not token.is_blank:
            firsts += [count] if is_due else []
            count, is_due = count + 1, False
    return firsts


def _joined(
    firsts: Sequence[int], spans: Iterable[Span], words: Sequence[_Token], number: int, source: Source
) -> list[int]:
    """Remove the sentence starts inside spans."""
    kept = set(firsts)
    for span in spans:
        inside = kept.intersection(range(span.first + 1, span.stop))
        if inside:
            source.count(number, JOINED_SENTENCES, example=_describe(span, words))
            kept -= inside
    return sorted(kept)


def _sentences(
    words: Sequence[_Token], known: Sequence[bool], spans: Sequence[Span], firsts: Sequence[int], number: int,
    source: Source,
) -> Iterator[Sentence]:  # fmt: skip
    """Yield the sentences, with tags in IOB2 if every token is annotated."""
    for first, stop in pairwise([*firsts, len(words)]):
        low = bisect_left(spans, first, key=lambda span: span.first)
        high = bisect_left(spans, stop, key=lambda span: span.first)
        inside = [Span(span.label, span.first - first, span.stop - first) for span in spans[low:high]]
        tags = tuple(write_tags(inside, stop - first)) if all(known[first:stop]) else None
        if tags is None and source.annotation and any(known[first:stop]):
            example = f"{counted(len(inside), 'entity', 'entities')} in the first one"
            source.count(number, "partly annotated sentences read as not annotated", example=example)
        elif tags is None and source.annotation:
            source.count(number, UNANNOTATED_SENTENCES)
        part = words[first:stop]
        place = f"{source.name}:{number}"
        yield Sentence(tuple(word.text for word in part), tuple(word.start for word in part), tags, place)


def _describe(span: Span, tokens: Sequence[_Token]) -> str:
    return f"{span.label} {' '.join(token.text for token in tokens[span.first : span.stop])[:40]!r}"
