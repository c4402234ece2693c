"""A report as a file: one self-contained HTML page, or Markdown, by the suffix of its name."""

from __future__ import annotations

from pathlib import Path

from nertagger.errors import DataError
from nertagger.files import atomic_write_text
from nertagger.reports.html import html_report
from nertagger.reports.markdown import markdown_report
from nertagger.reports.report import Report

_WRITERS = {".html": html_report, ".htm": html_report, ".md": markdown_report}


def check_suffix(path: str | Path) -> None:
    """Raise DataError unless the suffix is one of a report."""
    if Path(path).suffix.lower() not in _WRITERS:
        raise DataError(
            "a report is HTML or Markdown", path=path, expected=f"a name that ends in {', '.join(_WRITERS)}"
        )


def write_report(path: str | Path, report: Report) -> None:
    """Write a report; the file appears complete or not at all.

    Raises:
        DataError: if the suffix is not one of a report.
        MissingExtraError: if matplotlib is not installed, which HTML needs.
    """
    check_suffix(path)
    text = _WRITERS[Path(path).suffix.lower()](report)
    with atomic_write_text(path) as stream:
        stream.write(text)
