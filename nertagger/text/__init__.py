"""Characters to sentences: values with exact offsets, and tag schemes."""

from nertagger.text.document import Document, Entity, Sentence, Span, Token
from nertagger.text.schemes import TagScheme, convert_tags, detect_scheme, read_spans, write_tags

__all__ = [
    "Document",
    "Entity",
    "Sentence",
    "Span",
    "TagScheme",
    "Token",
    "convert_tags",
    "detect_scheme",
    "read_spans",
    "write_tags",
]
