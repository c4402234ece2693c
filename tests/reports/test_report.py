"""The report: complete, escaped, self-contained, and without errors in a browser."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from nertagger.errors import DataError, MissingExtraError
from nertagger.evaluation import evaluate
from nertagger.evaluation.aligned import align_sentences
from nertagger.evaluation.analysis import analyse
from nertagger.reports import Report, write_report
from nertagger.text import Sentence

GOLD = [
    Sentence.from_words(("<b>Ann</b>", "&", "Bo", "ran"), tags=("B-PER", "O", "B-PER", "O"), source="g.conll:1"),
    Sentence.from_words(("New", "York", '"wins"'), tags=("B-LOC", "I-LOC", "O"), source="g.conll:6"),
    Sentence.from_words(("all", "right"), tags=("O", "B-a|b"), source="g.conll:10"),
]
FOUND = [("O", "O", "B-LOC", "O"), ("O", "B-LOC", "O"), ("O", "B-a|b")]


@pytest.fixture(scope="module")
def report() -> Report:
    aligned = align_sentences(GOLD, FOUND, [[0.75], [0.5], [0.99]])
    analysis = analyse(aligned, lexicon={("bo",): {"PER"}}, wanted_precision=0.9, resamples=50)
    epochs = [{"epoch": n, "loss": 1 / n, "dev_f1": n / 10} for n in range(1, 5)]
    return Report("A <title>", evaluate(GOLD, FOUND), analysis, aligned, {"model": "<m>.ner"}, epochs)


class Page(HTMLParser):
    """What the page holds: text, elements by name, attributes that could load something."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text, self.names, self.loads = [], [], []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.loads += [value for name, value in attrs if name in ("src", "href", "xlink:href", "action") and value]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def html(report: Report, tmp_path_factory: pytest.TempPathFactory) -> str:
    pytest.importorskip("matplotlib")
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(path, report)
    return path.read_text(encoding="utf-8")


def test_page_is_complete_and_escaped(html: str) -> None:
    page = Page(html)
    text = " ".join("".join(page.text).split())
    assert "A <title>" in text
    assert "<b>Ann</b>" in text
    assert text.count("New York") >= 1
    assert "right" not in [word for li in html.split("<li ")[1:] for word in li.split()]  # no error in it, not shown
    assert page.names.count("svg") == 4
    assert page.names.count("li") == 2
    assert page.names.count("b") == 5  # labels: the words' own tags are text
    assert 'data-kinds="missed|wrong type" data-labels="LOC|PER"' in html
    assert 'title="75.0%"' in html


def test_page_loads_nothing(html: str) -> None:
    assert all(value.startswith(("data:", "#")) for value in Page(html).loads)
    assert not re.search(r"@import|url\((?!#)", html)


def test_same_report_gives_the_same_page(html: str, report: Report, tmp_path: Path) -> None:
    write_report(tmp_path / "again.html", report)
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == html


def test_page_without_errors_confidences_or_epochs(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    aligned = align_sentences(GOLD, GOLD)
    write_report(tmp_path / "r.html", Report("t", evaluate(GOLD, GOLD), analyse(aligned, resamples=10), aligned))
    page = Page((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert (page.names.count("li"), page.names.count("svg")) == (0, 2)


@pytest.mark.parametrize("label", ["A$_{$B", "$", "$a$b$", "\\frac{", "東京", "a\x1b[2J", "^_%#&~"])
def test_page_of_any_label(label: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    gold = [Sentence.from_words(("Ann", "ran"), tags=(f"B-{label}", "O"))]
    aligned = align_sentences(gold, [["O", f"B-{label}"]])
    scores = evaluate(gold, [["O", f"B-{label}"]])
    write_report(tmp_path / "r.html", Report("t", scores, analyse(aligned, resamples=10), aligned))
    drawn = (tmp_path / "r.html").read_text(encoding="utf-8").partition("<svg")[2]
    assert escape(label, quote=False) in drawn.partition("</svg>")[0]


def test_markdown(report: Report, tmp_path: Path) -> None:
    write_report(tmp_path / "report.md", report)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert text.startswith("# A \\<title\\>\n\nF1 28.57 (95 % interval ")
    assert "| PER | 0.00 | 0.00 | 0.00 | " in text
    assert '  - gold: **New York** (LOC) "wins"\n  - predicted: New **York** (LOC) "wins"' in text
    assert "**\\<b\\>Ann\\</b\\>** (PER) & **Bo** (PER) ran" in text
    for table in re.findall(r"(?:^\|.*\|\n)+", text, flags=re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1


def test_other_suffixes_are_refused(report: Report, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"report\.pdf: a report is HTML or Markdown"):
        write_report(tmp_path / "report.pdf", report)


def test_missing_matplotlib_names_the_command(report: Report, tmp_path: Path, monkeypatch) -> None:
    for module in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'nertagger\[report\]'"):
        write_report(tmp_path / "report.html", report)
    assert list(tmp_path.iterdir()) == []


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
@pytest.mark.parametrize("size", ["1280,900", "500,900"])
def test_browser_logs_no_error(html: str, tmp_path: Path, size: str) -> None:
    (tmp_path / "report.html").write_text(html, encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--dump-dom"]
    options += [f"--user-data-dir={tmp_path / 'profile'}", "--enable-logging=stderr", f"--window-size={size}"]
    command = [str(CHROMIUM), *options, (tmp_path / "report.html").as_uri()]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "CONSOLE" not in result.stderr
    assert '<output id="count">2 sentences</output>' in result.stdout  # the script has run
