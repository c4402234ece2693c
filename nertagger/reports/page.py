"""The report as one HTML page that needs nothing else: style, script and figures stand inside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from nertagger.evaluation.aligned import Judged
from nertagger.evaluation.confusion import Outcome
from nertagger.evaluation.parts import Found, edges
from nertagger.reports.content import SHOWN, Content
from nertagger.reports.plots import heat_map, interval_plot, learning_curve, reliability_curve
from nertagger.reports.style import HEAD, SCRIPT

_GOLDEN_ANGLE, _FIRST_HUE = 137.508, 210.0  # hues that stay easy to tell apart, however many there are


def page(content: Content) -> str:
    """The page of some content.

    Raises:
        MissingExtraError: if matplotlib is not installed.
    """
    return "\n".join(_parts(content)) + "\n"


def _parts(content: Content) -> Iterator[str]:
    yield HEAD.replace("TITLE", escape(content.title))
    yield f"<h1>{escape(content.title)}</h1>\n<p class=summary>{escape(content.summary)}.</p>"
    facts = "".join(f"<dt>{escape(name)}<dd>{escape(value)}" for name, value in content.facts.items())
    yield f"<dl>{facts}</dl>" if facts else ""
    yield _section(
        "Scores", _table(content.score_rows()) + _figure(interval_plot(content.scores, content.details.intervals))
    )
    _, *tables = content.details.tables()  # the intervals stand beside the scores
    yield from (_section(title, _figures(title, content) + _table(rows)) for title, rows in tables)
    if content.epochs:
        yield _section("Training", _figure(learning_curve(content.epochs)))
    yield _section("Sentences with errors", _sentences(content))
    yield f"</main>\n<script>{SCRIPT}</script>\n</body>\n</html>"


def _figures(title: str, content: Content) -> str:
    """The figure that belongs to a table of the details, if there is one."""
    if title.startswith("Gold labels"):
        return _figure(heat_map(content.details.confusion))
    if title.startswith("Confidences") and content.details.calibration is not None:
        return _figure(reliability_curve(content.details.calibration))
    return ""


def _section(title: str, inner: str) -> str:
    return f"<section>\n<h2>{escape(title)}</h2>\n{inner}\n</section>"


def _figure(drawing: str) -> str:
    return f"<figure>{drawing}</figure>\n"


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    cells = "".join(f"<th scope=col>{escape(cell)}" for cell in head)
    lines = "\n".join(
        f"<tr><th scope=row>{escape(row[0])}{''.join(f'<td>{escape(cell)}' for cell in row[1:])}" for row in body
    )
    return f"<div class=wide tabindex=0><table>\n<thead><tr>{cells}\n<tbody>\n{lines}\n</table></div>"


def _sentences(content: Content) -> str:
    worst = content.worst()
    labels = content.details.confusion.labels[:-1]
    hues = {label: f"{(_FIRST_HUE + _GOLDEN_ANGLE * n) % 360:.0f}" for n, label in enumerate(labels)}
    shown = "\n".join(_sentence(sentence, kinds, hues) for sentence, kinds in worst[:SHOWN])
    of = f"of the {SHOWN} worst of {len(worst):,}" if len(worst) > SHOWN else f"of {len(worst):,}"
    filters = (
        _select("kind", "any error", [kind.value for kind in Outcome if kind is not Outcome.CORRECT])
        + _select("label", "any label", labels)
        + '<input id=text type=search placeholder="words" aria-label="words that the sentence holds">'
    )
    return (
        f"<form class=filters>{filters}<output id=count></output> {of}, most errors first</form>\n<ol>\n{shown}\n</ol>"
    )


def _select(name: str, anything: str, values: Sequence[str]) -> str:
    options = "".join(f"<option>{escape(value)}</option>" for value in values)
    return f'<select id={name} aria-label={name}><option value="">{anything}</option>{options}</select>'


def _sentence(sentence: Judged, kinds: set[Outcome], hues: Mapping[str, str]) -> str:
    labels = sorted({span.label for span in (*sentence.gold, *sentence.predicted)})
    confidences = sentence.confidences or (None,) * len(sentence.predicted)
    found = zip(sentence.predicted, confidences, strict=True)
    gold = _marked(sentence, ((span, None) for span in sentence.gold), set(sentence.predicted), hues)
    predicted = _marked(sentence, found, set(sentence.gold), hues)
    data = f'data-kinds="{escape("|".join(sorted(kinds)))}" data-labels="{escape("|".join(labels))}"'
    source = f"<small>{escape(sentence.source)}</small>" if sentence.source else ""
    return f"<li {data}>{source}<p><b>gold</b> {gold}<p><b>found</b> {predicted}"


def _marked(
    sentence: Judged, spans: Iterable[tuple[Found, float | None]], others: set[Found], hues: Mapping[str, str]
) -> str:
    """The sentence with its entities marked; those that the other side does not have stand out."""
    text, pieces, done = " ".join(sentence.words), [], 0
    for span, confidence in spans:
        start, end = edges(sentence.words, span)
        title = f' title="{confidence:.1%}"' if confidence is not None else ""
        wrong = "" if span in others else " class=wrong"
        name = f"<i>{escape(span.label)}</i>"
        mark = f'<mark{wrong} style="--hue:{hues[span.label]}"{title}>{escape(text[start:end])}{name}</mark>'
        pieces += [escape(text[done:start]), mark]
        done = end
    return "".join([*pieces, escape(text[done:])])
