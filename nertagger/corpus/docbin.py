"""spaCy's DocBin (``.spacy``), the training format of spaCy 3: one Doc a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from nertagger.corpus.annotating import is_annotated
from nertagger.corpus.source import Source
from nertagger.errors import DataError, requires_extra
from nertagger.files import atomic_write, open_binary
from nertagger.text.document import Document, Sentence
from nertagger.text.entities import sentence_tags
from nertagger.text.schemes import OUTSIDE, TagScheme

if TYPE_CHECKING:
    from types import ModuleType

_ATTRIBUTES = ("ORTH", "SPACY", "SENT_START", "ENT_TYPE", "ENT_IOB", "TAG")
_WHITE_SPACE = "_SP"
_BLANKS = " \t\r\n"


def read_docbin(path: str, source: Source) -> Iterator[Document]:
    """One document a Doc, counted from 1 in messages; tokens of white space are text, not tokens.

    Raises:
        MissingExtraError: if spaCy is not installed.
        DataError: if the file is no DocBin.
    """
    spacy = _spacy()
    try:
        with open_binary(path) as stream:
            docs = spacy.tokens.DocBin().from_bytes(stream.read())
    except (ValueError, KeyError, TypeError, AttributeError, EOFError) as error:
        raise DataError(f"{path}: not a DocBin of spaCy: {error}") from error
    for number, doc in enumerate(docs.get_docs(spacy.vocab.Vocab()), 1):
        sentences = tuple(_sentences(doc, f"{source.name}:{number}"))
        yield Document(doc.text, sentences, source=source.name)


def write_docbin(path: str, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write one Doc a document; white space other than one space after a token becomes tokens, as spaCy has it."""
    spacy = _spacy()
    vocab = spacy.vocab.Vocab()
    docs = spacy.tokens.DocBin(attrs=list(_ATTRIBUTES))
    for document in documents:
        docs.add(_doc(document, vocab, spacy))
    with atomic_write(path) as stream:
        stream.write(docs.to_bytes())


class _Piece(NamedTuple):
    """A token of spaCy's: a word, or white space between words, which spaCy's taggers call ``_SP``."""

    text: str
    begins_sentence: bool
    iob: str
    tag: str


def _doc(document: Document, vocab: Any, spacy: ModuleType) -> Any:
    pieces: list[_Piece] = []
    spaces: list[bool] = []
    for piece in _pieces(document):
        rest = piece
        if piece.tag == _WHITE_SPACE and piece.text[0] == " " and spaces:
            spaces[-1], rest = True, piece._replace(text=piece.text[1:])
        if rest.text:
            pieces.append(rest)
            spaces.append(False)
    if len(pieces) > 1 and pieces[0].tag == _WHITE_SPACE:  # spaCy begins a sentence at the first token, whatever it is
        pieces[1] = pieces[1]._replace(begins_sentence=False)
    words, begins, iob, tags = zip(*pieces, strict=True) if pieces else ((), (), (), ())
    entities = list(iob) if is_annotated(document) else None
    return spacy.tokens.Doc(vocab, words=words, spaces=spaces, sent_starts=begins, ents=entities, tags=list(tags))


def _pieces(document: Document) -> Iterator[_Piece]:
    """The words and the white space of a document, which together are its text."""
    end = 0
    for sentence, tags in sentence_tags(document, TagScheme.IOB2):
        for position, (token, tag) in enumerate(zip(sentence.tokens, tags, strict=True)):
            if end < token.start:
                inside = tag if tag.startswith("I-") else OUTSIDE
                yield _Piece(document.text[end : token.start], False, inside, _WHITE_SPACE)
            yield _Piece(token.text, position == 0, tag, "")
            end = token.end
    if end < len(document.text):
        yield _Piece(document.text[end:], False, OUTSIDE, _WHITE_SPACE)


def _sentences(doc: Any, place: str) -> Iterator[Sentence]:
    """The sentences of a Doc, one where nothing says where they begin; tags in IOB2, None without annotation."""
    annotated = doc.has_annotation("ENT_IOB")
    part: list[Any] = []
    for token in [*doc, None]:
        if part and (token is None or token.is_sent_start):
            words, starts = tuple(t.text for t in part), tuple(t.idx for t in part)
            yield Sentence(words, starts, tuple(map(_tag, part)) if annotated else None, place)
            part = []
        if token is not None and token.tag_ != _WHITE_SPACE and token.text.strip(_BLANKS):
            part.append(token)


def _tag(token: Any) -> str:
    return f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else OUTSIDE


def _spacy() -> ModuleType:
    with requires_extra("the format docbin", "spacy"):
        import spacy.tokens
        import spacy.vocab
    module: ModuleType = spacy
    return module
