"""The one style of all settings: typed fields, checked once when they are made, changed by `updated` alone."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nertagger.config.explanations import explain, setting_name
from nertagger.config.overrides import Override, nest, overrides_of, parse_override
from nertagger.config.toml import read_text, settings_to_toml
from nertagger.errors import ConfigError
from nertagger.parsing import load_toml

logger = logging.getLogger(__name__)

Probability = Annotated[float, Field(ge=0.0, lt=1.0)]
Positive = Annotated[int, Field(ge=1)]
Count = Annotated[int, Field(ge=0)]
Name = Annotated[str, Field(min_length=1)]
Direction = Literal["forward", "backward", "both"]
Precision = Literal["float32", "bfloat16"]
Cell = Literal["simple", "simple-relu", "simplified-gru", "gru", "lstm", "peephole"]


class Section(BaseModel):
    """Fields with a default and a description each; values are checked strictly and cannot be assigned to."""

    # Strict: "2", 2.0 and true are not numbers of layers. inf and nan are TOML, but not the value of any setting.
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, strict=True, allow_inf_nan=False)


class Settings(Section):
    """A complete configuration, of fields or of sections of fields.

    Every field has a default. A name that does not exist is an error that names the nearest one.
    """

    former_names: ClassVar[Mapping[str, str]] = {}
    """Dotted names that settings had in earlier versions, with the present ones; the former names are accepted."""

    @classmethod
    def from_values(
        cls, values: Mapping[str, Any], overrides: Iterable[Override | str] = (), *, source: str = "settings"
    ) -> Self:
        """Return the settings that differ from the defaults as `values` say.

        Args:
            values: by name; those of a section are a mapping of their own.
            overrides: settings that replace some of `values`; text is parsed as ``nertagger train --set`` does.
            source: where the values come from, for messages.

        Raises:
            ConfigError: naming the source, the setting, what was got and what was expected.

        >>> from nertagger.config import Config
        >>> Config.from_values({"network": {"units": 50}}, ["network.layers=2"]).network.layers
        2
        """
        changes = [parse_override(one, cls) if isinstance(one, str) else one for one in overrides]
        return cls._checked([*overrides_of(values, cls, source=source), *changes], source=source)

    @classmethod
    def from_toml(cls, text: str, overrides: Iterable[Override | str] = (), *, source: str = "settings") -> Self:
        """Return the settings in TOML `text`; see `from_values`."""
        return cls.from_values(_parse(text, source), overrides, source=source)

    @classmethod
    def from_file(cls, path: str | Path, overrides: Iterable[Override | str] = ()) -> Self:
        """Return the settings in a TOML file; see `from_values`."""
        return cls.from_toml(read_text(path), overrides, source=str(path))

    @classmethod
    def from_stored(cls, text: str, *, source: str) -> Self:
        """Return the settings in TOML that nertagger stored, such as those of a model file; without any warning."""
        return cls._checked(overrides_of(_parse(text, source), cls, source=source), source=source, warn=False)

    def updated(self, changes: Mapping[str, Any], *, source: str = "settings") -> Self:
        """Return these settings with some of them changed, and checked again.

        Args:
            changes: new values by dotted name; or by section, as a mapping.
            source: where they come from, for messages.

        Raises:
            ConfigError: if a setting does not exist, or cannot have this value.

        >>> from nertagger.config import Config
        >>> Config().updated({"training.epochs": 2, "network": {"layers": 3}}).training.epochs
        2
        """
        # Fields that were never set stay unset, so that what follows from other settings still does.
        before = overrides_of(self.model_dump(exclude_unset=True), type(self), source=source)
        return self._checked([*before, *overrides_of(changes, type(self), source=source)], source=source)

    def to_toml(self, *, comments: bool = False) -> str:
        """Return these settings as TOML, each below its description if `comments`."""
        return settings_to_toml(self, comments=comments)

    @classmethod
    def _checked(cls, overrides: Iterable[Override], *, source: str, warn: bool = True) -> Self:
        """Return the settings that differ from the defaults by these overrides; warn of former names if `warn`."""
        values, origins = nest((cls._with_present_name(one, warn=warn) for one in overrides), source=source)
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            errors = error.errors()
            origin = origins.get(setting_name(cls, errors[0]), source)
            raise ConfigError(f"{origin}: {explain(cls, errors)}") from None

    @classmethod
    def _with_present_name(cls, override: Override, *, warn: bool) -> Override:
        name = cls.former_names.get(override.name, override.name)
        if warn and name != override.name:
            logger.warning("%s: the setting %s is now called %s", override.origin, override.name, name)
        return override._replace(name=name)


def _parse(text: str, source: str) -> dict[str, Any]:
    try:
        return load_toml(text)
    except ValueError as error:
        raise ConfigError(f"{source}: not valid TOML: {error}") from error
