"""Tagged text as one self-contained page, written while the text is read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from nertagger.text.document import Document
from nertagger.text.html import documents_page
from nertagger.text.schemes import TagScheme


def write_html(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write a page with each document as a passage, its entities coloured and named by label."""
    stream.writelines(documents_page(documents))
