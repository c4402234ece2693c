"""A command run by its name: its module is imported, its arguments are parsed, its function is called."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib import import_module

from nertagger.cli.commands import COMMANDS
from nertagger.cli.common.messages import logging_to_stderr
from nertagger.cli.common.parser import UsageError, make_parser, parse


def run_command(name: str, arguments: Sequence[str], *, quiet: bool) -> int:
    """Run a command and return its exit status.

    Args:
        name: a key of `COMMANDS`.
        arguments: what follows the name on the command line.
        quiet: whether only errors are logged, and no progress is shown.

    Raises:
        UsageError: if there is no such command, or it has no such arguments.
    """
    with logging_to_stderr(quiet=quiet):
        command = find_command(name)
        try:
            parser = make_parser(f"nertagger {name}", command, epilog=_epilog(command))
            code = command(**parse(parser, arguments))
        except SystemExit:  # after --help
            sys.stdout.flush()
            raise
        sys.stdout.flush()
        return code or 0


def _epilog(command: Callable[..., int | None]) -> str:
    """Return what ``--help`` of a command prints last: the result of a function `epilog` in its module."""
    epilog: Callable[[], str] = getattr(sys.modules[command.__module__], "epilog", str)
    return epilog()


def find_command(name: str) -> Callable[..., int | None]:
    """Return the function of a command, after importing its module.

    Raises:
        UsageError: if there is no command of this name.
    """
    if name not in COMMANDS:
        near = get_close_matches(name, COMMANDS, n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"there is no command {name!r}{meant} (see nertagger --help)")
    module = COMMANDS[name].module
    function: Callable[..., int | None] = getattr(import_module(f"nertagger.cli.{module}"), module.split(".")[-1])
    return function
