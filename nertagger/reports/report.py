"""A report to read and to hand on: one self-contained HTML page, or Markdown, told by the suffix."""

from __future__ import annotations

from pathlib import Path

from nertagger.errors import DataError
from nertagger.files import atomic_write_text
from nertagger.reports.content import Content
from nertagger.reports.markdown import markdown
from nertagger.reports.page import page

__all__ = ["Content", "check_suffix", "write_report"]

_WRITERS = {".html": page, ".htm": page, ".md": markdown}


def check_suffix(path: str | Path) -> None:
    """Raise DataError unless the name tells a kind of report."""
    if Path(path).suffix.lower() not in _WRITERS:
        raise DataError(f"{path}: a report is HTML or Markdown; give a name that ends in {', '.join(_WRITERS)}")


def write_report(path: str | Path, content: Content) -> None:
    """Write a report that appears whole or not at all.

    Raises:
        DataError: if the suffix tells no kind of report.
        MissingExtraError: if matplotlib is not installed, which HTML needs.
    """
    check_suffix(path)
    text = _WRITERS[Path(path).suffix.lower()](content)
    with atomic_write_text(path) as stream:
        stream.write(text)
