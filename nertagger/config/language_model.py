"""The settings of a language model as one typed object, checked once at the door; kept in its model file as TOML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nertagger.config.tagger import Cell, Direction, Precision, toml_value
from nertagger.errors import ConfigError
from nertagger.parsing import load_toml

Positive = Annotated[int, Field(ge=1)]
Level = Literal["characters", "words"]
DIRECTIONS = ("forward", "backward")


class LanguageModelConfig(BaseModel):
    """What is read, what is built of it, and how it learns. Symbols are characters or words, as `level` says."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, strict=True, allow_inf_nan=False)

    text: list[str] = Field([], description="text files to learn from; plain, .gz, .xz or .bz2")
    dev: str = Field("", description='held-out text; "" keeps back a twentieth of the first block')
    level: Level = Field("characters", description="what a symbol is")
    tokens: bool = Field(
        False, description="characters: a sentence a line, a space between tokens, as a tagger sees text"
    )
    max_symbols: Positive = Field(10_000, description="at most so many symbols have an id of their own")
    min_count: Positive = Field(2, description="rarer symbols share the unknown one's id")
    direction: Direction = Field("both", description="which way the text is read")
    cell: Cell = Field("lstm", description="as of the tagger's network")
    layers: Positive = Field(1, description="recurrent layers, one upon the other")
    units: Positive = Field(256, description="hidden units of a layer")
    size: Positive = Field(48, description="width of a symbol's vector")
    dropout: Annotated[float, Field(ge=0.0, lt=1.0)] = Field(0.1, description="locked dropout around every layer")
    lanes: Positive = Field(64, description="places of the text that are read side by side")
    window: Positive = Field(100, description="symbols a step: gradients go back no further, states are carried on")
    steps: Positive = Field(2000, description="steps of training; the text is begun anew where it ends")
    seconds: Annotated[int, Field(ge=0)] = Field(
        0, description="end after so many seconds even before the last step; 0: never. Such a run cannot be repeated"
    )
    learning_rate: Annotated[float, Field(gt=0)] = Field(
        0.004, description="the step size, which falls to nothing at the end along half a cosine"
    )
    precision: Precision = Field(
        "float32",
        description='of matrix products: "bfloat16" is coarser, and faster on a CPU with AVX512-BF16 or AMX',
    )
    clip_at: Annotated[float, Field(gt=0)] = Field(1.0, description="the greatest norm of a direction's gradient")
    check_every: Positive = Field(200, description="steps between two looks at the held-out text")
    seed: Annotated[int, Field(ge=0)] = Field(1, description="the same seed gives the same file on the same CPU")
    model: str = Field("model.lm", description="the model file; log and checkpoint are in model.lm.run beside it")

    @property
    def directions(self) -> tuple[str, ...]:
        """The directions that there are a network of, forward first."""
        return DIRECTIONS if self.direction == "both" else (self.direction,)

    def to_toml(self) -> str:
        """These settings as TOML, which `parse_lm_config` reads."""
        return "".join(f"{name} = {toml_value(getattr(self, name))}\n" for name in type(self).model_fields)


def make_lm_config(values: Mapping[str, Any], *, source: str = "settings") -> LanguageModelConfig:
    """The settings that differ from the defaults as `values` say.

    Raises:
        ConfigError: naming the setting, what was got and what was expected.
    """
    try:
        return LanguageModelConfig.model_validate(dict(values))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ConfigError(f"{source}: {place}: {first['msg']}, got {first['input']!r:.60}") from None


def parse_lm_config(text: str, *, source: str) -> LanguageModelConfig:
    """The settings that TOML `text` says; raises ConfigError as `make_lm_config`."""
    try:
        values = load_toml(text)
    except ValueError as error:
        raise ConfigError(f"{source}: not valid TOML: {error}") from error
    return make_lm_config(values, source=source)
