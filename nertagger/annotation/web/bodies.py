"""The bodies of requests, checked before anything is done."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from nertagger.annotation.store.decisions import Answer
from nertagger.text.document import Span

Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Number = Annotated[int, Field(ge=0, lt=1 << 62)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SpanBody(_Body):
    """An entity as a range of tokens."""

    label: Name
    first: Number
    stop: Number


class DecisionBody(_Body):
    """A decision on a sentence; the attributes are those of `Answer`."""

    sentence: Number
    annotator: Name
    kind: Literal["answer", "skip"] = "answer"
    entities: list[SpanBody] = Field([], max_length=10_000)
    version: Number = 0
    origin: Literal["label", "review"] = "label"
    drawn: Annotated[str, StringConstraints(max_length=40)] | None = None
    model: Number | None = None
    seconds: Annotated[float, Field(ge=0, le=1e6)] | None = None

    def answer(self) -> Answer:
        """Return the decision as it is recorded."""
        return Answer(
            self.sentence,
            self.annotator,
            [Span(one.label, one.first, one.stop) for one in self.entities],
            kind=self.kind,
            version=self.version,
            origin=self.origin,
            drawn=self.drawn,
            model=self.model,
            seconds=self.seconds,
        )


class AnnotatorBody(_Body):
    """Who asks."""

    annotator: Name


class NameBody(_Body):
    """A name that gets a label everywhere, and the decided sentences that are changed now."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    label: Name
    annotator: Name
    sentences: list[Number] = Field([], max_length=100_000)


class TrainingBody(_Body):
    """What to do about the training."""

    action: Literal["start", "stop"]


class SettingsBody(_Body):
    """Settings to change; None leaves one as it is."""

    labels: list[str] | None = Field(None, max_length=200)
    guidelines: str | None = None
    strategy: str | None = None
    random_share: float | None = None
    train_every: int | None = None
    overlap: float | None = None
