"""``nertagger annotate``: label, train and correct in the browser."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from nertagger.cli.common.binding import DEFAULT_BINDING, BindingOptions
from nertagger.cli.common.inputs import expect_model, find_inputs
from nertagger.cli.common.options import AS_DETECTED, Format, ReadingOptions
from nertagger.cli.common.parser import Argument, Option, UsageError
from nertagger.cli.common.process import tell
from nertagger.cli.common.progress import reading
from nertagger.errors import requires_extra
from nertagger.printable import counted

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from nertagger.annotation.project import Import, Project
    from nertagger.serving.running import Binding


def annotate(
    project: Annotated[Path, Argument(help="the folder of the project; it is made on first use")],
    files: Annotated[
        list[str] | None,
        Argument(metavar="FILE", help="texts to add: raw or annotated, in any format that convert reads, or folders"),
    ] = None,
    labels: Annotated[
        str | None, Option(metavar="A,B,...", help="labels of entities; those of annotated files are added")
    ] = None,
    model: Annotated[
        str | None,
        Option(metavar="FILE", help='a model whose proposals are shown until one is trained here; or "english"'),
    ] = None,
    strategy: Annotated[
        Literal["random", "errors", "probability", "entity", "margin"] | None,
        Option(metavar="NAME", help="what to ask for next: probability (at first), errors, entity, margin or random"),
    ] = None,
    train_every: Annotated[
        int | None, Option(min=0, help="train after this many new answers; 0: only when asked to")
    ] = None,
    backup: Annotated[
        Path | None, Option(metavar="FILE", help="write a copy of the database to a new file, and end")
    ] = None,
    add_only: Annotated[bool, Option("--add-only", help="add the files and end, without the page")] = False,
    read_only: Annotated[bool, Option("--read-only", help="show the project without changing anything")] = False,
    binding: BindingOptions = DEFAULT_BINDING,
    format: Format = None,
    read_as: ReadingOptions = AS_DETECTED,
) -> None:
    """Label texts in the browser, with a model that is trained on the answers meanwhile and proposes the next ones.

    A project is a folder: train, convert, check and evaluate take it in place of an annotated file.
    """
    with requires_extra("nertagger annotate", "annotate"):
        from nertagger.annotation.project import Project
        from nertagger.annotation.web.application import make_app
    unchanging = "--read-only" if read_only else "--backup" if backup is not None else ""
    if unchanging and (files or labels is not None or model or strategy or train_every is not None):
        raise UsageError(f"{unchanging} changes nothing; leave out the files and the settings")
    paths = find_inputs(files or [])  # before a project is made for files that do not exist
    if model is not None:
        expect_model(model)
    opened = Project.open(project, create=bool(paths), read_only=read_only)
    if backup is not None:
        opened.database.backup(backup)
        return
    _change_settings(opened, labels, strategy=strategy, train_every=train_every)
    _add(opened, paths, format, read_as)
    if model is not None:
        opened.use_model(model)
    if not add_only:
        _serve(opened, partial(make_app, opened), binding.binding())


def _serve(project: Project, make_app: Callable[..., ASGIApp], place: Binding) -> None:
    """Show the page of a project until the process is asked to end."""
    from nertagger.serving.running import serve

    if not project.settings.load().labels:
        tell(f"{project.name} has no labels yet: the page asks for them, or pass --labels PER,LOC,ORG")
    serve(
        partial(make_app, token=place.token, hosts=place.allowed_hosts),
        place,
        announce=lambda url: tell(f"{project.name} is open at {url} (Ctrl-C to stop)"),
    )


def _change_settings(project: Project, labels: str | None, **changes: object) -> None:
    """Add labels, and change the settings that are given."""
    if labels is not None:
        known = project.settings.load().labels
        changes["labels"] = [*known, *(label.strip() for label in labels.split(",") if label.strip() not in known)]
    given = {name: value for name, value in changes.items() if value is not None}
    if given:
        project.settings.update(**given)


def _add(project: Project, paths: list[str], format: str | None, read_as: ReadingOptions) -> None:
    """Add the texts of files, and tell how many."""
    from nertagger.corpus import read_documents

    with reading(paths, "adding"):
        for path in paths:
            added = project.add(read_documents(path, format=format, **vars(read_as)), source=path)
            tell(f"{path}: {_told(added)}")


def _told(added: Import) -> str:
    """Return what was added, and what the project had already, in words."""
    told = f"added {counted(added.texts, 'text')} with {counted(added.sentences, 'sentence')}"
    if added.decided:
        told += f", {added.decided:,} of them annotated"
    if added.repeated:
        told += f"; {counted(added.repeated, 'text')} left out that the project has from this file already"
    if added.copied:
        told += f"; {counted(added.copied, 'text')} that the project has from {added.copied_from} too, now twice"
    return told
