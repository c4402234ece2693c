"""The settings of a language model's training run; kept in its model file as TOML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from nertagger.config.settings import Cell, Count, Direction, Positive, Precision, Probability, Settings

Level = Literal["characters", "words"]


class LanguageModelConfig(Settings):
    """All settings of a language model: text, network and training. Symbols are characters or words (`level`)."""

    former_names: ClassVar[Mapping[str, str]] = {"lanes": "batch_size", "check_every": "evaluate_every"}

    text: list[str] = Field([], description="text files to train on; plain, .gz, .xz or .bz2")
    dev: str = Field("", description='held-out text; "" holds out a twentieth of the first block')
    level: Level = Field("characters", description='symbols are "characters" or "words"')
    tokens: bool = Field(
        False, description="characters: one sentence per line, one space between tokens, as a tagger sees text"
    )
    max_symbols: Positive = Field(10_000, description="at most this many symbols have an id of their own")
    min_count: Positive = Field(2, description="rarer symbols share the id of UNK")
    direction: Direction = Field("both", description='"forward", "backward" or "both"')
    cell: Cell = Field("lstm", description="as in the tagger's network")
    layers: Positive = Field(1, description="number of stacked recurrent layers")
    units: Positive = Field(256, description="hidden units per layer")
    size: Positive = Field(48, description="width of a symbol's vector")
    dropout: Probability = Field(0.1, description="variational (locked) dropout before and after each recurrent layer")
    batch_size: Positive = Field(64, description="batch streams: parts of the text that are read in parallel")
    window: Positive = Field(
        100, description="symbols per step: gradients are truncated there, states are carried over"
    )
    steps: Positive = Field(2000, description="training steps; the text starts over where it ends")
    seconds: Count = Field(
        0,
        description="stop after this many seconds even before the last step; 0: never. Such a run is not reproducible",
    )
    learning_rate: Annotated[float, Field(gt=0)] = Field(
        0.004, description="the highest learning rate, which falls to zero at the end along half a cosine"
    )
    precision: Precision = Field(
        "float32",
        description='of matrix products: "bfloat16" is coarser, and faster on a CPU with AVX512-BF16 or AMX',
    )
    clip_at: Annotated[float, Field(gt=0)] = Field(1.0, description="the greatest norm of one direction's gradient")
    evaluate_every: Positive = Field(200, description="steps between two evaluations on the held-out text")
    seed: Count = Field(1, description="random seed; the same seed gives the same file on the same CPU")
    model: str = Field("model.lm", description="the model file; log and checkpoint are in model.lm.run beside it")

    @property
    def directions(self) -> tuple[str, ...]:
        """Return the directions that have a network each, forward first."""
        return ("forward", "backward") if self.direction == "both" else (self.direction,)
