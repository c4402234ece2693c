"""The fields of a settings class by their dotted names."""

from __future__ import annotations

from pydantic import BaseModel
from pydantic.fields import FieldInfo


def sections_of(kind: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """Return the sections of a settings class by name, in order; empty if its fields are settings themselves."""
    annotations = {name: field.annotation for name, field in kind.model_fields.items()}
    return {name: of for name, of in annotations.items() if isinstance(of, type) and issubclass(of, BaseModel)}


def fields_of(kind: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return every setting by its dotted name, such as ``network.layers``, or ``layers`` where there is no section."""
    found: dict[str, FieldInfo] = {}
    sections = sections_of(kind)
    for name, field in kind.model_fields.items():
        inner = sections[name].model_fields if name in sections else None
        found |= {name: field} if inner is None else {f"{name}.{key}": one for key, one in inner.items()}
    return found
