"""``nertagger activations``: the states of hidden units of a model over a text."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from nertagger.cli.common.inputs import expect_model
from nertagger.cli.common.parser import Argument, Option, UsageError
from nertagger.cli.common.terminal import show
from nertagger.files import check_output
from nertagger.inspection.activations import Activations, language_activations, text_activations
from nertagger.inspection.units import Region, choose_units
from nertagger.inspection.views import check_view, save_view
from nertagger.runtime import Tagger
from nertagger.runtime.language_model.model import LanguageModel

_LONGEST = 5000  # characters that a page and a reader can take


def activations(
    model: Annotated[str, Argument(help="a model file, NAME.lm or NAME.ner; english is the tagger of the package")],
    text: Annotated[str, Argument(help="the text itself; a tagger takes its first sentence")],
    follow: Annotated[Region | None, Option(help="show the units that best indicate what is inside these")] = None,
    unit: Annotated[list[int] | None, Option(metavar="N", help="show this unit; may be repeated")] = None,
    count: Annotated[int, Option(min=1, help="number of units to show if none is named")] = 4,
    layer: Annotated[int | None, Option(metavar="N", help="recurrent layer, from 0; the last by default")] = None,
    direction: Annotated[str, Option(help="direction of a language model: forward or backward")] = "",
    output: Annotated[
        list[str] | None, Option("--output", "-o", metavar="FILE", help="page or picture to write: .html, .png or .svg")
    ] = None,
) -> None:
    """Show the states of hidden units of a model after each character or word of a text.

    Prints one line per unit: those named, those that best indicate a region, or those that vary most. An area near 1
    means that the unit rises inside the region, near 0 that it falls, near 0.5 that it is unrelated.
    """
    for path in output or []:
        check_view(path)
        check_output(path)
    expect_model(model, text)
    _check_text(text)
    found, tags = _read(model, text, layer, direction)
    if follow is Region.NAMES and not tags:
        raise UsageError("--follow names needs a tagger NAME.ner, whose predicted tags show where names are")
    titles = choose_units(found, follow=follow, units=unit or (), count=count, tags=tags)
    for title in titles.values():
        show(title)
    for path in output or []:
        save_view(path, found, titles)


def _check_text(text: str) -> None:
    """Raise UsageError if the text is too long to show, or is the name of a file."""
    if Path(text).suffix and os.path.isfile(text):
        raise UsageError(f'{text}: is a file, expected the text itself: "$(cat {text})"')
    if len(text) > _LONGEST:
        raise UsageError(f"got a text of {len(text):,} characters, expected at most {_LONGEST:,}")


def _read(model: str, text: str, layer: int | None, direction: str) -> tuple[Activations, Sequence[str]]:
    """Return the activations and, of a tagger, the tags."""
    if Path(model).suffix == ".lm":
        return language_activations(LanguageModel.load(model), text, direction=direction, layer=layer), ()
    if direction:
        raise UsageError("--direction is for language models; a tagger's units of both are shown, forward first")
    return text_activations(Tagger.load(model), text, layer=layer)
