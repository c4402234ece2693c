from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import pytest

from nertagger.cli import main
from nertagger.cli.common.parser import Argument, Option, UsageError, make_parser, parse


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def paint(
    model: Annotated[Path, Argument(help="what")],
    files: Annotated[list[str] | None, Argument(help="more", metavar="FILE")] = None,
    colour: Annotated[Colour, Option(help="100 % of it")] = Colour.RED,
    size: Annotated[int | None, Option("--size", "-s", min=1, max=9, help="how big")] = None,
    share: Annotated[float, Option(min=0.0, help="how much")] = 0.5,
    set_: Annotated[list[str] | None, Option("--set", help="again and again")] = None,
    coat: Annotated[Literal["matt", "gloss"], Option(help="which")] = "matt",
    finish: Annotated[Literal["fine", "rough"] | None, Option(help="how even")] = None,
    brushes: Annotated[list[Literal["wide", "thin"]] | None, Option(help="with what")] = None,
    dry: Annotated[bool, Option("--dry", help="no paint")] = False,
) -> None:
    """Paint it.

    All of it, 100 %.
    """


def several(files: Annotated[list[Path], Argument(help="at least one")]) -> None:
    """Take several."""


@dataclass(frozen=True)
class Brush:
    """Options that several commands have."""

    width: Annotated[int, Option(min=1, help="in mm")] = 10
    soft: Annotated[bool, Option("--soft", help="of badger hair")] = False


def varnish(
    model: Annotated[Path, Argument(help="what")],
    brush: Brush = Brush(),
    coats: Annotated[int, Option(help="how many")] = 1,
) -> None:
    """Varnish it."""


def parsed(*arguments: str, command=paint) -> dict:
    return parse(make_parser("nertagger paint", command), arguments)


DEFAULTS = {
    "model": Path("m"), "files": [], "colour": Colour.RED, "size": None, "share": 0.5, "set_": None,
    "coat": "matt", "finish": None, "brushes": None, "dry": False
}  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("m", {}),
        ("m a b", {"files": ["a", "b"]}),
        ("m --colour blue a -s 3 b --dry -", {"colour": Colour.BLUE, "files": ["a", "b", "-"], "size": 3, "dry": True}),
        ("--share 2 m", {"share": 2.0}),
        ("m --set a=1 --set b=2", {"set_": ["a=1", "b=2"]}),
        ("m -- --dry", {"files": ["--dry"]}),
        ("m --size=9", {"size": 9}),
        ("m --coat gloss", {"coat": "gloss"}),
        ("m --finish fine", {"finish": "fine"}),
        ("m --brushes thin --brushes wide", {"brushes": ["thin", "wide"]}),
    ],
)
def test_parse(arguments, expected):
    assert parsed(*arguments.split()) == DEFAULTS | expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("", "required: MODEL"),
        ("m --siz 3", r"unrecognized arguments: --siz 3; did you mean --size\?"),
        ("m a -z --elephant", r"unrecognized arguments: -z --elephant \(see"),
        ("m --size 0", "--size/-s: got 0, expected a whole number from 1 to 9"),
        ("m --size x", "--size/-s: got 'x', expected a whole number from 1 to 9"),
        ("m --share nan", "--share: got nan, expected a number from 0.0"),
        ("m --colour green", "--colour: got 'green', expected one of red, blue"),
        ("m --coat GLOSS", "--coat: got 'GLOSS', expected one of matt, gloss"),
        ("m --finish even", "--finish: got 'even', expected one of fine, rough"),
        ("m --brushes old", "--brushes: got 'old', expected one of wide, thin"),
        ("m --size", "--size/-s: expected one argument"),
    ],
)
def test_parse_refuses_wrong_arguments(arguments, message):
    with pytest.raises(UsageError, match=message) as caught:
        parsed(*arguments.split())
    assert str(caught.value).endswith("(see nertagger paint --help)")


def test_a_file_that_begins_with_a_hyphen_is_no_option(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "-x.txt").touch()
    with pytest.raises(UsageError, match=r"unrecognized arguments: -x\.txt; to name the file, write \./-x\.txt \("):
        parsed("m", "-x.txt")


def test_a_required_list_has_at_least_one_argument():
    assert parsed("a", "b", command=several) == {"files": [Path("a"), Path("b")]}
    with pytest.raises(UsageError, match="required: FILES"):
        parsed(command=several)


def test_help_shows_all_parts(capsys):
    with pytest.raises(SystemExit) as stopped:
        parsed("--help")
    assert stopped.value.code == 0
    shown = capsys.readouterr().out
    for text in (
        "Paint it.",
        "All of it, 100 %.",
        "red|blue",
        "matt|gloss",
        "fine|rough",
        "wide|thin",
        "100 % of it (default: red)",
        "--size N",
        "--share X",
    ):
        assert text in shown


@pytest.mark.parametrize(
    ("arguments", "brush"), [("m", Brush()), ("m --soft", Brush(soft=True)), ("--width 3 m", Brush(width=3))]
)
def test_a_dataclass_is_a_group_of_options(arguments: str, brush: Brush) -> None:
    assert parsed(*arguments.split(), command=varnish) == {"model": Path("m"), "brush": brush, "coats": 1}


@pytest.mark.parametrize(("line", "meant"), [
    ("train --train a.conll --epochs 5", "--set training.epochs=..."),
    ("train --train a.conll --batch-size 5", "--set training.batch_size=..."),
    ("train --unit 5", "--set network.units=..."),
    ("train --train a.conll --output m.ner", "--out"),
])  # fmt: skip
def test_an_unknown_option_names_the_setting_that_it_may_mean(line, meant, capsys):
    assert main(line.split()) == 2
    assert f"; did you mean {meant}? (see nertagger" in capsys.readouterr().err
