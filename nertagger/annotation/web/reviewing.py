"""Requests of those who look over the work: search, doubtful decisions, agreement, and the learning curve."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query

from nertagger.annotation.agreement import agreements
from nertagger.annotation.browsing import Search, State, search
from nertagger.annotation.learning.curve import PowerLaw, fit, forecast
from nertagger.annotation.project import Project
from nertagger.annotation.store.decisions import Decision
from nertagger.annotation.web.views import Record, listed_view, proposals_view
from nertagger.annotation.web.workspace import Workspace

_LISTED = 200  # sentences at most
_LAW_POINTS = 30


def reviewing_router(workspace: Workspace) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/api")
    _add_search(router, workspace.project)
    _add_quality(router, workspace.project)
    _add_learning(router, workspace.project)
    return router


def _add_search(router: APIRouter, project: Project) -> None:
    @router.get("/sentences")
    def find_sentences(
        query: Annotated[str, Query(max_length=500)] = "",
        label: str = "",
        state: State = "all",
        annotator: str = "",
        source: str = "",
        first: Annotated[int, Query(ge=0)] = 0,
        number: Annotated[int, Query(ge=1, le=_LISTED)] = 50,
    ) -> Record:
        wanted = Search(query=query, label=label, state=state, annotator=annotator, source=source)
        found, total = search(project, wanted, first=first, number=number)
        return {"total": total, "sentences": _listed(project, found), "sources": project.texts.sources()}


def _add_quality(router: APIRouter, project: Project) -> None:
    @router.get("/doubtful")
    def list_doubtful() -> Record:
        checks = project.checks.doubtful()
        shown = checks[:_LISTED]
        sentences = {one["id"]: one for one in _listed(project, [check.sentence for check in shown])}
        rows = [
            {
                **sentences[check.sentence],
                "decision": check.decision,
                "doubt": check.doubt,
                "proposals": proposals_view(check.proposals),
            }
            for check in shown
        ]
        return {"total": len(checks), "sentences": rows}

    @router.get("/agreement")
    def list_disagreements() -> Record:
        found = agreements(project)
        differ = sorted({number for one in found for number in one.differ})[:_LISTED]
        return {"pairs": [asdict(one) for one in found], "sentences": _listed(project, differ)}


def _add_learning(router: APIRouter, project: Project) -> None:
    @router.get("/learning")
    def show_learning(aim: Annotated[float | None, Query(gt=0, lt=1)] = None) -> Record:
        curve = project.checks.curve()
        law = fit(curve)
        return {
            "points": [asdict(point) for point in curve],
            "law": _law_points(law) if isinstance(law, PowerLaw) else [],
            "forecast": asdict(forecast(curve, aim)) if aim is not None else None,
        }


def _listed(project: Project, numbers: Sequence[int]) -> list[Record]:
    """Return sentences with their decisions, as lists show them."""
    decisions: dict[int, list[Decision]] = defaultdict(list)
    for decision in project.decisions.of_sentences(numbers):
        decisions[decision.sentence].append(decision)
    return [listed_view(one, decisions[one.number]) for one in project.texts.several(numbers)]


def _law_points(law: PowerLaw) -> list[Record]:
    """Return points of a power law up to four times the sentences trained on."""
    sizes = [round(law.trained * 4 ** (step / _LAW_POINTS)) for step in range(-_LAW_POINTS, _LAW_POINTS + 1)]
    return [{"sentences": size, "f1": law.f1(size)} for size in sizes if size > 0]
