"""Settings as TOML text, and TOML files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from nertagger.config.fields import sections_of
from nertagger.errors import ConfigError


def settings_to_toml(settings: BaseModel, *, comments: bool = False) -> str:
    """Return settings as TOML, each below its description if `comments`."""
    return "\n".join(_lines(settings, comments=comments)).lstrip("\n") + "\n"


def toml_value(value: Any) -> str:
    """Return a string, number, boolean or flat list as TOML."""
    # JSON's strings, numbers, booleans and flat lists are TOML's, but for the characters that JSON may leave bare.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def read_text(path: str | Path) -> str:
    """Return the text of a configuration file.

    Raises:
        ConfigError: if it cannot be read, or is not UTF-8.
    """
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: there is no such file; nertagger init {path} writes a configuration") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read as a configuration: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: cannot be read as a configuration: {error}; save the file as UTF-8") from error


def _lines(settings: BaseModel, *, comments: bool) -> Iterator[str]:
    sections = sections_of(type(settings))
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if name not in sections:
            if comments:
                yield f"# {field.description}"
            yield f"# {name} =" if value is None else f"{name} = {toml_value(value)}"
            continue
        yield f"\n# {sections[name].__doc__}\n[{name}]" if comments else f"\n[{name}]"
        yield from _lines(value, comments=comments)
