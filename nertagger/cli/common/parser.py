"""Command-line parsers made from the types, defaults and annotations of a function's parameters.

The style is Typer's and the work is argparse's: importing Typer takes a third of the 0.5 seconds that `nertagger tag`
may need from its start to its answer.
"""

from __future__ import annotations

import argparse
import inspect
import os
import shutil
import textwrap
import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from difflib import get_close_matches
from enum import Enum
from typing import Any, Literal, NoReturn

from nertagger.errors import NerTaggerError

SETTING = "SECTION.KEY=VALUE"
"""The metavar of ``--set`` in commands with a `Config`, whose settings are named where options are misspelt."""
_NEAR = 0.75  # similarity of an unknown option to the one that is named in the message


class UsageError(NerTaggerError):
    """A command line that cannot be fulfilled: an unknown command or option, a wrong value, a contradiction."""


@dataclass(frozen=True)
class Argument:
    """A positional parameter: ``Annotated[Path, Argument(help="...")]``."""

    help: str
    metavar: str | None = None


class Option:
    """A named parameter, ``--NAME`` of the parameter unless `names` are given; numbers may have bounds."""

    def __init__(
        self,
        *names: str,
        help: str,
        metavar: str | None = None,
        min: float | None = None,
        max: float | None = None,
    ) -> None:
        self.names, self.help, self.metavar, self.min, self.max = names, help, metavar, min, max


