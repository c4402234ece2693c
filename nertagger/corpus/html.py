"""Tagged text as one self-contained page, written while the text is read: the legend comes last and is shown first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from html import escape
from typing import TextIO

from nertagger.text.document import Document, Entity
from nertagger.text.entities import document_entities
from nertagger.text.schemes import TagScheme

# Hues a golden angle apart stay easy to tell from one another, however many labels there turn out to be.
_GOLDEN_ANGLE, _FIRST_HUE = 137.508, 210.0

_HEAD = """<!DOCTYPE html>
<html lang="und">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Named entities</title>
<style>
:root { color-scheme: light dark; --paper: #fdfdfb; --ink: #1d1f23; --quiet: #6a6f78; --rule: #e3e3de;
  --light: 91%; --line: 72%; --name: 30%; --chroma: 75%; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #16181c; --ink: #e4e6ea; --quiet: #979da8; --rule: #2c3037;
    --light: 23%; --line: 42%; --name: 78%; --chroma: 45%; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.85 Charter, "Iowan Old Style", Georgia, "Noto Serif", serif; }
main { display: flex; flex-direction: column; max-width: 46rem; margin: 0 auto; padding: 0 1.25rem 4rem; }
p { margin: 0; padding: .3rem 0; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; }
h2 { margin: 1.6rem 0 .3rem; padding-top: .8rem; border-top: 1px solid var(--rule); color: var(--quiet);
  font: 600 .8rem/1.4 system-ui, sans-serif; overflow-wrap: anywhere; }
hr { width: 100%; margin: 1.2rem 0; border: 0; border-top: 1px solid var(--rule); }
mark { padding: .1em .3em; border-radius: .35em; color: inherit;
  background: hsl(var(--hue) var(--chroma) var(--light));
  box-shadow: inset 0 0 0 1px hsl(var(--hue) var(--chroma) var(--line));
  -webkit-box-decoration-break: clone; box-decoration-break: clone;
  -webkit-print-color-adjust: exact; print-color-adjust: exact; }
mark b { margin-inline-start: .4em; color: hsl(var(--hue) var(--chroma) var(--name)); white-space: nowrap;
  font: 700 .62em/1 system-ui, sans-serif; letter-spacing: .04em; vertical-align: .12em;
  -webkit-user-select: none; user-select: none; }
footer { order: -1; position: sticky; top: 0; z-index: 1; margin-bottom: 1rem; padding: .7rem 0;
  background: var(--paper); border-bottom: 1px solid var(--rule); color: var(--quiet);
  font: .85rem/2 system-ui, sans-serif; }
footer mark { margin-inline-end: .5em; color: var(--ink); white-space: nowrap; }
@media print { footer { position: static; } p { orphans: 2; widows: 2; } mark { break-inside: avoid; } }
</style>
</head>
<body>
<main>
"""
_TAIL = "</main>\n</body>\n</html>\n"


def write_html(stream: TextIO, documents: Iterable[Document], scheme: TagScheme | None = None) -> None:
    """Write a page with each document as a passage, its entities coloured and named by label."""
    stream.write(_HEAD)
    counts: Counter[str] = Counter()
    hues: dict[str, str] = {}
    source = ""
    for document in documents:
        if document.source and document.source != source:
            source = document.source
            stream.write(f"<h2>{escape(source)}</h2>\n")
        elif document.opens:
            stream.write("<hr>\n")
        entities = document_entities(document)
        for entity in entities:
            hues.setdefault(entity.label, f"{(_FIRST_HUE + _GOLDEN_ANGLE * len(hues)) % 360:.0f}")
        counts.update(entity.label for entity in entities)
        if passage := _passage(document.text, entities, hues):
            stream.write(f'<p dir="auto">{passage}</p>\n')
    stream.write(_legend(counts, hues) + _TAIL)


def _passage(text: str, entities: Iterable[Entity], hues: dict[str, str]) -> str:
    """The text with its entities marked, without the line ends after it."""
    pieces, end = [], 0
    for entity in entities:
        pieces += [escape(text[end : entity.start]), _mark(entity, text[entity.start : entity.end], hues[entity.label])]
        end = entity.end
    pieces.append(escape(text[end:]))
    return "".join(pieces).strip("\r\n")


def _mark(entity: Entity, text: str, hue: str) -> str:
    """An entity's text, isolated so that its label cannot disturb the order of right-to-left text."""
    title = f' title="{entity.confidence:.1%}"' if entity.confidence is not None else ""
    label = escape(entity.label)
    return f'<mark style="--hue:{hue}"{title}><bdi>{escape(text)}</bdi><b dir="ltr">{label}</b></mark>'


def _legend(counts: Counter[str], hues: dict[str, str]) -> str:
    """Each label in its colour with the number of its entities, the most frequent first."""
    marks = [
        f'<mark style="--hue:{hues[label]}">{escape(label)}<b>{count:,}</b></mark>\n'
        for label, count in counts.most_common()
    ]
    return f"<footer>\n{''.join(marks) or 'No entities.'}</footer>\n"
