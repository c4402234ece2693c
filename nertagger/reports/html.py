"""The report as one self-contained HTML page: style, script and figures are inside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from nertagger.evaluation.aligned import AlignedSentence, PredictedSpan, character_range
from nertagger.evaluation.analysis import Table
from nertagger.evaluation.confusion import Outcome
from nertagger.printable import counted
from nertagger.render.colours import LabelColours
from nertagger.render.entities import Mark, Piece, split_passage
from nertagger.render.templating import render
from nertagger.reports.plots import heat_map, interval_plot, learning_curve, reliability_curve
from nertagger.reports.report import NOTES, SHOWN, Report


class PageSection(NamedTuple):
    """A section of the page: a title, a note on what it shows, a table, and a figure as SVG; either may be empty."""

    title: str
    note: str
    rows: Sequence[Sequence[str]] = ()
    figure: str = ""


class SentenceSides(NamedTuple):
    """A sentence with errors: where it is, the kinds of its errors, its labels, and its text marked on both sides."""

    source: str
    kinds: list[str]
    labels: list[str]
    gold: list[Piece]
    predicted: list[Piece]


def html_report(report: Report) -> str:
    """Return the page of a report.

    Raises:
        MissingExtraError: if matplotlib is not installed.
    """
    worst = report.sentences_with_errors()
    labels = report.analysis.confusion.labels[:-1]
    colours = LabelColours()
    return render(
        "report.html",
        title=report.title,
        summary=report.summary,
        facts=report.facts,
        sections=list(_sections(report)),
        extent=_extent(len(worst)),
        kinds=[kind.value for kind in Outcome if kind is not Outcome.CORRECT],
        labels=labels,
        sentences=[_sides(sentence, kinds, colours) for sentence, kinds in worst[:SHOWN]],
    )


def _sections(report: Report) -> Iterator[PageSection]:
    for table in report.tables():
        yield PageSection(table.title, NOTES[table.name], table.rows, _figure(table, report))
    if report.epochs:
        yield PageSection("Training", NOTES["training"], figure=learning_curve(report.epochs))


def _figure(table: Table, report: Report) -> str:
    """Return the figure of a section; empty if it has none."""
    analysis = report.analysis
    if table.name == "scores":
        return interval_plot(report.scores, analysis.intervals)
    if table.name == "confusion":
        return heat_map(analysis.confusion)
    if table.name == "calibration" and analysis.calibration is not None:
        return reliability_curve(analysis.calibration)
    return ""


def _extent(count: int) -> str:
    """Return how many of the sentences with errors are shown."""
    if count > SHOWN:
        return f"The {SHOWN} of {count:,} sentences with most errors"
    return f"All {count:,} sentences" if count > 1 else counted(count, "sentence")


def _sides(sentence: AlignedSentence, kinds: set[Outcome], colours: LabelColours) -> SentenceSides:
    labels = sorted({span.label for span in (*sentence.gold, *sentence.predicted)})
    confidences = sentence.confidences or (None,) * len(sentence.predicted)
    predicted = zip(sentence.predicted, confidences, strict=True)
    return SentenceSides(
        sentence.source,
        sorted(kinds),
        labels,
        _marked(sentence, ((span, None) for span in sentence.gold), set(sentence.predicted), colours),
        _marked(sentence, predicted, set(sentence.gold), colours),
    )


def _marked(
    sentence: AlignedSentence,
    spans: Iterable[tuple[PredictedSpan, float | None]],
    other_side: set[PredictedSpan],
    colours: LabelColours,
) -> list[Piece]:
    """Return the sentence with its entities marked; those that the other side does not have stand out."""
    marks = [
        Mark(span.label, *character_range(sentence.words, span), confidence, is_wrong=span not in other_side)
        for span, confidence in spans
    ]
    return split_passage(" ".join(sentence.words), marks, colours)
