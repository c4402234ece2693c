"""The bodies of requests and answers, as OpenAPI shows them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, JsonValue, Tag

from nertagger.corpus import FORMATS
from nertagger.serving.api.tagging import Text

MOST_LABELLINGS = 100

_TEXT = "Angela Merkel met Barack Obama in Berlin."
_ENTITIES: list[JsonValue] = [
    {"label": "PER", "start": 0, "end": 13, "text": "Angela Merkel", "confidence": 0.998},
    {"label": "PER", "start": 18, "end": 30, "text": "Barack Obama", "confidence": 0.999},
    {"label": "LOC", "start": 34, "end": 40, "text": "Berlin", "confidence": 0.995},
]


class Record(BaseModel):
    """A text with any other fields, such as an id, which come back with the answer."""

    model_config = ConfigDict(extra="allow", strict=True, json_schema_extra={"examples": [{"id": 7, "text": _TEXT}]})
    __pydantic_extra__: dict[str, JsonValue]

    text: str


class Options(BaseModel):
    """How to tag."""

    model_config = ConfigDict(extra="forbid")

    model: str | None = Field(None, description="the name of a model, see /v1/models; by default the first")
    confidence: float = Field(0.0, ge=0, le=1, description="leave out entities with a lower confidence")
    n_best: int = Field(
        0,
        ge=0,
        le=MOST_LABELLINGS,
        description="add this many of the most probable labellings of each sentence",
    )
    posteriors: bool = Field(False, description="add the probability of each tag at each token")
    sentences: bool = Field(False, description="add where sentences begin and end")


def _kind(value: object) -> str | None:
    """Return which of the kinds of a text a value is, None if it is none of them."""
    if isinstance(value, str):
        return "<string>"
    if isinstance(value, list):
        return "<list>"
    return "<object>" if isinstance(value, dict | Record) else None


def _kinds(expected: str) -> Discriminator:
    """Return what chooses one of the kinds, so that an error tells of this one alone."""
    return Discriminator(_kind, custom_error_type="kind_of_text", custom_error_message=f"expected {expected}")


_OneText = Annotated[str, Tag("<string>")] | Annotated[Record, Tag("<object>")]
AnyText = Annotated[_OneText, _kinds("a string, or an object with text")]


class TagRequest(Options):
    """One text or several, and how to tag them."""

    model_config = ConfigDict(
        strict=True,
        json_schema_extra={
            "examples": [{"text": _TEXT}, {"text": [{"id": 7, "text": _TEXT}, "Ann ran."], "confidence": 0.5}]
        },
    )

    text: Annotated[
        _OneText | Annotated[list[AnyText], Tag("<list>")], _kinds("a string, an object with text, or a list of these")
    ] = Field(description="a text, or several")

    def all_texts(self) -> list[Text]:
        """Return the texts, a single one as a list."""
        return [as_text(one) for one in (self.text if isinstance(self.text, list) else [self.text])]


class Entity(BaseModel):
    """An entity: its label, its half-open range of characters (Unicode code points), and how sure the model is."""

    model_config = ConfigDict(strict=True)

    label: str = Field(min_length=1)
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    confidence: Annotated[float | None, Field(description="exact posterior probability under the model")] = None
    rule: Annotated[str | None, Field(description="the rule that found it, if a rule did")] = None


class Labelling(BaseModel):
    """A labelling of a whole sentence."""

    model_config = ConfigDict(strict=True)

    probability: float
    entities: list[Entity]


class TokenPosteriors(BaseModel):
    """A token and the probability of each of its tags; tags below 0.0000005 are left out."""

    model_config = ConfigDict(strict=True)

    text: str
    start: int
    end: int
    posteriors: dict[str, float]


class SentenceRange(BaseModel):
    """A sentence, with what was asked for."""

    model_config = ConfigDict(strict=True)

    start: int
    end: int
    readings: list[Labelling] | None = Field(None, description="the most probable labellings, best first")
    tokens: list[TokenPosteriors] | None = None


class TaggedDocument(BaseModel):
    """A tagged text, with the other fields of its record."""

    model_config = ConfigDict(
        extra="allow", strict=True, json_schema_extra={"examples": [{"text": _TEXT, "entities": _ENTITIES, "id": 7}]}
    )

    text: str
    entities: list[Entity]
    predicted: bool | None = Field(None, description="true where a model tagged the text and found no entity")
    sentences: list[SentenceRange] | None = None


class TagResponse(BaseModel):
    """The tagged texts, in the order of the request."""

    model: str
    documents: list[TaggedDocument]


class ModelInfo(BaseModel):
    """A model that is served."""

    name: str
    labels: list[str]
    tags: list[str] = Field(description="the tags that posteriors are about")
    version: str = Field(description="the version of nertagger that wrote the model")


class FormatInfo(BaseModel):
    """A format that /v1/convert writes."""

    name: str
    description: str
    suffix: str


class ServiceInfo(BaseModel):
    """The models, the first of which is the default, the formats, and the limits of a request."""

    version: str
    models: list[ModelInfo]
    formats: list[FormatInfo]
    max_body_bytes: int
    max_texts: int


def _list_formats(schema: dict[str, Any]) -> None:
    schema["enum"] = [entry.name for entry in FORMATS.values() if entry.writable]


class ConvertRequest(BaseModel):
    """Tagged documents, and the format to write them in."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"format": "conll", "documents": [{"text": _TEXT, "entities": _ENTITIES}]}]},
    )

    format: str = Field(description="the name of a format, see /v1/models", json_schema_extra=_list_formats)
    model: str | None = Field(None, description="the model whose tokenizer splits the texts; by default the first")
    documents: list[TaggedDocument]


class Status(BaseModel):
    """The state of the service."""

    status: str = Field(examples=["ok"])


def as_text(text: AnyText) -> Text:
    """Return a text of a request with its other fields."""
    return Text(text, {}) if isinstance(text, str) else Text(text.text, text.__pydantic_extra__ or {})


def fields_of(record: TaggedDocument) -> dict[str, Any]:
    """Return the object that a document was made from, with its other fields, without details of its sentences."""
    return record.model_dump(exclude_unset=True, exclude={"sentences"})