class Parser(argparse.ArgumentParser):
    """A parser that raises `UsageError`, accepts options anywhere among the arguments, and none abbreviated."""

    def __init__(self, prog: str, description: str, epilog: str = "") -> None:
        super().__init__(
            prog=prog,
            description="\n\n".join(map(fill, description.split("\n\n"))),
            epilog=epilog,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        self.groups: dict[str, type] = {}
        """The parameters that several options together give a value."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}{self._meant(message)} (see {self.prog} --help)")

    def _meant(self, message: str) -> str:
        """Return what the arguments may be meant to be that a message calls unrecognized."""
        if not message.startswith("unrecognized arguments:"):
            return ""
        if file := next((word for word in message.split() if word.startswith("-") and os.path.exists(word)), None):
            return f"; to name the file, write {os.path.join(os.curdir, file)}"
        given = [word.partition("=")[0] for word in message.split() if word.startswith("--")]
        near = list(filter(None, map(self._nearest, given)))
        return f"; did you mean {' and '.join(near)}?" if near else ""

    def _nearest(self, name: str) -> str | None:
        """Return the option, or the setting of a configuration, that an unknown option is likely to mean."""
        options = self._option_string_actions
        if found := get_close_matches(name, options, n=1, cutoff=_NEAR):
            return found[0]
        if "--set" not in options or options["--set"].metavar != SETTING:
            return None
        from nertagger.config import Config
        from nertagger.config.fields import fields_of

        settings = {f"--{setting.partition('.')[2].replace('_', '-')}": setting for setting in fields_of(Config)}
        found = get_close_matches(name, settings, n=1, cutoff=_NEAR)
        return f"--set {settings[found[0]]}=..." if found else None


def make_parser(name: str, function: Callable[..., Any], *, epilog: str = "") -> Parser:
    """Return the parser of a command, whose values are the arguments of `function` by name.

    A parameter is ``Annotated[TYPE, Argument(...) or Option(...)]``, where TYPE is bool (a flag), str, int, float,
    Path, an Enum, a Literal of strings, a list of these (several arguments, or an option that may be repeated), or a
    union of one of these and None. A parameter whose type is a dataclass has several options: its fields.

    Args:
        name: the command as it is typed.
        function: the function; its docstring is the description.
        epilog: text that ``--help`` prints last, as it is.
    """
    parser = Parser(name, inspect.getdoc(function) or "", epilog)
    _add_parameters(parser, function)
    return parser


def fill(text: str, *, indent: str = "") -> str:
    """Return a paragraph wrapped to the width of the terminal, its lines after the first indented."""
    width = shutil.get_terminal_size().columns - 2  # as argparse does
    return textwrap.fill(text, width, subsequent_indent=indent)


def parse(parser: Parser, arguments: Sequence[str]) -> dict[str, Any]:
    """Return the values of a command line.

    Raises:
        UsageError: if the arguments are not valid.
    """
    values = vars(parser.parse_intermixed_args(list(arguments)))
    for name, kind in parser.groups.items():
        values[name] = kind(**{field.name: values.pop(field.name) for field in fields(kind)})
    return values


def _add_parameters(parser: Parser, function: Callable[..., Any]) -> None:
    hints = typing.get_type_hints(function, include_extras=True)
    for parameter in inspect.signature(function).parameters.values():
        group = hints[parameter.name]
        if isinstance(group, type) and is_dataclass(group):
            parser.groups[parameter.name] = group
            _add_parameters(parser, group)
            continue
        annotation, declaration = typing.get_args(hints[parameter.name])
        if isinstance(declaration, Option):
            _add_option(parser, parameter, annotation, declaration)
        else:
            _add_argument(parser, parameter, annotation, declaration)


def _add_argument(parser: Parser, parameter: inspect.Parameter, annotation: Any, declaration: Argument) -> None:
    kind, is_list = _element_type(annotation)
    required = parameter.default is inspect.Parameter.empty
    several = ("+" if required else "*") if is_list else (None if required else "?")
    parser.add_argument(
        parameter.name,
        nargs=several,
        type=_converter(kind, None, None),
        default=None if required else parameter.default,
        metavar=declaration.metavar or parameter.name.upper(),
        help=_escape(declaration.help),
    )


def _add_option(parser: Parser, parameter: inspect.Parameter, annotation: Any, declaration: Option) -> None:
    names = declaration.names or (f"--{parameter.name.replace('_', '-')}",)
    kind, is_list = _element_type(annotation)
    if kind is bool:
        parser.add_argument(*names, dest=parameter.name, action="store_true", help=_escape(declaration.help))
        return
    choices = _choices(kind)
    required = parameter.default is inspect.Parameter.empty
    default = None if required else parameter.default
    shown = "" if default in (None, "", []) else f" (default: {getattr(default, 'value', default)})"
    parser.add_argument(
        *names,
        dest=parameter.name,
        action="append" if is_list else "store",
        type=_converter(kind, declaration.min, declaration.max),
        default=default,
        required=required,
        metavar=declaration.metavar or ("|".join(choices) or _noun(kind)),
        help=_escape(declaration.help + shown),
    )


def _choices(kind: Any) -> list[str]:
    """Return the possible values of a type as text; empty if they are not enumerated."""
    if typing.get_origin(kind) is Literal:
        return list(typing.get_args(kind))
    return [str(member.value) for member in kind] if issubclass(kind, Enum) else []


def _element_type(annotation: Any) -> tuple[Any, bool]:
    """Return the type of a single value, and whether it is a list: ``(str, True)`` for ``list[str] | None``."""
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):  # a union with a Literal is the latter
        (annotation,) = (part for part in typing.get_args(annotation) if part is not types.NoneType)
    if typing.get_origin(annotation) is list:
        return typing.get_args(annotation)[0], True
    return annotation, False


def _converter(kind: Any, least: float | None, most: float | None) -> Callable[[str], Any]:
    make: Callable[[str], Any] = str if typing.get_origin(kind) is Literal else kind
    choices = _choices(kind)

    def convert(text: str) -> Any:
        try:
            if choices and text not in choices and make is str:
                raise ValueError
            value = make(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"got {text!r}, expected {_expectation(kind, least, most)}") from None
        if (least is not None and not value >= least) or (most is not None and not value <= most):
            raise argparse.ArgumentTypeError(f"got {text}, expected {_expectation(kind, least, most)}")
        return value

    return convert


def _expectation(kind: Any, least: float | None, most: float | None) -> str:
    if choices := _choices(kind):
        return "one of " + ", ".join(choices)
    noun = {"N": "a whole number", "X": "a number"}.get(_noun(kind), "text")
    bounds = [f"{word} {bound}" for word, bound in (("from", least), ("to", most)) if bound is not None]
    return " ".join([noun, *bounds])


def _escape(text: str) -> str:
    """Return the text with ``%`` escaped, which argparse would expand."""
    return text.replace("%", "%%")


def _noun(kind: type) -> str:
    return "N" if kind is int else "X" if kind is float else "FILE" if kind is not str else "TEXT"
