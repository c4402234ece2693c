"""Templates: values are escaped, control characters visible, missing values errors, and jinja2 imported late."""

from __future__ import annotations

import subprocess
import sys

import pytest
from jinja2 import UndefinedError

from nertagger.render.entities import Piece
from nertagger.render.templating import render


def test_values_are_escaped_and_control_characters_visible() -> None:
    html = render("fragment.html", pieces=[Piece("<a\x1b\x85\tb>")])
    assert "&lt;a\u241b\ufffd\tb&gt;" in html


def test_missing_values_are_errors() -> None:
    with pytest.raises(UndefinedError):
        render("fragment.html")


def test_jinja_is_imported_when_html_is_made() -> None:
    code = "import sys, nertagger.corpus, nertagger.text.html; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
