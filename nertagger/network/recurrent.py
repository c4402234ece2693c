"""Recurrent layers over padded batches, forward, backward or both, and stacks of them.

Sequences are time-major and padded at their end. No mask enters the loop over time: a forward pass meets the padding
only after the last real token, and a backward pass runs forward over sequences that are reversed within their own
lengths. So the outputs of real tokens never depend on padding, and outputs behind a sentence's end mean nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from nertagger.config import Precision, layer_directions
from nertagger.modelfile.schema import BACKWARD, Layer, Tensor
from nertagger.network.cells import CELLS, product


def reversal(lengths: Any, steps: Any) -> Any:
    """For each place of a padded batch, the place of the token that mirrors it within its sentence.

    Shape: lengths (B,) -> int32 (T * B,), indices into the flattened (T, B); padding mirrors itself.
    """
    time = ops.expand_dims(ops.arange(steps, dtype="int32"), 1)  # (T, 1)
    rows = ops.arange(ops.shape(lengths)[0], dtype="int32")  # (B,)
    mirrored = ops.where(time < lengths, lengths - 1 - time, time)  # (T, B)
    return ops.reshape(mirrored * ops.shape(lengths)[0] + rows, (-1,))


def reverse(sequences: Any, places: Any) -> Any:
    """The batch with every sentence reversed within its length. Shape: (T, B, D) -> (T, B, D)."""
    shape = ops.shape(sequences)
    flat = ops.reshape(sequences, (-1, sequences.shape[-1]))
    return ops.reshape(ops.take(flat, places, axis=0), (*shape[:2], sequences.shape[-1]))


class RecurrentLayer(keras.layers.Layer):
    """One cell run over time in one direction.

    Args:
        cell: a name in `CELLS`.
        units: H, the width of the output.
        backward: whether it runs from the last token to the first.
        memory: in steps, see `Cell.bias_initializer`.
        precision: of matrix products, see `product`.

    Shape: sequences (T, B, D) and places (T * B,) of `reversal` -> (T, B, H).
    """

    def __init__(
        self,
        cell: str,
        units: int,
        *,
        backward: bool = False,
        memory: float = 0.0,
        precision: Precision = "float32",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.cell_name, self.units, self.backward, self.memory = cell, units, backward, memory
        self.precision = precision
        self.loop = keras.layers.RNN(
            CELLS[cell](units, precision=precision, name=Layer.CELL),
            return_sequences=True,
            return_state=True,
            name=Layer.LOOP,
        )

    def build(
        self, sequences_shape: tuple[int | None, ...], places_shape: tuple[int | None, ...] | None = None
    ) -> None:
        """Make the weights of inputs (T, B, D)."""
        cell = self.loop.cell
        width = cell.gates * self.units
        self.kernel = self.add_weight(
            shape=(sequences_shape[-1], width), initializer="glorot_uniform", name=Tensor.KERNEL
        )
        self.bias = self.add_weight(shape=(width,), initializer=cell.bias_initializer(self.memory), name=Tensor.BIAS)
        self.loop.build((None, None, width))

    def call(self, sequences: Any, places: Any) -> Any:
        """Shape: as of the layer."""
        if self.backward:
            sequences = reverse(sequences, places)
        projected = product(sequences, self.kernel, self.precision) + self.bias  # (T, B, G * H)
        outputs, *_ = self.loop(ops.transpose(projected, (1, 0, 2)))
        outputs = ops.transpose(outputs, (1, 0, 2))  # (T, B, H)
        return reverse(outputs, places) if self.backward else outputs

    def continued(self, sequences: Any, states: list[Any]) -> tuple[Any, list[Any]]:
        """A forward pass that goes on from the states of the cell, each (B, H), and the states that it ends in."""
        projected = product(sequences, self.kernel, self.precision) + self.bias
        outputs, *states = self.loop(ops.transpose(projected, (1, 0, 2)), initial_state=states)
        return ops.transpose(outputs, (1, 0, 2)), states

    def get_config(self) -> dict[str, Any]:
        """What makes the same layer again."""
        settings = {
            "cell": self.cell_name,
            "units": self.units,
            "backward": self.backward,
            "memory": self.memory,
            "precision": self.precision,
        }
        return {**super().get_config(), **settings}


class RecurrentStack(keras.layers.Layer):
    """Layers 1..N, one upon the other, each in one direction or in both with their outputs side by side.

    Locked dropout (Gal and Ghahramani 2016) stands before the first layer and after every one: one mask a sentence, so
    that a unit is silent for all its tokens.

    Args:
        cell: a name in `CELLS`.
        units: H, the width of a layer in each direction.
        layers: N.
        direction: ``forward``, ``backward`` or ``both``, of all layers or one for each.
        dropout: the share of units that training silences.
        memory: in steps, see `Cell.bias_initializer`.

    Shape: sequences (T, B, D), lengths (B,) -> (T, B, H), or (T, B, 2 H) if the last layer runs in both directions.
    """

    def __init__(
        self,
        cell: str,
        units: int,
        *,
        layers: int = 1,
        direction: str | Sequence[str] = "both",
        dropout: float = 0.0,
        memory: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.settings = {
            "cell": cell,
            "units": units,
            "layers": layers,
            "direction": direction,
            "dropout": dropout,
            "memory": memory,
        }
        self.levels = [
            [
                RecurrentLayer(cell, units, backward=name == BACKWARD, memory=memory, name=Layer.recurrent(level, name))
                for name in directions
            ]
            for level, directions in enumerate(layer_directions(direction, layers))
        ]
        self.dropouts = [locked_dropout(dropout, name=f"dropout{level}") for level in range(layers + 1)]

    def build(
        self, sequences_shape: tuple[int | None, ...], lengths_shape: tuple[int | None, ...] | None = None
    ) -> None:
        """Make the weights of every level, for inputs (T, B, D)."""
        width = sequences_shape[-1]
        for level in self.levels:
            for layer in level:
                layer.build((None, None, width))
            width = sum(layer.units for layer in level)

    def call(self, sequences: Any, lengths: Any, training: bool = False) -> Any:
        """Shape: as of the stack; dropout in training alone."""
        places = reversal(lengths, ops.shape(sequences)[0])
        sequences = self.dropouts[0](sequences, training=training)
        for level, dropout in zip(self.levels, self.dropouts[1:], strict=True):
            outputs = [layer(sequences, places) for layer in level]
            sequences = dropout(ops.concatenate(outputs, axis=-1), training=training)
        return sequences

    def get_config(self) -> dict[str, Any]:
        """What makes the same stack again."""
        return {**super().get_config(), **self.settings}


def locked_dropout(rate: float, **kwargs: Any) -> keras.layers.Dropout:
    """Dropout whose mask is the same at every time step of a sentence. Shape: (T, B, D) -> (T, B, D)."""
    return keras.layers.Dropout(rate, noise_shape=(1, None, None), **kwargs)


def word_dropout(rate: float, **kwargs: Any) -> keras.layers.Dropout:
    """Dropout of a token's whole vector. Shape: (T, B, D) -> (T, B, D)."""
    return keras.layers.Dropout(rate, noise_shape=(None, None, 1), **kwargs)
