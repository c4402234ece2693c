"""``nertagger activations``: what the hidden units of a model say of a text."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import Annotated

from nertagger.cli.common.inputs import expect_model
from nertagger.cli.common.parser import Argument, Option, UsageError
from nertagger.cli.common.terminal import show
from nertagger.errors import NerTaggerError
from nertagger.files import atomic_write_text
from nertagger.inspection.activations import Activations, language_activations, tagger_activations
from nertagger.inspection.units import inside_brackets, inside_names, inside_quotes, liveliest_units, rank_units
from nertagger.inspection.views import save_picture, to_html
from nertagger.runtime import Tagger
from nertagger.runtime.language_model.model import LanguageModel

_LONGEST = 5000  # symbols: what a page and a reader can take


class Mark(Enum):
    """What a unit may follow."""

    QUOTES = "quotes"
    BRACKETS = "brackets"
    NAMES = "names"


def activations(
    model: Annotated[Path, Argument(help="a language model NAME.lm, or a tagger NAME.ner")],
    text: Annotated[str, Argument(help="the text itself; a tagger takes its first sentence")],
    follow: Annotated[Mark | None, Option(help="show the units that best tell what is inside these")] = None,
    unit: Annotated[list[int] | None, Option(metavar="N", help="show this unit; may come again")] = None,
    count: Annotated[int, Option(min=1, help="how many units to show, where none is named")] = 4,
    layer: Annotated[int | None, Option(metavar="N", help="recurrent layer, from 0; without it the last")] = None,
    direction: Annotated[str, Option(help="of a language model: forward or backward")] = "",
    output: Annotated[list[str] | None, Option("--output", "-o", help="a page or picture: .html, .png, .svg")] = None,
) -> None:
    """Show what hidden units of a model say of each character or word of a text.

    Prints a line a unit: those that are named, or that follow something best, or that vary the most. An area near 1 is
    of a unit that rises inside, near 0 of one that falls, 0.5 of one that knows nothing of it.
    """
    for path in output or []:
        _writer(path)
    expect_model(model, text)
    if Path(text).suffix and os.path.isfile(text):
        raise UsageError(f'{text}: is a file, expected the text itself: "$(cat {text})"')
    found, tags = _read(model, text, layer, direction)
    if follow is Mark.NAMES and not tags:
        raise UsageError("--follow names needs a tagger NAME.ner, whose own tags say what a name is")
    notes = _chosen(found, tags, follow, unit, count)
    for note in notes.values():
        show(note)
    for path in output or []:
        _writer(path)(path, found, notes)


def _read(model: Path, text: str, layer: int | None, direction: str) -> tuple[Activations, Sequence[str]]:
    """The activations and, of a tagger, the tags."""
    if len(text) > _LONGEST:
        raise UsageError(f"got a text of {len(text):,} characters, expected at most {_LONGEST:,}")
    if model.suffix == ".lm":
        return language_activations(LanguageModel.load(model), text, direction=direction, layer=layer), ()
    if direction:
        raise UsageError("--direction is of language models; a tagger's units of both are shown, forward first")
    tagger = Tagger.load(model)
    sentences = tagger(text).sentences
    if not sentences:
        raise NerTaggerError("got a text without a word, expected a sentence")
    return tagger_activations(tagger, sentences[0].words, layer=layer), sentences[0].tags or ()


def _chosen(
    found: Activations, tags: Sequence[str], follow: Mark | None, units: Sequence[int] | None, count: int
) -> dict[int, str]:
    """The units to show and what to say of each."""
    width = found.states.shape[1]
    if wrong := [unit for unit in units or [] if not 0 <= unit < width]:
        raise UsageError(f"there is no unit {wrong[0]}; the layer has units 0 to {width - 1}")
    if follow is None:
        return {number: f"unit {number}" for number in units or liveliest_units(found.states, count)}
    marks: dict[Mark, Callable[[], list[bool]]] = {
        Mark.QUOTES: lambda: inside_quotes(found.symbols),
        Mark.BRACKETS: lambda: inside_brackets(found.symbols),
        Mark.NAMES: lambda: inside_names(tags),
    }
    ranked = rank_units(found.states, marks[follow]())
    shown = [unit for unit in ranked if not units or unit.number in units][: len(units) if units else count]
    return {unit.number: f"unit {unit.number}: area {unit.area:.3f} for inside {follow.value}" for unit in shown}


def _writer(path: str) -> Callable[[str, Activations, dict[int, str]], None]:
    """What writes a file of this name."""
    ending = Path(path).suffix.lower()
    if ending in (".html", ".htm"):
        return _write_page
    if ending in (".png", ".svg"):
        return save_picture
    raise UsageError(f"{path}: cannot be written, expected a name that ends in .html, .png or .svg")


def _write_page(path: str, found: Activations, notes: dict[int, str]) -> None:
    with atomic_write_text(path) as stream:
        stream.write(to_html(found, notes))
