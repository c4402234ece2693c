"""The tokens, entities and spans of a Doc of spaCy's as sentences with tags; whatever is not read is counted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from nertagger.corpus.binary.docbin_bytes import DocBinContent, Packed
from nertagger.corpus.projection import JOINED, OVERLAPPING, TRIMMED, UNANNOTATED
from nertagger.corpus.source import Source
from nertagger.text.document import Document, Sentence, Span
from nertagger.text.schemes import write_tags

WHITE_SPACE = "_SP"
_BLANKS = " \t\r\n"
_READ = ("TAG", "DEP", "ENT_IOB", "ENT_TYPE", "HEAD", "SENT_START", "ENT_KB_ID", "ENT_ID")
_MISSING, _INSIDE, _BEGIN = 0, 1, 3  # what spaCy's ENT_IOB says of a token, beside 2, outside


class _Token(NamedTuple):
    text: str
    start: int
    begins_sentence: bool
    is_blank: bool
    iob: int
    label: str


class SpacyDocument(NamedTuple):
    """What is read of a Doc.

    Attributes:
        text: with the white space between tokens.
        tokens: all of them, those of white space too.
        groups: the spans of each group of ``doc.spans``, as ranges of tokens.
        unread: what else it holds, by name, and how often.
    """

    text: str
    tokens: list[_Token]
    groups: dict[str, list[Span]]
    unread: dict[str, int]

    @classmethod
    def unpacked(cls, packed: Packed, content: DocBinContent, vocab: Any) -> SpacyDocument:
        """The document of which these are the numbers.

        Args:
            packed: one of the documents of `content`.
            content: the DocBin, which says what the numbers are.
            vocab: spaCy's Vocab, which has the strings of the DocBin, and some of its own.

        Raises:
            Exception: of any kind, if they are none that spaCy has written.
        """
        from spacy.attrs import IDS
        from spacy.tokens import Doc

        attributes = content.attributes
        kept = [IDS[name] for name in _READ if IDS[name] in attributes]
        words = packed.tokens[:, attributes.index(IDS["ORTH"])]
        doc = Doc(vocab, words=words, spaces=packed.spaces)
        if kept:
            doc.from_array(kept, packed.tokens[:, [attributes.index(one) for one in kept]])
        groups = {
            name: [Span(vocab.strings[label], first, stop) for label, first, stop in group]
            for name, group in packed.spans.items()
        }
        labels = {token.ent_type_ for token in doc} | {span.label for group in groups.values() for span in group}
        if unknown := labels - content.strings - {""}:
            raise ValueError(f"the label {min(unknown)!r} is not among the strings of the file")
        ids = sum(token.ent_iob == _BEGIN and bool(token.ent_kb_id or token.ent_id) for token in doc)
        bare = sum(token.ent_iob == _BEGIN and not token.ent_type_ for token in doc)
        unread = {
            "ids of entities left out": ids,
            "entities without a label left out": bare,
            "documents' categories (doc.cats) left out": packed.categories,
        }
        return cls(doc.text, [_token(token) for token in doc], groups, unread)


def to_document(doc: SpacyDocument, number: int, source: Source) -> Document:
    """The document, the `number`-th of its file."""
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
    fitted = list(_on_words(spans, kept, number, source))
    words = [doc.tokens[index] for index in kept]
    begins = _joined(_begins(doc.tokens), fitted, words, number, source)
    return Document(doc.text, tuple(_sentences(words, known, fitted, begins, number, source)), source=source.name)


def _token(token: Any) -> _Token:
    blank = token.tag_ == WHITE_SPACE or not token.text.strip(_BLANKS)
    return _Token(token.text, token.idx, bool(token.is_sent_start), blank, token.ent_iob, token.ent_type_)


def _entities(tokens: Sequence[_Token]) -> Iterator[Span]:
    """The entities as ``doc.ents`` has them: one begins at B, or at I after none, and goes on through I."""
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
    """The spans of the only group, in order, without those that overlap."""
    [(name, group)] = doc.groups.items()
    apart: list[Span] = []
    for span in sorted(set(group), key=lambda span: (span.first, -span.stop, span.label)):
        if not 0 <= span.first < span.stop <= len(doc.tokens):
            problem = f"span {span.label} of tokens {span.first}-{span.stop} is not within the {len(doc.tokens)} tokens"
            source.leave_out(number, "spans left out that are not within their document", f"{problem}; fix it")
        elif apart and span.first < apart[-1].stop:
            problem = f"spans {_name(apart[-1], doc.tokens)} and {_name(span, doc.tokens)} overlap; keep one of them"
            source.repair(number, OVERLAPPING, problem)
        else:
            apart.append(span)
    if apart:
        source.count(number, f"spans of doc.spans[{name!r}] read as entities, for there are no others", len(apart))
    return apart


def _on_words(spans: Iterable[Span], kept: Sequence[int], number: int, source: Source) -> Iterator[Span]:
    """The spans of tokens as spans of those that are `kept`."""
    for label, first, stop in spans:
        begin, end = bisect_left(kept, first), bisect_left(kept, stop)
        if begin == end:
            source.count(number, "entities of white space alone left out", example=label)
            continue
        if kept[begin] != first or kept[end - 1] != stop - 1:
            source.count(number, TRIMMED)
        yield Span(label, begin, end)


def _begins(tokens: Iterable[_Token]) -> list[int]:
    """Which of the tokens that are no white space begin a sentence, counted without it."""
    begins, count, is_due = [], 0, True
    for token in tokens:
        is_due = is_due or token.begins_sentence
        if not token.is_blank:
            begins += [count] if is_due else []
            count, is_due = count + 1, False
    return begins


def _joined(
    begins: Sequence[int], spans: Iterable[Span], words: Sequence[_Token], number: int, source: Source
) -> list[int]:
    """The beginnings of sentences but for those inside a span."""
    kept = set(begins)
    for span in spans:
        inside = kept.intersection(range(span.first + 1, span.stop))
        if inside:
            source.count(number, JOINED, example=_name(span, words))
            kept -= inside
    return sorted(kept)


def _sentences(
    words: Sequence[_Token], known: Sequence[bool], spans: Sequence[Span], begins: Sequence[int], number: int,
    source: Source,
) -> Iterator[Sentence]:  # fmt: skip
    """The words from one beginning to the next, with tags in IOB2 where each of them is annotated."""
    for first, stop in pairwise([*begins, len(words)]):
        near = bisect_left(spans, first, key=lambda span: span.first)
        far = bisect_left(spans, stop, key=lambda span: span.first)
        inside = [Span(span.label, span.first - first, span.stop - first) for span in spans[near:far]]
        tags = tuple(write_tags(inside, stop - first)) if all(known[first:stop]) else None
        if tags is None and any(known[first:stop]):
            example = f"{len(inside)} entities of the first one"
            source.count(number, "sentences annotated in part, read as not annotated", example=example)
        elif tags is None:
            source.count(number, UNANNOTATED)
        part = words[first:stop]
        place = f"{source.name}:{number}"
        yield Sentence(tuple(word.text for word in part), tuple(word.start for word in part), tags, place)


def _name(span: Span, tokens: Sequence[_Token]) -> str:
    return f"{span.label} {' '.join(token.text for token in tokens[span.first : span.stop])[:40]!r}"
