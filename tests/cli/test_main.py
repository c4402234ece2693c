from __future__ import annotations

import logging
import subprocess
import sys

import pytest

import nertagger
from nertagger.cli import main
from nertagger.cli.commands import COMMANDS
from nertagger.errors import ConfigError


@pytest.fixture
def boom(monkeypatch):
    """A function that installs a command that raises an error."""

    def install(error: BaseException) -> None:
        def command(**_) -> None:
            """Fail."""
            raise error

        monkeypatch.setattr("nertagger.cli.common.dispatch.find_command", lambda name: command)
        monkeypatch.setattr("nertagger.cli.common.dispatch.make_parser", lambda name, function, **options: None)
        monkeypatch.setattr("nertagger.cli.common.dispatch.parse", lambda parser, arguments: {})

    return install


@pytest.mark.parametrize("arguments", [["lm"], ["lm", "--help"], ["lm", "-h"]])
def test_help_of_a_group_lists_its_commands(arguments, capsys):
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert all(f"  lm {name} " in out for name in ("train", "score", "sample"))
    assert "  tag " not in out


@pytest.mark.parametrize(("asked", "same"), [(["help"], ["--help"]), (["help", "lm"], ["lm", "--help"])])
def test_help_is_a_command_too(asked, same, capsys):
    assert main(asked) == 0
    shown = capsys.readouterr().out
    assert main(same) == 0
    assert capsys.readouterr().out == shown


def test_help_lists_every_command(capsys):
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert all(f"\n  {name} " in shown for name in COMMANDS)
    assert {"tag", "evaluate", "score", "inspect"} <= set(COMMANDS)


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"nertagger {nertagger.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tga"], "error: there is no command 'tga'; did you mean tag? (see nertagger --help)\n"),
        (["--nonsense"], "error: there is no command '--nonsense' (see nertagger --help)\n"),
        (["inspect"], "error: the following arguments are required: MODEL (see nertagger inspect --help)\n"),
    ],
)
def test_a_usage_error_is_one_line_with_exit_status_2(capsys, arguments, message):
    assert main(arguments) == 2
    assert capsys.readouterr() == ("", message)


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (ConfigError("config.toml: two\nlines"), 2, "error: config.toml: two lines\n"),
        (PermissionError(13, "Permission denied", "/x"), 2, "error: /x: Permission denied\n"),
        (OSError(12, "Cannot allocate memory"), 2, "error: Cannot allocate memory\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
    ],
)
def test_exit_codes(boom, capsys, error, code, message):
    boom(error)
    assert main(["anything"]) == code
    assert capsys.readouterr().err == message


@pytest.mark.parametrize(("options", "level"), [([], logging.WARNING), (["--quiet"], logging.ERROR)])
def test_a_command_logs_to_standard_error_and_leaves_logging_as_it_was(monkeypatch, capsys, options, level):
    root = logging.getLogger()
    before = root.level, list(root.handlers)

    def command() -> None:
        """Log."""
        assert root.level == level
        logging.getLogger("nertagger").warning("two\nlines")
        logging.getLogger("nertagger").error("failed")

    monkeypatch.setattr("nertagger.cli.common.dispatch.find_command", lambda name: command)
    assert main(["anything", *options]) == 0
    expected = "error: failed\n" if options else "warning: two\\nlines\nerror: failed\n"
    assert capsys.readouterr().err == expected
    assert (root.level, root.handlers) == before


def test_traceback_shows_where_an_error_arose(boom, capsys):
    boom(ConfigError("wrong"))
    assert main(["anything", "--traceback"]) == 2
    shown = capsys.readouterr().err
    assert shown.startswith("Traceback")
    assert shown.endswith("error: wrong\n")


def test_a_bug_is_not_hidden(boom):
    boom(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        main(["anything"])


def test_a_closed_pipe_is_no_error(lexicon_model, tmp_path):
    text = tmp_path / "long.txt"
    text.write_text("Paris is far.\n\n" * 20_000)
    command = [sys.executable, "-m", "nertagger", "tag", str(lexicon_model), str(text)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert b"Paris" in process.stdout.readline()
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 141
