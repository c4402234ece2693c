"""The command line, ``nertagger COMMAND ...``; `nertagger.cli.commands` lists the commands.

This module and what it imports at the top are light, so that ``nertagger --help`` answers at once; the parser, logging
and the module of a command are imported when a command is run.

A command returns its exit status, or None for success: 0 done, 1 the answer is "no", 2 the request was wrong,
130 interrupted, 143 terminated, 129 hung up.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from nertagger._version import __version__
from nertagger.cli.commands import COMMANDS, overview
from nertagger.cli.common.process import (
    Terminated,
    claim_standard_streams,
    name_output,
    silence_output,
    stopped_by_signals,
    tell,
)
from nertagger.errors import NerTaggerError
from nertagger.printable import LAYOUT, printable

_WRONG, _SIGNALLED, _INTERRUPTED = 2, 128, 130
_PIPE_CLOSED = 141  # 128 + SIGPIPE, as of any program whose reader went away
_QUIET, _TRACEBACK = "--quiet", "--traceback"
_HELP = ("--help", "-h")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, by default that of this process, and return its exit status."""
    rest, common = _split_common(list(sys.argv[1:] if arguments is None else arguments))
    claim_standard_streams()
    try:
        with stopped_by_signals():
            return _run(rest, quiet=_QUIET in common)
    except BrokenPipeError:
        silence_output()
        return _PIPE_CLOSED
    except (NerTaggerError, OSError, KeyboardInterrupt) as error:
        if isinstance(error, OSError):
            name_output(error)
        silence_output()
        if _TRACEBACK in common:
            tell(_traceback())
        tell(_describe(error))
        return _exit_code(error)


def _run(arguments: Sequence[str], *, quiet: bool) -> int:
    name, *rest = arguments or [_HELP[0]]
    if name == "help":
        name, *rest = *rest, _HELP[0]
    group = [command for command in COMMANDS if command.startswith(f"{name} ")]
    if group and rest and rest[0] not in _HELP:
        name, *rest = f"{name} {rest[0]}", *rest[1:]
    elif group or name in _HELP:
        print(overview(group or COMMANDS), flush=True)
        return 0
    if name == "--version":
        print(f"nertagger {__version__}", flush=True)
        return 0
    from nertagger.cli.common.dispatch import run_command

    return run_command(name, rest, quiet=quiet)


def _split_common(arguments: Sequence[str]) -> tuple[list[str], set[str]]:
    """Split arguments into those of a command and the options that may stand anywhere."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    common = {_QUIET, _TRACEBACK}.intersection(arguments[:end])
    return [*(argument for argument in arguments[:end] if argument not in common), *arguments[end:]], common


def _exit_code(error: BaseException) -> int:
    if isinstance(error, Terminated):
        return _SIGNALLED + error.number
    return _INTERRUPTED if isinstance(error, KeyboardInterrupt) else _WRONG


def _describe(error: BaseException) -> str:
    """Return the one line that says what was wrong."""
    if isinstance(error, KeyboardInterrupt):
        return str(error).lower() or "interrupted"
    message = str(error)
    if isinstance(error, OSError) and error.strerror:
        message = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return printable(f"error: {' '.join(message.split())}")


def _traceback() -> str:
    """Return the traceback of the error that is being handled."""
    import traceback

    return printable(traceback.format_exc(), keep=LAYOUT).rstrip("\n")
