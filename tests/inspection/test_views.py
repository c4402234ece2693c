"""Pages and pictures of activations show every symbol."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import numpy as np

from nertagger.inspection.activations import Activations
from nertagger.inspection.views import save_picture, to_html

TEXT = 'a <b> & "c"\nd'


def characters() -> Activations:
    states = np.linspace(-1, 1, len(TEXT) * 3).reshape(len(TEXT), 3).astype(np.float32)
    return Activations(tuple(TEXT), states)


def test_page_has_each_symbol_once_per_unit() -> None:
    page = to_html(characters(), {2: "unit 2 <of three>", 0: "unit 0"})
    spans = re.findall(r'<span title="([-0-9.]+)" style="background:rgb\([0-9 ]+/[0-9.]+\)">(.*?)</span>', page, re.S)
    shown = "".join(unescape(text) for _, text in spans)
    assert shown == 2 * TEXT.replace("\n", "⏎\n")
    assert [float(state) for state, _ in spans[: len(TEXT)]] == [round(float(s), 2) for s in characters().states[:, 2]]
    assert "unit 2 &lt;of three&gt;" in page
    assert "<script" not in page
    assert to_html(characters(), [0], page=False).strip() in to_html(characters(), [0])
    assert "http" not in page


def test_negative_states_are_blue_and_positive_ones_red() -> None:
    page = to_html(Activations(("lo", "mid", "hi", "over"), np.array([[-1.0], [0.0], [1.0], [7.0]])), [0])
    assert re.findall(r"rgb\(([0-9 ]+)/([0-9.]+)\)", page) == [
        ("30 80 200", "0.75"),
        ("30 80 200", "0.00"),
        ("200 30 30", "0.75"),
        ("200 30 30", "0.75"),
    ]
    assert '<p class="words">' in page


def test_picture(tmp_path: Path) -> None:
    save_picture(tmp_path / "a.png", characters(), [0, 1])
    content = (tmp_path / "a.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    dollars = Activations(tuple("$_{$"), np.zeros((4, 1), np.float32))
    save_picture(tmp_path / "c.png", dollars, {0: "unit $_{$"})
    long = Activations(("word",) * 100, np.zeros((100, 1), np.float32))
    save_picture(tmp_path / "b.svg", long, [0])
    assert "<svg" in (tmp_path / "b.svg").read_text()
