"""The report as Markdown: its tables, and the worst sentences with their entities marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nertagger.evaluation.aligned import Judged
from nertagger.evaluation.parts import Found, edges
from nertagger.reports.content import SHOWN, Content

_SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>|#"})


def markdown(content: Content) -> str:
    """The report of some content."""
    return "\n".join(_lines(content)) + "\n"


def _lines(content: Content) -> Iterator[str]:
    yield f"# {_escape(content.title)}\n"
    yield f"{content.summary}.\n"
    yield from (f"- {_escape(name)}: {_escape(value)}" for name, value in content.facts.items())
    yield from _table("Scores", content.score_rows())
    _, *tables = content.details.tables()  # the intervals stand beside the scores
    for title, rows in tables:
        yield from _table(title, rows)
    if content.epochs:
        rows = [[str(e["epoch"]), f"{e['loss']:.4f}", _dev_f1(e)] for e in content.epochs]
        yield from _table("Training", [["epoch", "loss", "dev F1"], *rows])
    worst = content.worst()
    yield f"\n## Sentences with errors\n\n{len(worst):,}, most errors first; at most {SHOWN} are shown.\n"
    for sentence, kinds in worst[:SHOWN]:
        yield f"- {_escape(sentence.source)} ({', '.join(sorted(kinds))})"
        yield f"  - gold: {_marked(sentence, sentence.gold)}"
        yield f"  - found: {_marked(sentence, sentence.predicted)}"


def _dev_f1(epoch: Mapping[str, Any]) -> str:
    return f"{100 * epoch['dev_f1']:.2f}" if "dev_f1" in epoch else "learned"


def _table(title: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    head, *body = rows
    yield f"\n## {_escape(title)}\n"
    yield _row(head)
    yield _row(["---", *["---:"] * (len(head) - 1)])
    yield from map(_row, body)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell if cell.startswith('---') else _escape(cell) for cell in cells)} |"


def _marked(sentence: Judged, spans: Sequence[Found]) -> str:
    """The sentence with its entities in bold, their labels behind them."""
    text, pieces, done = " ".join(sentence.words), [], 0
    for span in spans:
        start, end = edges(sentence.words, span)
        pieces += [_escape(text[done:start]), f"**{_escape(text[start:end])}** ({_escape(span.label)})"]
        done = end
    return "".join([*pieces, _escape(text[done:])])


def _escape(text: str) -> str:
    return text.translate(_SPECIAL)
