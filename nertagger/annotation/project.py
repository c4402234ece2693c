"""A project: a folder with a database of texts and decisions, and the models that were trained on them."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self

from nertagger.annotation.store.database import Database, ProjectError
from nertagger.annotation.store.decisions import IMPORTED, Answer, Decisions
from nertagger.annotation.store.models import Checks, Models, Predicted, Proposal, StoredModel, Trainings
from nertagger.annotation.store.names import Names
from nertagger.annotation.store.settings import SettingsTable
from nertagger.annotation.store.texts import Added, Texts
from nertagger.companions import PROJECT_FILE
from nertagger.files import make_folder
from nertagger.grouping import batches_of
from nertagger.modelfile.schema import ENGLISH
from nertagger.runtime import Tagger
from nertagger.text.document import Document

_AT_ONCE = 500  # documents added in a transaction
_SEED = 1


@dataclass(frozen=True, slots=True)
class Import:
    """What was added.

    Attributes:
        texts, sentences: how many were added.
        decided: sentences with decisions.
        repeated: texts left out, as the project has them from the same file.
        copied: texts that the project has from another file too.
        copied_from: the first such file.
    """

    texts: int = 0
    sentences: int = 0
    decided: int = 0
    repeated: int = 0
    copied: int = 0
    copied_from: str = ""

    def __add__(self, other: Import) -> Import:
        return Import(
            self.texts + other.texts,
            self.sentences + other.sentences,
            self.decided + other.decided,
            self.repeated + other.repeated,
            self.copied + other.copied,
            self.copied_from or other.copied_from,
        )


class Project:
    """A project that is open.

    Attributes:
        folder: where it is.
        database: its tables; the other attributes are views of them.
    """

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder, self.database = folder, database
        self.texts = Texts(database)
        self.decisions = Decisions(database)
        self.names = Names(database, self.texts)
        self.models = Models(database)
        self.trainings = Trainings(database)
        self.checks = Checks(database)
        self.settings = SettingsTable(database)

    @classmethod
    def open(cls, folder: str | os.PathLike[str], *, create: bool = False, read_only: bool = False) -> Self:
        """Open the project in a folder.

        Args:
            folder: the folder.
            create: whether to make the project if there is none.
            read_only: whether to open it without ever changing it.

        Raises:
            ProjectError: if there is no project, or it cannot be opened.
        """
        path = Path(folder)
        file = path / PROJECT_FILE
        if not file.is_file():
            _check_new(path, create=create and not read_only)
            make_folder(path)
        return cls(path, Database(file, read_only=read_only))

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.folder.resolve().name

    @property
    def model_folder(self) -> Path:
        """The folder of the models that were trained here."""
        return self.folder / "models"

    def model_path(self, file: str) -> Path:
        """Return the path of a model's file, which is in the model folder unless its name says otherwise."""
        return self.model_folder / file

    def load_model(self, model: StoredModel) -> Tagger:
        """Return one of the project's models."""
        return Tagger.load(ENGLISH if model.file == ENGLISH else self.model_path(model.file), threads=1)

    def add(self, documents: Iterable[Document], *, source: str) -> Import:
        """Add documents; those that the project has from the same file, plain or compressed, are left out.

        Annotated sentences become decisions of the annotator ``imported``, predicted ones become proposals.

        Args:
            documents: the documents of a file.
            source: the name of that file.
        """
        labels = dict.fromkeys(self.settings.load().labels)
        added = Import()
        rng = random.Random(f"{_SEED} {self.texts.count()}")
        known = self.texts.known(source)
        for batch in batches_of(enumerate(documents), _AT_ONCE):
            added += self._add_batch(batch, partial(self.texts.add, source=source, rng=rng, known=known), labels)
        self.settings.update(labels=tuple(labels))
        return added

    def use_model(self, path: str | os.PathLike[str]) -> int:
        """Make a model the latest one, which proposes from now on, unless it is already; return its number.

        A project without labels takes those of the model.

        Args:
            path: the model file, or ``english`` for the tagger of the package.
        """
        file = ENGLISH if path == ENGLISH else str(Path(path).resolve())
        latest = self.models.latest()
        if latest is not None and latest.file == file:
            return latest.number
        tagger = Tagger.load(file)
        if not self.settings.load().labels:
            self.settings.update(labels=tagger.labels)
        return self.models.add(file, sentences=0, seconds=0.0)

    def _add_batch(
        self, batch: list[tuple[int, Document]], add: Callable[..., Added], labels: dict[str, None]
    ) -> Import:
        """Add documents with their numbers in one transaction; labels of their entities are added to `labels`."""
        total = Import()
        proposed: list[Predicted] = []
        with self.database.write() as connection:
            for number, document in batch:
                added = add(connection, document, number=number)
                labels.update((span.label, None) for spans in added.spans for span in spans or ())
                decided = 0
                if added.predicted:
                    proposed += _proposals_of(added)
                else:
                    decided = self._decide(connection, added)
                has_copy = bool(added.copied_from)
                total += Import(
                    bool(added.sentences), len(added.sentences), decided, added.repeated, has_copy, added.copied_from
                )
        if proposed:
            self.models.predict(None, proposed)
        return total

    def _decide(self, connection: Any, added: Added) -> int:
        pairs = [(n, spans) for n, spans in zip(added.sentences, added.spans, strict=True) if spans is not None]
        for number, spans in pairs:
            self.decisions.record_in(connection, Answer(number, IMPORTED, spans, origin="import"))
        return len(pairs)


def _check_new(path: Path, *, create: bool) -> None:
    """Raise ProjectError unless a project may be made here."""
    if path.exists() and not path.is_dir():
        raise ProjectError(f"{path}: is a file, expected the folder of a project; name the project first")
    if not create:
        raise ProjectError(f"{path}: is not a project; nertagger annotate {path} FILE --labels PER,LOC makes one")
    if path.is_dir() and any(path.iterdir()):
        raise ProjectError(f"{path}: is a folder with other files, expected a project or a new name")


def _proposals_of(added: Added) -> Iterator[Predicted]:
    """Yield predictions that were read with a document; only their entities are known."""
    import numpy as np

    for number, spans in zip(added.sentences, added.spans, strict=True):
        proposals = [Proposal(span, 1.0) for span in spans or ()]
        yield Predicted(number, proposals, 1.0, 0.0, 1.0, 0.0, np.zeros(0, np.float16))
