"""spaCy's DocBin (``.spacy``), the training format of spaCy 3: one Doc per document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from nertagger.corpus.binary.docbin_bytes import unpack
from nertagger.corpus.binary.docbin_tokens import WHITE_SPACE, SpacyDocument, to_document
from nertagger.corpus.projection import annotated_tags
from nertagger.corpus.source import Source
from nertagger.errors import DataError, one_line, requires_extra
from nertagger.files import atomic_write, open_binary
from nertagger.text.document import Document
from nertagger.text.schemes import OUTSIDE, TagScheme

if TYPE_CHECKING:
    from types import ModuleType

_ATTRIBUTES = ("ORTH", "SPACY", "SENT_START", "ENT_TYPE", "ENT_IOB", "TAG")


def read_docbin(path: str, source: Source) -> Iterator[Document]:
    """Yield one document per Doc; messages count Docs from 1. Tokens of white space are not read as tokens.

    A sentence is unannotated if the annotation of any token is missing. Sentences that an entity spans are joined. If a
    Doc has no entities and ``doc.spans`` has a single group, the spans of that group are read as entities.

    Raises:
        MissingExtraError: if spaCy is not installed.
        DataError: if the file is not a DocBin, or a Doc (with its number) cannot be read or has overlapping spans.
    """
    spacy = _spacy()
    with open_binary(path) as stream:
        data = stream.read()
    try:
        content = unpack(data)
    except DataError as error:
        raise error.at(path) from error
    vocab = spacy.vocab.Vocab()
    for string in content.strings:
        vocab.strings.add(string)
    for number, packed in enumerate(content.documents, 1):
        try:
            doc = SpacyDocument.unpacked(packed, content, vocab)
        except Exception as error:  # noqa: BLE001  (damaged numbers raise errors of every kind)
            damage = DataError(f"not a document of spaCy: {one_line(error)}", remedy="save it again")
            source.leave_out(number, "documents left out that could not be read", damage)
        else:
            yield to_document(doc, number, source)
    source.report()


def write_docbin(path: str, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write one Doc per document; white space other than a single space becomes tokens, as in spaCy."""
    spacy = _spacy()
    vocab = spacy.vocab.Vocab()
    docs = spacy.tokens.DocBin(attrs=list(_ATTRIBUTES))
    for document in documents:
        docs.add(_doc(document, vocab, spacy))
    with atomic_write(path) as stream:
        stream.write(docs.to_bytes())


class _Piece(NamedTuple):
    """A token of spaCy: a word, or white space between words, which spaCy tags ``_SP``."""

    text: str
    begins_sentence: bool
    iob: str | None
    tag: str


def _doc(document: Document, vocab: Any, spacy: ModuleType) -> Any:
    pieces: list[_Piece] = []
    spaces: list[bool] = []
    for piece in _pieces(document):
        rest = piece
        if piece.tag == WHITE_SPACE and piece.text[0] == " " and spaces:
            spaces[-1], rest = True, piece._replace(text=piece.text[1:])
        if rest.text:
            pieces.append(rest)
            spaces.append(False)
    if len(pieces) > 1 and pieces[0].tag == WHITE_SPACE:  # spaCy begins the first sentence at the first token
        pieces[1] = pieces[1]._replace(begins_sentence=False)
    words, begins, iob, tags = zip(*pieces, strict=True) if pieces else ((), (), (), ())
    entities = list(iob) if document.is_annotated else None
    return spacy.tokens.Doc(vocab, words=words, spaces=spaces, sent_starts=begins, ents=entities, tags=list(tags))


def _pieces(document: Document) -> Iterator[_Piece]:
    """Yield the words and white space of a document, which together are its text; unannotated words have no tag."""
    end = 0
    for sentence, tags in annotated_tags(document, TagScheme.IOB2):
        for position, (token, tag) in enumerate(zip(sentence.tokens, tags or [None] * len(sentence), strict=True)):
            if end < token.start:
                inside = tag if tag and tag.startswith("I-") else OUTSIDE
                yield _Piece(document.text[end : token.start], False, inside, WHITE_SPACE)
            yield _Piece(token.text, position == 0, tag, "")
            end = token.end
    if end < len(document.text):
        yield _Piece(document.text[end:], False, OUTSIDE, WHITE_SPACE)


def _spacy() -> ModuleType:
    with requires_extra("the format docbin", "spacy"):
        import spacy.tokens
        import spacy.vocab
    module: ModuleType = spacy
    return module
