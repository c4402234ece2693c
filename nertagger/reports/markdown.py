"""The report as Markdown: its tables, and the sentences with errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nertagger.evaluation.aligned import AlignedSentence, PredictedSpans, character_range
from nertagger.reports.report import NOTES, SHOWN, Report

_SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>|#"})


def markdown_report(report: Report) -> str:
    """Return the Markdown of a report."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {_escape(report.title)}\n"
    yield f"{report.summary}.\n"
    yield from (f"- {_escape(name)}: {_escape(value)}" for name, value in report.facts.items())
    for name, title, rows in report.tables():
        yield from _section(title, NOTES[name], rows)
    if report.epochs:
        rows = [[str(epoch["epoch"]), f"{epoch['loss']:.4f}", _dev_f1(epoch)] for epoch in report.epochs]
        yield from _section("Training", NOTES["training"], [["epoch", "loss", "dev F1"], *rows])
    worst = report.sentences_with_errors()
    yield f"\n## Sentences with errors\n\n{len(worst):,}, most errors first; at most {SHOWN} are shown.\n"
    for sentence, kinds in worst[:SHOWN]:
        yield f"- {_escape(sentence.source)} ({', '.join(sorted(kinds))})"
        yield f"  - gold: {_marked(sentence, sentence.gold)}"
        yield f"  - predicted: {_marked(sentence, sentence.predicted)}"


def _dev_f1(epoch: Mapping[str, Any]) -> str:
    """Dev F1; empty for epochs that were trained on the dev split."""
    return f"{100 * epoch['dev_f1']:.2f}" if "dev_f1" in epoch else ""


def _section(title: str, note: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    head, *body = rows
    yield f"\n## {_escape(title)}\n\n{_escape(note)}\n"
    yield _row(head)
    yield _row(["---", *["---:"] * (len(head) - 1)])
    yield from map(_row, body)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell if cell.startswith('---') else _escape(cell) for cell in cells)} |"


def _marked(sentence: AlignedSentence, spans: PredictedSpans) -> str:
    """Return the sentence with its entities in bold, followed by their labels."""
    text, pieces, done = " ".join(sentence.words), [], 0
    for span in spans:
        start, end = character_range(sentence.words, span)
        pieces += [_escape(text[done:start]), f"**{_escape(text[start:end])}** ({_escape(span.label)})"]
        done = end
    return "".join([*pieces, _escape(text[done:])])


def _escape(text: str) -> str:
    return text.translate(_SPECIAL)
