"""Read and write annotated text: one module per file format, and a registry of formats.

>>> from pathlib import Path
>>> from tempfile import mkdtemp
>>> path = Path(mkdtemp()) / "two.conll"
>>> write(path, [Sentence.from_words(("Ann", "ran"), tags=("B-PER", "O"))])
>>> [(sentence.words, sentence.tags) for sentence in read(path)]
[(('Ann', 'ran'), ('B-PER', 'O'))]
"""

from nertagger.corpus.interface import Format, Holds
from nertagger.corpus.io import (
    annotated_sentences,
    open_source,
    read,
    read_documents,
    read_rows,
    save_documents,
    write,
    write_documents,
)
from nertagger.corpus.registry import FORMATS, register
from nertagger.text.document import Document, Sentence
from nertagger.text.in_memory import BLANK_TOKEN

__all__ = [
    "BLANK_TOKEN",
    "FORMATS",
    "Document",
    "Format",
    "Holds",
    "Sentence",
    "annotated_sentences",
    "open_source",
    "read",
    "read_documents",
    "read_rows",
    "register",
    "save_documents",
    "write",
    "write_documents",
]
