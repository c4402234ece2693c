"""From characters to sentences: tokens, sentences, documents and entities with exact offsets, and tag schemes."""

from nertagger.text.document import Document, Entity, Sentence, Span, Token
from nertagger.text.passages import read_passages
from nertagger.text.schemes import TagScheme, convert_tags, detect_scheme, read_spans, write_tags
from nertagger.text.tokenization.profiles import Profile
from nertagger.text.tokenization.sentences import sentence_spans
from nertagger.text.tokenization.tokenizer import token_spans, tokenize

__all__ = [
    "Document",
    "Entity",
    "Profile",
    "Sentence",
    "Span",
    "TagScheme",
    "Token",
    "convert_tags",
    "detect_scheme",
    "read_passages",
    "read_spans",
    "sentence_spans",
    "token_spans",
    "tokenize",
    "write_tags",
]
