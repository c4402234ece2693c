"""The sentences of a project that fit a search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from nertagger.annotation.project import Project

State = Literal["all", "answered", "skipped", "undecided"]


@dataclass(frozen=True, slots=True)
class Search:
    """What sentences are looked for; empty strings are not.

    Attributes:
        query: characters of the text, whatever their case.
        label: a label of an entity in a decision that holds.
        state: whether there is an answer, only skips, or no decision.
        annotator: somebody who has decided on it.
        source: the file that it was read from.
    """

    query: str = ""
    label: str = ""
    state: State = "all"
    annotator: str = ""
    source: str = ""


_DECIDED = (
    "EXISTS (SELECT 1 FROM current AS c JOIN decisions AS d ON d.id = c.decision_id WHERE c.sentence_id = s.id{})"
)
_STATES = {
    "answered": _DECIDED.format(" AND kind = 'answer'"),
    "skipped": f"{_DECIDED.format('')} AND NOT {_DECIDED.format(' AND kind = ' + repr('answer'))}",
    "undecided": f"NOT {_DECIDED.format('')}",
}
_START, _END = "json_extract(tokens, '$[0][0]')", "json_extract(tokens, '$[#-1][1]')"
_SENTENCE = f"substr(text, 1 + {_START}, {_END} - {_START})"
_HAS_LABEL = " AND EXISTS (SELECT 1 FROM json_each(d.entities) WHERE json_extract(json_each.value, '$[0]') = :label)"


def search(project: Project, wanted: Search, *, first: int, number: int) -> tuple[list[int], int]:
    """Return the sentences that fit, in the order of the texts, from `first` on, and how many fit in all."""
    conditions = ["1"]
    if wanted.query:
        conditions.append(f"instr(folded({_SENTENCE}), folded(:query)) > 0")
    if wanted.label:
        conditions.append(_DECIDED.format(_HAS_LABEL))
    if wanted.annotator:
        conditions.append(_DECIDED.format(" AND c.annotator = :annotator"))
    if wanted.source:
        conditions.append("source = :source")
    if wanted.state != "all":
        conditions.append(_STATES[wanted.state])
    rest = f"FROM sentences AS s JOIN texts ON texts.id = text_id WHERE {' AND '.join(conditions)}"
    values: dict[str, Any] = {
        "query": wanted.query,
        "label": wanted.label,
        "annotator": wanted.annotator,
        "source": wanted.source,
    }
    with project.database.read() as connection:
        (total,) = connection.execute(f"SELECT count(*) {rest}", values).fetchone()
        page = f"SELECT s.id {rest} ORDER BY text_id, s.number LIMIT :number OFFSET :first"
        rows = connection.execute(page, {**values, "first": first, "number": number}).fetchall()
    return [row["id"] for row in rows], total
