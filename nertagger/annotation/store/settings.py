"""The settings of a project, changed in the page or on the command line."""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from nertagger.annotation.store.database import Database, ProjectError, to_json
from nertagger.printable import printable

Strategy = Literal["random", "errors", "probability", "entity", "margin"]
"""The names of the orders in which sentences are asked for, see `nertagger.annotation.ranking.strategies`."""

_MAX_LABEL = 60  # characters


class ProjectSettings(BaseModel):
    """The settings of a project.

    Attributes:
        labels: the labels that entities can have.
        guidelines: what annotators should know, as plain text.
        strategy: how the next sentence is chosen (see `nertagger.annotation.ranking.strategies`).
        random_share: the fraction of sentences that are drawn at random, for an honest estimate of F1.
        train_every: a model is trained after this many new answers; 0: only when asked to.
        overlap: the fraction of sentences that a second annotator is asked again, to measure agreement.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    labels: tuple[str, ...] = ()
    guidelines: str = Field("", max_length=100_000)
    strategy: Strategy = "probability"
    random_share: float = Field(0.2, ge=0, le=1)
    train_every: int = Field(20, ge=0)
    overlap: float = Field(0.1, ge=0, le=1)

    @field_validator("labels")
    @classmethod
    def _labels_are_names(cls, labels: tuple[str, ...]) -> tuple[str, ...]:
        for label in labels:
            if not label.strip() or label != label.strip() or len(label) > _MAX_LABEL or not label.isprintable():
                problem = f"got the label {printable(label)!r}"
                raise ValueError(
                    f"{problem}, expected 1 to {_MAX_LABEL} printable characters without spaces around them"
                )
        return tuple(dict.fromkeys(labels))


class SettingsTable:
    """The settings as they are stored."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self) -> ProjectSettings:
        """Return the settings; those that were never changed have their defaults."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT name, value FROM settings").fetchall()
        return ProjectSettings(**{row["name"]: json.loads(row["value"]) for row in rows})

    def update(self, **changes: Any) -> ProjectSettings:
        """Change some settings and return all.

        Raises:
            ProjectError: if a value is not possible.
        """
        try:
            changed = ProjectSettings(**{**self.load().model_dump(), **changes})
        except ValidationError as error:
            raise ProjectError(f"settings: {_reason(error)}") from error
        values = changed.model_dump(include=set(changes))
        with self._database.write() as connection:
            connection.executemany(
                "INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                [(name, to_json(value)) for name, value in values.items()],
            )
        return changed


def _reason(error: ValidationError) -> str:
    """Return the first problem on one line, with the name of the setting."""
    first = error.errors()[0]
    name = ".".join(map(str, first["loc"]))
    return f"{name}: {str(first['msg']).removeprefix('Value error, ')}"
