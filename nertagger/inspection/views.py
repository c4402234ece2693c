"""Activations to look at: the text once for each hidden unit, every symbol coloured by the unit's state.

Blue is -1, the paper's own colour 0, red 1. The page is self-contained; the picture needs matplotlib.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from nertagger.errors import requires_extra
from nertagger.files import atomic_write
from nertagger.inspection.activations import Activations

_COLUMNS = 88  # characters in a row of the picture
_RED, _BLUE = (200, 30, 30), (30, 80, 200)
_NEWLINE = "⏎"

_HEAD = """<!DOCTYPE html>
<html lang="und">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Hidden units</title>
<style>
:root { color-scheme: light dark; }
body { margin: 2rem auto; padding: 0 1rem; max-width: 60rem; background: Canvas; color: CanvasText;
  font: 1rem/1.5 system-ui, sans-serif; }
h2 { margin: 1.5rem 0 .3rem; font-size: .95rem; }
p { margin: 0; font: 1rem/1.75 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
p.words { font-family: Georgia, serif; }
p.words span { padding: .1em .15em; border-radius: .2em; }
</style>
</head>
<body>
<p>Each symbol is coloured by the state of a hidden unit after it was read: blue -1, red 1.</p>
"""


def to_html(activations: Activations, units: Sequence[int] | Mapping[int, str]) -> str:
    """A page with the text once for each unit, its states in the symbols' titles.

    Args:
        activations: of one text.
        units: which units; or what to say of each one.
    """
    words = _are_words(activations)
    parts = [_HEAD]
    for unit, note in _notes(units).items():
        spans = (" " if words else "").join(_spans(activations, unit))
        parts.append(f'<h2>{escape(note)}</h2>\n<p class="{"words" if words else "characters"}">{spans}</p>\n')
    return "".join([*parts, "</body>\n</html>\n"])


def save_picture(path: str | Path, activations: Activations, units: Sequence[int] | Mapping[int, str]) -> None:
    """Write the same as a picture, PNG or what matplotlib makes of the path's ending; arguments as of `to_html`.

    Raises:
        MissingExtraError: if matplotlib is not installed.
    """
    with requires_extra("a picture of activations", "report"):
        from matplotlib.figure import Figure
    lines = list(_lines(activations))
    notes = _notes(units)
    rows = (len(lines) + 1) * len(notes)
    figure = Figure(figsize=(0.11 * _COLUMNS + 0.3, 0.24 * rows + 0.2))
    axes = figure.add_axes((0.01, 0.01, 0.98, 0.98))
    axes.set_xlim(0, _COLUMNS)
    axes.set_ylim(rows, 0)
    axes.axis("off")
    for number, (unit, note) in enumerate(notes.items()):
        top = number * (len(lines) + 1)
        axes.text(0, top + 0.7, note, fontsize=9, fontweight="bold", va="baseline", parse_math=False)
        for row, line in enumerate(lines, start=top + 1):
            _draw_line(axes, row, line, activations, unit)
    figure_format = Path(path).suffix.lstrip(".").lower() or "png"
    with atomic_write(path) as stream:
        figure.savefig(stream, format=figure_format, dpi=120)


def _draw_line(axes: Any, row: int, line: Sequence[tuple[int, int]], activations: Activations, unit: int) -> None:
    """One row of symbols, each a coloured box with its text."""
    for place, column in line:
        symbol = activations.symbols[place].replace("\n", _NEWLINE)
        red, green, blue, strength = _colour(float(activations.states[place, unit]))
        face = (red / 255, green / 255, blue / 255, strength)
        axes.add_patch(_rectangle((column, row), len(symbol), face))
        middle = column + len(symbol) / 2
        axes.text(middle, row + 0.7, symbol, fontsize=8, family="monospace", ha="center", parse_math=False)


def _rectangle(corner: tuple[int, int], width: int, face: tuple[float, ...]) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle(corner, width, 0.95, facecolor=face, linewidth=0)


def _lines(activations: Activations) -> Iterator[list[tuple[int, int]]]:
    """The symbols as rows of the picture: the place of each in the text, and its first column."""
    gap = int(_are_words(activations))
    line: list[tuple[int, int]] = []
    column = 0
    for place, symbol in enumerate(activations.symbols):
        if line and column + len(symbol) > _COLUMNS:
            yield line
            line, column = [], 0
        line.append((place, column))
        column += len(symbol) + gap
    yield line


def _spans(activations: Activations, unit: int) -> Iterator[str]:
    for symbol, state in zip(activations.symbols, activations.states[:, unit].tolist(), strict=True):
        red, green, blue, strength = _colour(state)
        shown = escape(symbol).replace("\n", f"{_NEWLINE}\n")
        yield f'<span title="{state:.2f}" style="background:rgb({red} {green} {blue}/{strength:.2f})">{shown}</span>'


def _colour(state: float) -> tuple[int, int, int, float]:
    """Red, green, blue and how much of them covers the paper, from 0 to 0.75."""
    return (*(_RED if state > 0 else _BLUE), 0.75 * min(abs(state), 1.0))


def _notes(units: Sequence[int] | Mapping[int, str]) -> dict[int, str]:
    return dict(units) if isinstance(units, Mapping) else {unit: f"unit {unit}" for unit in units}


def _are_words(activations: Activations) -> bool:
    return any(len(symbol) > 1 for symbol in activations.symbols)
