"""Requests of those who label: the next sentence, decisions, undoing, and names."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from nertagger.annotation.naming import label_everywhere, places_of
from nertagger.annotation.project import Project
from nertagger.annotation.ranking.queue import OVERLAP
from nertagger.annotation.store.database import ProjectError
from nertagger.annotation.web.bodies import AnnotatorBody, DecisionBody, Name, NameBody
from nertagger.annotation.web.views import Record, place_view, project_view, sentence_view
from nertagger.annotation.web.workspace import Workspace

Annotator = Annotated[Name, Query()]


def labelling_router(workspace: Workspace) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/api")
    _add_sentences(router, workspace)
    _add_decisions(router, workspace)
    _add_names(router, workspace)
    return router


def _add_sentences(router: APIRouter, workspace: Workspace) -> None:
    @router.get("/project")
    def show_project() -> Record:
        if workspace.background is not None:
            workspace.background.poll()
        return project_view(workspace)

    @router.get("/next")
    def choose_next(annotator: Annotator, skip: Annotated[list[int] | None, Query(max_length=50)] = None) -> Record:
        draw = workspace.queue.next(annotator, skip=skip or ())
        if draw is None:
            return {"sentence": None}
        sentence = workspace.sentence(draw.sentence)
        found = sentence_view(workspace, sentence, annotator, drawn=draw.strategy)
        return {"sentence": found | ({"others": []} if draw.strategy == OVERLAP else {})}

    @router.get("/sentences/{number}")
    def show_sentence(number: int, annotator: Annotator) -> Record:
        return sentence_view(workspace, workspace.sentence(number), annotator)


def _add_decisions(router: APIRouter, workspace: Workspace) -> None:
    project = workspace.project

    @router.post("/decisions")
    def decide(body: DecisionBody) -> Record:
        _check_labels(project, body)
        version = project.decisions.record(body.answer())
        if workspace.background is not None:
            workspace.background.start_if_due()
        return {"version": version}

    @router.post("/undo")
    def undo(body: AnnotatorBody) -> Record:
        return {"sentence": project.decisions.undo(body.annotator)}


def _check_labels(project: Project, body: DecisionBody) -> None:
    """Raise ProjectError if an entity has a label that the project has not, such as one that was removed meanwhile."""
    known = project.settings.load().labels
    wrong = next((one.label for one in body.entities if one.label not in known), None)
    if wrong is not None:
        expected = f"expected {' or '.join(known) or 'none, as the project has no labels'}"
        raise ProjectError(f"sentence {body.sentence}: got the label {wrong!r}, {expected}")


def _add_names(router: APIRouter, workspace: Workspace) -> None:
    project = workspace.project

    @router.get("/names")
    def preview_name(text: Annotated[str, Query(min_length=1, max_length=500)], annotator: Annotator) -> Record:
        return {"text": text, "places": [*map(place_view, places_of(project, text, annotator=annotator))]}

    @router.post("/names")
    def label_name(body: NameBody) -> Record:
        changed = label_everywhere(
            project, body.text, body.label, annotator=body.annotator, sentences=set(body.sentences)
        )
        return {"changed": changed}

    @router.delete("/names")
    def forget_name(text: str) -> Record:
        project.names.remove(text)
        return {}
