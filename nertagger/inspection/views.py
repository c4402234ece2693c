"""Activations as a page or a picture: the text once for each hidden unit, coloured by the state of the unit.

Blue is -1, red is 1, and 0 is the colour of the page. A picture needs matplotlib.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nertagger.errors import DataError, requires_extra
from nertagger.files import atomic_write, atomic_write_text
from nertagger.inspection.activations import Activations
from nertagger.render.templating import render

Units = Sequence[int] | Mapping[int, str]
"""The numbers of hidden units, or the title of each one."""

_COLUMNS = 88  # characters in a row of the picture
_RED, _BLUE = (200, 30, 30), (30, 80, 200)
_NEWLINE = "⏎"


def check_view(path: str | Path) -> None:
    """Raise DataError unless the suffix is one of a page or picture."""
    _writer(path)


def save_view(path: str | Path, activations: Activations, units: Units) -> None:
    """Write a page (``.html``) or a picture (``.png``, ``.svg``), by the suffix of the name.

    Raises:
        DataError: if the suffix is another one.
        MissingExtraError: if matplotlib is not installed, which pictures need.
    """
    _writer(path)(path, activations, units)


def to_html(activations: Activations, units: Units, *, page: bool = True) -> str:
    """Return HTML with the text once for each unit; the title of each symbol is its state.

    Args:
        activations: the states over one text.
        units: which units, or the title of each one.
        page: whether to return a complete page, rather than an element for a notebook.
    """
    has_words = _has_words(activations)
    return render(
        "activations.html" if page else "units.html",
        title="Hidden units",
        level="words" if has_words else "characters",
        gap=" " if has_words else "",
        units=[(title, _coloured(activations, unit)) for unit, title in _titles(units).items()],
    )


def save_picture(path: str | Path, activations: Activations, units: Units) -> None:
    """Write the same as a picture, in the format of the path's suffix; arguments as of `to_html`.

    Raises:
        MissingExtraError: if matplotlib is not installed.
    """
    with requires_extra("a picture of activations", "report"):
        from matplotlib.figure import Figure
    lines = list(_lines(activations))
    titles = _titles(units)
    rows = (len(lines) + 1) * len(titles)
    figure = Figure(figsize=(0.11 * _COLUMNS + 0.3, 0.24 * rows + 0.2))
    axes = figure.add_axes((0.01, 0.01, 0.98, 0.98))
    axes.set_xlim(0, _COLUMNS)
    axes.set_ylim(rows, 0)
    axes.axis("off")
    for number, (unit, title) in enumerate(titles.items()):
        top = number * (len(lines) + 1)
        axes.text(0, top + 0.7, title, fontsize=9, fontweight="bold", va="baseline", parse_math=False)
        for row, line in enumerate(lines, start=top + 1):
            _draw_line(axes, row, line, activations, unit)
    with atomic_write(path) as stream:
        figure.savefig(stream, format=Path(path).suffix.lstrip(".").lower() or "png", dpi=120)


def _writer(path: str | Path) -> Callable[[str | Path, Activations, Units], None]:
    """Return the function that writes a file with this suffix."""
    suffix = Path(path).suffix.lower()
    if suffix in (".html", ".htm"):
        return _save_page
    if suffix in (".png", ".svg"):
        return save_picture
    raise DataError("cannot be written", path=path, expected="a name that ends in .html, .png or .svg")


def _save_page(path: str | Path, activations: Activations, units: Units) -> None:
    with atomic_write_text(path) as stream:
        stream.write(to_html(activations, units))


def _draw_line(axes: Any, row: int, line: Sequence[tuple[int, int]], activations: Activations, unit: int) -> None:
    """Draw one row of symbols, each a coloured box with its text."""
    from matplotlib.patches import Rectangle

    for index, column in line:
        symbol = activations.symbols[index].replace("\n", _NEWLINE)
        red, green, blue, strength = _colour(float(activations.states[index, unit]))
        face = (red / 255, green / 255, blue / 255, strength)
        axes.add_patch(Rectangle((column, row), len(symbol), 0.95, facecolor=face, linewidth=0))
        middle = column + len(symbol) / 2
        axes.text(middle, row + 0.7, symbol, fontsize=8, family="monospace", ha="center", parse_math=False)


def _lines(activations: Activations) -> Iterator[list[tuple[int, int]]]:
    """Yield the symbols in rows of the picture: the index of each in the text, and its first column."""
    gap = int(_has_words(activations))
    line: list[tuple[int, int]] = []
    column = 0
    for index, symbol in enumerate(activations.symbols):
        if line and column + len(symbol) > _COLUMNS:
            yield line
            line, column = [], 0
        line.append((index, column))
        column += len(symbol) + gap
    yield line


def _coloured(activations: Activations, unit: int) -> Iterator[tuple[str, str, str, str]]:
    """Yield the text of each symbol, the state of the unit, the colour, and how much it covers the page."""
    for symbol, state in zip(activations.symbols, activations.states[:, unit].tolist(), strict=True):
        red, green, blue, strength = _colour(state)
        yield symbol.replace("\n", f"{_NEWLINE}\n"), f"{state:.2f}", f"{red} {green} {blue}", f"{strength:.2f}"


def _colour(state: float) -> tuple[int, int, int, float]:
    """Red, green, blue, and how much of them covers the page, from 0 to 0.75."""
    return (*(_RED if state > 0 else _BLUE), 0.75 * min(abs(state), 1.0))


def _titles(units: Units) -> dict[int, str]:
    return dict(units) if isinstance(units, Mapping) else {unit: f"unit {unit}" for unit in units}


def _has_words(activations: Activations) -> bool:
    return any(len(symbol) > 1 for symbol in activations.symbols)
