"""A command's function as a parser of its command line, from the parameters' types, defaults and annotations.

The style is Typer's, the work is argparse's: Typer alone, which checks each value with pydantic, took a third of the
0.5 seconds that `nertagger tag` may need from its start to its answer.
"""

from __future__ import annotations

import argparse
import inspect
import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, NoReturn

from nertagger.errors import NerTaggerError


class UsageError(NerTaggerError):
    """A command line that asks for something that there is not."""


@dataclass(frozen=True)
class Argument:
    """A parameter that is given by its place: ``Annotated[Path, Argument(help="...")]``."""

    help: str
    metavar: str | None = None


class Option:
    """A parameter that is given by name, ``--`` and its own unless `names` say otherwise; numbers may have bounds."""

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
    """A parser that raises `UsageError`, takes options before, between and after arguments, and no shortened names."""

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(prog=prog, description=description, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see {self.prog} --help)")


def make_parser(name: str, function: Callable[..., Any]) -> Parser:
    """The parser of a command, whose values are the arguments of `function` by name.

    A parameter is ``Annotated[TYPE, Argument(...) or Option(...)]`` with TYPE one of bool (a flag), str, int, float,
    Path, an Enum, a Literal of strings, a list of these (several, or an option that may come again), or one of these or
    None.
    """
    parser = Parser(name, inspect.getdoc(function) or "")
    hints = typing.get_type_hints(function, include_extras=True)
    for parameter in inspect.signature(function).parameters.values():
        annotation, declaration = typing.get_args(hints[parameter.name])
        if isinstance(declaration, Option):
            _add_option(parser, parameter, annotation, declaration)
        else:
            _add_argument(parser, parameter, annotation, declaration)
    return parser


def parse(parser: Parser, arguments: Sequence[str]) -> dict[str, Any]:
    """The values of a command line.

    Raises:
        UsageError: if it is not one of this command.
    """
    return vars(parser.parse_intermixed_args(list(arguments)))


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
    """All that may be said for a value of this type; nothing if that is no short list."""
    if typing.get_origin(kind) is Literal:
        return list(typing.get_args(kind))
    return [str(member.value) for member in kind] if issubclass(kind, Enum) else []


def _element_type(annotation: Any) -> tuple[Any, bool]:
    """The type of a single value, and whether there may be several: ``list[str] | None`` is ``(str, True)``."""
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):  # that of a Literal is the latter
        (annotation,) = (part for part in typing.get_args(annotation) if part is not types.NoneType)
    if typing.get_origin(annotation) is list:
        return typing.get_args(annotation)[0], True
    return annotation, False


def _converter(kind: Any, least: float | None, most: float | None) -> Callable[[str], Any]:
    make: Callable[[str], Any] = str if typing.get_origin(kind) is Literal else kind
    choices = _choices(kind)

    def convert(text: str) -> Any:
        try:
            if choices and text not in choices:
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
    """The text as argparse prints it, which fills in what stands after ``%``."""
    return text.replace("%", "%%")


def _noun(kind: type) -> str:
    return "N" if kind is int else "X" if kind is float else "FILE" if kind is not str else "TEXT"
