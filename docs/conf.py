"""The site of the documentation: Sphinx with MyST Markdown, notebooks with their stored outputs, and docstrings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from nertagger import __version__
from nertagger.cli.commands import COMMANDS
from nertagger.cli.common.dispatch import find_command
from nertagger.cli.common.parser import make_parser
from nertagger.config import Config
from nertagger.corpus import FORMATS

project = "nertagger"
version = release = __version__
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax"]
exclude_patterns = ["_build", "notebooks/*.py"]
html_theme = "furo"
html_title = f"nertagger {__version__}"
html_show_sphinx = False
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"
nb_merge_streams = True
default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
napoleon_numpy_docstring = False
python_use_unqualified_type_names = True
suppress_warnings = ["mystnb.unknown_mime_type"]


def setup(app: Any) -> None:
    """Fill in the parts of pages that are made from the code."""
    app.connect("source-read", _fill_in)


def _fill_in(app: Any, name: str, source: list[str]) -> None:
    for key, make in _GENERATED.items():
        source[0] = source[0].replace(f"<!-- generated: {key} -->", "\n".join(make()))


def _commands() -> Iterator[str]:
    """Yield a section per command: its help as the command line prints it."""
    for name in COMMANDS:
        parser = make_parser(f"nertagger {name}", find_command(name))
        yield f"## nertagger {name}\n\n```text\n{parser.format_help()}```\n"


def _configuration() -> Iterator[str]:
    """Yield the commented default configuration."""
    yield f"```toml\n{Config().to_toml(comments=True)}```"


def _formats() -> Iterator[str]:
    """Yield a table with one row per format."""
    yield "| name | suffixes | read | written | what it is |\n|---|---|---|---|---|"
    for format in FORMATS.values():
        suffixes = " ".join(f"`{suffix}`" for suffix in format.suffixes)
        marks = ["yes" if can else "" for can in (format.readable, format.writable)]
        about = format.description.replace("|", "\\|")
        yield f"| `{format.name}` | {suffixes} | {marks[0]} | {marks[1]} | {about} |"


_GENERATED: dict[str, Callable[[], Iterator[str]]] = {
    "commands": _commands,
    "configuration": _configuration,
    "formats": _formats,
}
