"""Requests about the project as a whole: settings, training, export and backup."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from nertagger.annotation.exporting import exported
from nertagger.annotation.learning.job import check_enough
from nertagger.annotation.project import Project
from nertagger.annotation.store.database import ProjectError
from nertagger.annotation.web.bodies import SettingsBody, TrainingBody
from nertagger.annotation.web.views import Record, project_view
from nertagger.annotation.web.workspace import Workspace


def managing_router(workspace: Workspace) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/api")
    project = workspace.project

    @router.put("/settings")
    def change_settings(body: SettingsBody) -> Record:
        _check_labels(project, body)
        project.settings.update(**body.model_dump(exclude_none=True))
        return project_view(workspace)

    @router.post("/training")
    def train(body: TrainingBody) -> Record:
        trainings = workspace.trainings
        if body.action == "stop":
            return {"done": trainings.stop()}
        check_enough(project.decisions.counts()["answered"])
        return {"done": trainings.start()}

    @router.get("/export")
    def export(format: Annotated[str, Query(max_length=40)] = "jsonl") -> Response:
        name, content = exported(project, format)
        return _download(name, content)

    @router.get("/backup")
    def back_up() -> Response:
        with TemporaryDirectory(prefix="nertagger-") as folder:
            file = Path(folder) / "backup.sqlite"
            project.database.backup(file)
            return _download(f"{project.name}.sqlite", file.read_bytes())

    return router


def _check_labels(project: Project, body: SettingsBody) -> None:
    """Raise ProjectError if a label that is in use would be removed."""
    if body.labels is None:
        return
    kept = {*body.labels}
    used = next((one for one in project.settings.load().labels if one not in kept and one in _used(project)), None)
    if used is not None:
        raise ProjectError(f"the label {used} is in use; change the entities and names that have it first")


def _used(project: Project) -> set[str]:
    return {*project.decisions.labels(), *project.names.all().values()}


def _download(name: str, content: bytes) -> Response:
    safe = "".join(_safe(name))
    headers = {"Content-Disposition": f'attachment; filename="{safe}"'}
    return Response(content, media_type="application/octet-stream", headers=headers)


def _safe(name: str) -> Iterator[str]:
    """Yield the characters of a file name that a header can hold."""
    return (c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in name)
