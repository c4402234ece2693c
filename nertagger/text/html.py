"""Documents and entities as HTML, for notebooks and pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nertagger.render.entities import Mark, Passage, fragment, page
from nertagger.text.document import Document, Entity
from nertagger.text.entities import document_entities


def documents_page(documents: Iterable[Document]) -> Iterator[str]:
    """Yield a page with each document as a passage, in pieces, while the documents are read."""
    return page(map(_passage, documents))


def document_fragment(document: Document) -> str:
    """Return the document's text with its entities marked, as an HTML element with its own style."""
    return fragment(_passage(document))


def entity_fragment(entity: Entity) -> str:
    """Return an entity as marked text in an HTML element with its own style."""
    return fragment(Passage(entity.text, [_mark(entity, 0)]))


def _passage(document: Document) -> Passage:
    marks = (_mark(entity, entity.start) for entity in document_entities(document))
    return Passage(document.text, marks, document.source, document.opens)


def _mark(entity: Entity, start: int) -> Mark:
    return Mark(entity.label, start, start + len(entity.text), entity.confidence, rule=entity.rule)
