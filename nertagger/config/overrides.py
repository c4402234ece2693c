"""Settings that replace others, by their dotted names: ``network.layers=2``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel

from nertagger.config.fields import fields_of, sections_of
from nertagger.errors import ConfigError
from nertagger.parsing import load_toml


class Override(NamedTuple):
    """A setting's new value.

    Attributes:
        name: dotted, such as ``network.layers``.
        value: not checked yet.
        origin: where the value comes from, for messages, such as ``--set network.layers=2``.
    """

    name: str
    value: Any
    origin: str


def parse_override(text: str, kind: type[BaseModel]) -> Override:
    """Return the override that ``section.key=value`` states; the value is TOML or a bare string.

    Raises:
        ConfigError: if the text has another form.
    """
    origin = f"--set {text}"
    path, equals, raw = text.partition("=")
    section, dot, key = (part.strip() for part in path.partition("."))
    if not equals or not dot:
        raise ConfigError(f"{origin}: expected section.key=value, as in network.layers=2")
    name = f"{section}.{key}"
    try:
        value = load_toml(f"value = {raw}")["value"]
    except ValueError:
        return Override(name, raw.strip(), origin)  # a bare word is a string, so that it need not be quoted twice
    field = fields_of(kind).get(name)
    is_string = field is not None and field.annotation is str  # output.model=2024 needs no quotes
    return Override(name, raw.strip() if is_string and not isinstance(value, str) else value, origin)


def overrides_of(values: Mapping[str, Any], kind: type[BaseModel], *, source: str) -> Iterator[Override]:
    """Yield each of the values: they are by dotted name, or by section with a mapping of keys.

    Numbers of NumPy, such as those of a search over a range, become Python's.
    """
    for name, value in values.items():
        if name in sections_of(kind) and isinstance(value, Mapping):
            yield from (Override(f"{name}.{key}", _plain(inner), source) for key, inner in value.items())
        else:
            yield Override(name, _plain(value), source)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "dtype") and getattr(value, "shape", None) == () else value


def nest(overrides: Iterable[Override], *, source: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values by section, later ones in place of earlier ones, and the origin of each setting and section.

    Raises:
        ConfigError: if an override is for a section whose value is not a section.
    """
    nested: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name, value, origin in overrides:
        origins[name] = origin
        section, dot, key = name.partition(".")
        if not dot:
            nested[name] = value
            continue
        if section not in nested:
            nested[section], origins[section] = {}, origin
        if not isinstance(nested[section], dict):
            raise ConfigError(f"{source}: {section}: expected a section, [{section}], got {nested[section]!r:.60}")
        nested[section][key] = value
    return nested, origins
