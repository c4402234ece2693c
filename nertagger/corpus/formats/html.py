"""Tagged text as one self-contained page, written while the text is read: the legend comes last and is shown first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from html import escape
from typing import TextIO

from nertagger.text.document import Document, Entity
from nertagger.text.entities import document_entities
from nertagger.text.schemes import TagScheme

# Hues a golden angle apart stay easy to tell from one another, however many labels there turn out to be.
_GOLDEN_ANGLE, _FIRST_HUE = 137.508, 210.0

# Control characters but tab and line ends, which HTML does not allow, as their pictures; C1 has none of its own.
_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"} | {0x7F: 0x2421}
_PICTURES |= dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
_LINE = re.compile(r"[^\r\n]*[^\r\n\t ]")  # a line without the white space at its end

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
main > h2:first-child { margin-top: 0; padding-top: 0; border: 0; }
hr { width: 100%; margin: 1.2rem 0; border: 0; border-top: 1px solid var(--rule); }
mark { padding: .1em .3em; border-radius: .35em; color: inherit;
  background: hsl(var(--hue) var(--chroma) var(--light));
  box-shadow: inset 0 0 0 1px hsl(var(--hue) var(--chroma) var(--line));
  -webkit-box-decoration-break: clone; box-decoration-break: clone;
  -webkit-print-color-adjust: exact; print-color-adjust: exact; }
mark b { margin-inline-start: .4em; color: hsl(var(--hue) var(--chroma) var(--name)); white-space: nowrap;
  font: 700 .62em/1 system-ui, sans-serif; letter-spacing: .04em; vertical-align: .12em;
  -webkit-user-select: none; user-select: none; }
bdi:dir(rtl) b { margin: 0 .4em 0 0; }
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
    source = rule = ""
    opening = ""  # what stands before a document that opens one: nothing before the first passage below a heading
    for document in documents:
        if document.source and document.source != source:
            source = document.source
            stream.write(f"<h2>{_escaped(source)}</h2>\n")
            rule = opening = ""  # a heading has a rule of its own
        elif document.opens:
            rule = opening
        entities = document_entities(document)
        for entity in entities:
            hues.setdefault(entity.label, f"{(_FIRST_HUE + _GOLDEN_ANGLE * len(hues)) % 360:.0f}")
        counts.update(entity.label for entity in entities)
        if passage := _passage(document.text, entities, hues):
            stream.write(f'{rule}<p dir="auto">{passage}</p>\n')
            rule, opening = "", "<hr>\n"
    stream.write(_legend(counts, hues) + _TAIL)


def _passage(text: str, entities: Iterable[Entity], hues: dict[str, str]) -> str:
    """The text with its entities marked, without the line ends after it."""
    pieces, end = [], 0
    for entity in entities:
        pieces += [_escaped(text[end : entity.start]), _marked(entity, hues[entity.label])]
        end = entity.end
    pieces.append(_escaped(text[end:]))
    return "".join(pieces).strip("\r\n")


def _marked(entity: Entity, hue: str) -> str:
    """An entity's text, a mark a line, the label in the last one: a blank line inside of a mark would be a stub.

    The marks are isolated so that the label cannot disturb the order of right-to-left text; isolated inside of the
    mark, the text could begin a new line and leave an empty mark behind.
    """
    title = f' title="{entity.confidence:.1%}"' if entity.confidence is not None else ""
    lines = list(_LINE.finditer(entity.text))
    pieces, end = [], 0
    for line in lines:
        name = f'<b dir="ltr">{_escaped(entity.label)}</b>' if line is lines[-1] else ""
        mark = f'<bdi><mark style="--hue:{hue}"{title}>{_escaped(line[0])}{name}</mark></bdi>'
        pieces += [_escaped(entity.text[end : line.start()]), mark]
        end = line.end()
    return "".join(pieces) + _escaped(entity.text[end:])


def _legend(counts: Counter[str], hues: dict[str, str]) -> str:
    """Each label in its colour with the number of its entities, the most frequent first."""
    marks = [
        f'<mark style="--hue:{hues[label]}">{_escaped(label)}<b>{count:,}</b></mark>\n'
        for label, count in counts.most_common()
    ]
    return f"<footer>\n{''.join(marks) or 'No entities.'}</footer>\n"


def _escaped(text: str) -> str:
    """The text as HTML, control characters as pictures of them."""
    return escape(text.translate(_PICTURES))
