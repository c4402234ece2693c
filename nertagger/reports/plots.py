"""Figures as SVG inside a page; they are drawn in the colour of its text, so that they suit light and dark pages."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nertagger.errors import requires_extra
from nertagger.evaluation.calibration import Calibration
from nertagger.evaluation.confusion import Confusion
from nertagger.evaluation.resampling import Interval
from nertagger.evaluation.scores import Scores

if TYPE_CHECKING:
    from collections.abc import Callable

_INK = "#010203"  # replaced by the colour of the text
_BLUE, _ORANGE = "#3b7dd8", "#d9822b"
_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "nertagger",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.parse_math": False,  # a label may hold dollar signs
    "axes.spines.top": False,
    "axes.spines.right": False,
    **dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), _INK),
}


def heat_map(confusion: Confusion) -> str:
    """Return gold against predicted labels; numbers are counts, colours are fractions of the row."""
    labels = confusion.labels
    table = [[confusion.pairs.get((gold, found), 0) for found in labels] for gold in labels]
    fractions = [[count / max(sum(row), 1) for count in row] for row in table]

    def draw(axes: Any) -> None:
        axes.imshow(fractions, cmap="Blues", vmin=0, vmax=1, alpha=0.85)
        for y, row in enumerate(table):
            for x, count in enumerate(row):
                if count:
                    colour = "white" if fractions[y][x] > 0.5 else "black"
                    axes.text(x, y, f"{count:,}", ha="center", va="center", color=colour, fontsize=9)
        axes.set_xticks(range(len(labels)), labels, rotation=45, ha="right")
        axes.set_yticks(range(len(labels)), labels)
        axes.set_xlabel("predicted")
        axes.set_ylabel("gold")
        axes.spines[:].set_visible(False)

    side = 1.8 + 0.55 * len(labels)
    return _svg(draw, width=side + 0.6, height=side)


def interval_plot(scores: Scores, intervals: Mapping[str, Interval]) -> str:
    """Return F1 of each type and of all entities, with its interval."""
    labels = [*scores.types, "micro"]
    rates = [*(counts.rates.f1 for counts in scores.types.values()), scores.micro.f1]

    def draw(axes: Any) -> None:
        for y, (label, rate) in enumerate(zip(labels, rates, strict=True)):
            low, high = intervals[label]
            axes.plot([100 * low, 100 * high], [y, y], color=_BLUE, linewidth=3, alpha=0.4, solid_capstyle="round")
            axes.plot([100 * rate], [y], "o", color=_BLUE, markersize=7)
        axes.set_yticks(range(len(labels)), labels)
        axes.set_xlim(0, 100)
        axes.set_ylim(len(labels) - 0.5, -0.5)
        axes.set_xlabel("F1, %")
        axes.grid(axis="x", alpha=0.2)

    return _svg(draw, width=6, height=1.1 + 0.35 * len(labels))


def reliability_curve(calibration: Calibration) -> str:
    """Return the fraction correct of each bin against its mean confidence; areas of points are sizes of bins."""
    largest = max((one.size for one in calibration.bins), default=1)

    def draw(axes: Any) -> None:
        axes.plot([0, 1], [0, 1], "--", color=_INK, alpha=0.4, linewidth=1)
        confidences = [one.confidence for one in calibration.bins]
        correct = [one.correct for one in calibration.bins]
        areas = [20 + 180 * one.size / largest for one in calibration.bins]
        axes.plot(confidences, correct, color=_BLUE, linewidth=1.5)
        axes.scatter(confidences, correct, s=areas, color=_BLUE, zorder=3)
        axes.set_xlim(0, 1.02)
        axes.set_ylim(0, 1.02)
        axes.set_xlabel("confidence")
        axes.set_ylabel("fraction correct")
        axes.set_aspect("equal")
        axes.grid(alpha=0.2)

    return _svg(draw, width=4.6, height=4.4)


def learning_curve(epochs: Sequence[Mapping[str, Any]]) -> str:
    """Return dev F1 and training loss by epoch."""
    numbers = [epoch["epoch"] for epoch in epochs]

    def draw(axes: Any) -> None:
        scored = [epoch for epoch in epochs if "dev_f1" in epoch]  # the last ones are trained on the dev split
        axes.plot([e["epoch"] for e in scored], [100 * e["dev_f1"] for e in scored], "o-", color=_BLUE, markersize=3)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.set_xlabel("epoch")
        axes.set_ylabel("dev F1, %", color=_BLUE)
        axes.grid(alpha=0.2)
        other = axes.twinx()
        other.plot(numbers, [epoch["loss"] for epoch in epochs], color=_ORANGE)
        other.set_ylabel("training loss, nats per token", color=_ORANGE)
        other.set_ylim(bottom=0)

    return _svg(draw, width=6, height=3.4)


def _svg(draw: Callable[[Any], None], *, width: float, height: float) -> str:
    """Return a figure of a size in inches as an ``svg`` element.

    Raises:
        MissingExtraError: if matplotlib is not installed.
    """
    with requires_extra("the HTML report", "report"):
        import matplotlib
        from matplotlib.figure import Figure
    with matplotlib.rc_context(_STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # missing here; the browser has its own fonts
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure.subplots())
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    drawing = buffer.getvalue()
    drawing = re.sub(r"<metadata>.*?</metadata>", "", drawing[drawing.index("<svg") :], flags=re.DOTALL)
    return drawing.replace(_INK, "currentColor").strip()
