"""The command line: ``nertagger COMMAND ...``; which commands exist is told by `nertagger.cli.commands`.

A command's module is imported when the command is run, so that `nertagger tag` does not wait for what training needs.
A command returns its exit code, or None when it is done: 0 done, 1 the answer is "no", 2 the request was wrong,
130 interrupted, 143 terminated, 129 hung up.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib import import_module

from nertagger._version import __version__
from nertagger.cli.commands import COMMANDS
from nertagger.cli.common.parser import UsageError, make_parser, parse
from nertagger.cli.common.process import (
    Stopped,
    claim_standard_streams,
    name_output,
    silence_output,
    stopped_by_signals,
    tell,
)
from nertagger.cli.common.terminal import LogFormatter
from nertagger.errors import NerTaggerError
from nertagger.printable import LAYOUT, printable

_WRONG, _SIGNALLED, _INTERRUPTED = 2, 128, 130
_PIPE_CLOSED = 141  # 128 + SIGPIPE, as of any program whose reader went away
_QUIET, _TRACEBACK = "--quiet", "--traceback"
_HELP = ("--help", "-h")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, that of this process unless given; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    rest, common = _take_common(given)
    claim_standard_streams()
    set_up_logging(quiet=_QUIET in common)
    try:
        with stopped_by_signals():
            return _run(rest)
    except BrokenPipeError:
        silence_output()
        return _PIPE_CLOSED
    except (NerTaggerError, OSError, KeyboardInterrupt) as error:
        if isinstance(error, OSError):
            name_output(error)
        silence_output()
        if _TRACEBACK in common:
            tell(printable(traceback.format_exc(), keep=LAYOUT).rstrip("\n"))
        tell(_describe(error))
        return _exit_code(error)


def find_command(name: str) -> Callable[..., int | None]:
    """The function that is the command; its module is imported by this.

    Raises:
        UsageError: if there is none of this name.
    """
    if name not in COMMANDS:
        near = get_close_matches(name, COMMANDS, n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"there is no command {name!r}{meant} (see nertagger --help)")
    module = COMMANDS[name].module
    function: Callable[..., int | None] = getattr(import_module(f"{__name__}.{module}"), module.split(".")[-1])
    return function


def _run(arguments: Sequence[str]) -> int:
    name, *rest = arguments or [_HELP[0]]
    group = [command for command in COMMANDS if command.startswith(f"{name} ")]
    if group and rest and rest[0] not in _HELP:
        name, *rest = f"{name} {rest[0]}", *rest[1:]
    elif group or name in _HELP:
        print(_overview(group or list(COMMANDS)), flush=True)
        return 0
    if name == "--version":
        print(f"nertagger {__version__}", flush=True)
        return 0
    command = find_command(name)
    try:
        code = command(**parse(make_parser(f"nertagger {name}", command), rest))
    except SystemExit:  # after --help
        sys.stdout.flush()
        raise
    sys.stdout.flush()
    return code or 0


def _take_common(arguments: Sequence[str]) -> tuple[list[str], set[str]]:
    """The arguments without the options that may stand anywhere, and these."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    common = {_QUIET, _TRACEBACK}.intersection(arguments[:end])
    return [*(argument for argument in arguments[:end] if argument not in common), *arguments[end:]], common


def set_up_logging(*, quiet: bool) -> None:
    """Send messages to standard error, those above information, or errors alone if `quiet`."""
    handler = logging.StreamHandler()
    handler.setFormatter(LogFormatter())
    logging.basicConfig(handlers=[handler], level=logging.ERROR if quiet else logging.WARNING)
    for level, name in ((logging.WARNING, "warning"), (logging.ERROR, "error")):
        logging.addLevelName(level, name)


def _overview(names: Sequence[str]) -> str:
    summaries = {name: COMMANDS[name].summary for name in names}
    width = max(map(len, summaries))
    lines = ["usage: nertagger COMMAND ...", "", "Train, run and score named-entity taggers.", "", "commands:"]
    lines += [f"  {name:{width}}  {summary}" for name, summary in summaries.items()]
    lines += ["", "options that may stand anywhere:"]
    lines += ["  --help       show what a command takes", "  --version    show the version (without a command)"]
    lines += ["  --quiet      no warnings and no progress", "  --traceback  show where an error arose"]
    return "\n".join(lines)


def _exit_code(error: BaseException) -> int:
    if isinstance(error, Stopped):
        return _SIGNALLED + error.number
    return _INTERRUPTED if isinstance(error, KeyboardInterrupt) else _WRONG


def _describe(error: BaseException) -> str:
    """The one line that says what was wrong."""
    if isinstance(error, KeyboardInterrupt):
        return str(error).lower() or "interrupted"
    message = str(error)
    if isinstance(error, OSError) and error.strerror:
        message = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return printable(f"error: {' '.join(message.split())}")
