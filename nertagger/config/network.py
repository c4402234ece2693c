"""The settings of the recurrent stack and its output layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from nertagger.config.inputs import CharactersConfig
from nertagger.config.settings import Cell, Direction, Positive, Probability, Section


class RecurrentConfig(Section):
    """The recurrent stack."""

    cell: Cell = Field(
        "lstm",
        description='"simple", "simple-relu", "simplified-gru" (update gate only), "gru", "lstm" or "peephole" '
        "(an LSTM whose gates see the cell state)",
    )
    direction: Direction | list[Direction] = Field(
        "both", description='"forward", "backward" or "both", for all layers or as a list with one for each'
    )
    layers: Positive = Field(2, description="number of stacked recurrent layers")
    units: Positive = Field(200, description="hidden units per layer in each direction")

    @property
    def directions(self) -> list[tuple[str, ...]]:
        """Return the directions of each layer, ``forward`` before ``backward``."""
        return layer_directions(self.direction, self.layers)


class NetworkConfig(RecurrentConfig):
    """The recurrent stack and its output layer."""

    dense: list[Positive] = Field([100], description="widths of dense layers between the stack and the output")
    output: Literal["crf", "softmax"] = Field("crf", description='"crf" or "softmax"')
    dropout: Probability = Field(0.3, description="variational (locked) dropout before and after each recurrent layer")
    word_dropout: Probability = Field(0.05, description="probability that training drops the whole input of a token")
    precision: Literal["auto", "float32", "int8"] = Field(
        "auto",
        description='arithmetic of LSTM layers in the model file: "float32", or "int8", twice as fast; "auto": int8 if '
        "there are such layers, and neither one-hot words nor a language model",
    )


def layer_directions(direction: str | Sequence[str], layers: int) -> list[tuple[str, ...]]:
    """Return the directions of each of the layers.

    >>> layer_directions(["both", "forward"], 2)
    [('forward', 'backward'), ('forward',)]
    """
    each = [direction] * layers if isinstance(direction, str) else direction
    return [("forward", "backward") if name == "both" else (name,) for name in each]


def check_recurrent(network: RecurrentConfig, characters: CharactersConfig) -> None:
    """Raise ValueError if the directions of layers, or the units of a character BiLSTM, do not agree with the rest."""
    direction, layers = network.direction, network.layers
    if not isinstance(direction, str) and len(direction) != layers:
        raise ValueError(f"network.direction lists {len(direction)} for {layers} layers, expected one for each")
    if characters.encoder == "bilstm" and characters.units % 2:
        raise ValueError(f"characters.units is shared by two directions and must be even, got {characters.units}")
