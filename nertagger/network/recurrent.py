"""Recurrent layers over padded batches, forward, backward or both, and stacks of them.

Sequences are time-major and padded at their end. The loop over time needs no mask: a forward pass meets the padding
only after the last real token, and a backward pass runs forward over sequences that are reversed within their own
lengths. So the outputs of real tokens never depend on padding; outputs after the end of a sentence are meaningless.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import keras
from keras import ops

from nertagger.config import Precision, layer_directions
from nertagger.modelfile.schema import BACKWARD, Layer
from nertagger.modelfile.schema import Tensor as TensorName
from nertagger.network.cells import CELLS, RepeatedOrthogonal, product
from nertagger.network.tensors import Shape, Tensor


def reversal(lengths: Tensor, steps: int) -> Tensor:
    """Return the indices that reverse each sentence of a padded batch within its length, see `reverse`.

    Shape: lengths (B,) -> int32 (T * B,), indices into the flattened (T, B); padding stays where it is.
    """
    time = ops.expand_dims(ops.arange(steps, dtype="int32"), 1)  # (T, 1)
    rows = ops.arange(ops.shape(lengths)[0], dtype="int32")  # (B,)
    mirrored = ops.where(time < lengths, lengths - 1 - time, time)  # (T, B)
    return ops.reshape(mirrored * ops.shape(lengths)[0] + rows, (-1,))


def reverse(sequences: Tensor, places: Tensor) -> Tensor:
    """Return the batch with every sentence reversed within its length. Shape: (T, B, D), (T * B,) -> (T, B, D)."""
    shape = ops.shape(sequences)
    flat = ops.reshape(sequences, (-1, sequences.shape[-1]))
    return ops.reshape(ops.take(flat, places, axis=0), (*shape[:2], sequences.shape[-1]))


def last_outputs(sequences: Tensor, lengths: Tensor) -> Tensor:
    """Return the last output of each sentence, the first of an empty one. Shape: (T, B, D), (B,) -> (B, D)."""
    rows = ops.shape(lengths)[0]
    places = ops.maximum(lengths - 1, 0) * rows + ops.arange(rows, dtype="int32")
    return ops.take(ops.reshape(sequences, (-1, sequences.shape[-1])), places, axis=0)


class RecurrentLayer(keras.layers.Layer):
    """One cell run over time in one direction.

    Args:
        cell: a name in `CELLS`.
        units: H, the width of the output.
        backward: whether it runs from the last token to the first.
        memory: in steps, see `Cell.bias_initializer`.
        precision: the precision of matrix products, see `product`.

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
        self.supports_masking = True
        self.loop = keras.layers.RNN(
            CELLS[cell](units, precision=precision, name=Layer.CELL),
            return_sequences=True,
            return_state=True,
            name=Layer.LOOP,
        )

    def build(self, sequences_shape: Shape, places_shape: Shape | None = None) -> None:
        """Create the weights for inputs (T, B, D)."""
        cell = self.loop.cell
        width, features = cell.gates * self.units, sequences_shape[-1] or 0
        self.kernel = self.add_weight(shape=(features, width), initializer="glorot_uniform", name=TensorName.KERNEL)
        self.bias = self.add_weight(
            shape=(width,), initializer=cell.bias_initializer(self.memory), name=TensorName.BIAS
        )
        self.loop.build((None, None, width))

    def call(self, sequences: Tensor, places: Tensor) -> Tensor:
        """Return the output of every step. Shape: (T, B, D), (T * B,) -> (T, B, H)."""
        if self.backward:
            sequences = reverse(sequences, places)
        outputs, _ = self.continued(sequences, None)
        return reverse(outputs, places) if self.backward else outputs

    def continued(self, sequences: Tensor, states: list[Tensor] | None) -> tuple[Tensor, list[Tensor]]:
        """Run forward from the given states of the cell, (B, H) each, or from zeros.

        Returns:
            The outputs, (T, B, H), and the states after the last step.
        """
        projected = product(sequences, self.kernel, self.precision) + self.bias  # (T, B, G * H)
        outputs, *after = self.loop(ops.transpose(projected, (1, 0, 2)), initial_state=states)
        return ops.transpose(outputs, (1, 0, 2)), after

    def compute_output_shape(self, sequences_shape: Shape, places_shape: Shape | None = None) -> Shape:
        """Return the shape of the output, (T, B, H)."""
        return (*sequences_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to rebuild this layer."""
        arguments = {
            "cell": self.cell_name,
            "units": self.units,
            "backward": self.backward,
            "memory": self.memory,
            "precision": self.precision,
        }
        return {**super().get_config(), **arguments}


class FusedLSTM(keras.layers.Layer):
    """An LSTM in one direction that a GPU runs as one kernel of its library instead of one for each operation.

    It computes what a `RecurrentLayer` of LSTM cells does, with the gates in Keras' order: i, f, c, o.

    Shape: sequences (T, B, D) and places (T * B,) of `reversal` -> (T, B, H).
    """

    def __init__(self, units: int, *, backward: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units, self.backward = units, backward
        # Without a mask, which is not needed here (see above): some backends have no fused kernel for masked sequences.
        self.loop = keras.layers.LSTM(
            units, return_sequences=True, recurrent_initializer=RepeatedOrthogonal(4), name=Layer.LOOP
        )

    def build(self, sequences_shape: Shape, places_shape: Shape | None = None) -> None:
        """Create the weights for inputs (T, B, D)."""
        self.loop.build((None, None, sequences_shape[-1]))

    def call(self, sequences: Tensor, places: Tensor) -> Tensor:
        """Return the output of every step. Shape: (T, B, D), (T * B,) -> (T, B, H)."""
        if self.backward:
            sequences = reverse(sequences, places)
        outputs = ops.transpose(self.loop(ops.transpose(sequences, (1, 0, 2))), (1, 0, 2))
        return reverse(outputs, places) if self.backward else outputs

    def compute_output_shape(self, sequences_shape: Shape, places_shape: Shape | None = None) -> Shape:
        """Return the shape of the output, (T, B, H)."""
        return (*sequences_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to rebuild this layer."""
        return {**super().get_config(), "units": self.units, "backward": self.backward}


class RecurrentStack(keras.layers.Layer):
    """A stack of recurrent layers, each in one direction or in both with their outputs side by side.

    Variational (locked) dropout (Gal and Ghahramani 2016) is applied before the first layer and after every one, with
    one mask per sentence, so that a unit is dropped for all of its tokens.

    Args:
        cell: a name in `CELLS`.
        units: H, the width of a layer in each direction.
        layers: how many.
        direction: ``forward``, ``backward`` or ``both``, for all layers or one for each.
        dropout: the fraction of units dropped in training.
        memory: in steps, see `Cell.bias_initializer`.
        fused: whether layers of LSTM cells are `FusedLSTM` layers, which have no `memory`.

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
        fused: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.settings = {
            "cell": cell,
            "units": units,
            "layers": layers,
            "direction": direction if isinstance(direction, str) else list(direction),
            "dropout": dropout,
            "memory": memory,
            "fused": fused,
        }
        self.supports_masking = True
        make = FusedLSTM if fused and cell == "lstm" else partial(RecurrentLayer, cell, memory=memory)
        self.levels: list[list[RecurrentLayer | FusedLSTM]] = [
            [make(units=units, backward=name == BACKWARD, name=Layer.recurrent(level, name)) for name in directions]
            for level, directions in enumerate(layer_directions(direction, layers))
        ]
        self.dropouts = [variational_dropout(dropout, name=f"dropout{level}") for level in range(layers + 1)]

    def build(self, sequences_shape: Shape, lengths_shape: Shape | None = None) -> None:
        """Create the weights of every layer, for inputs (T, B, D)."""
        for level in self.levels:
            for layer in level:
                layer.build(sequences_shape)
            sequences_shape = (*sequences_shape[:-1], _width(level))

    def call(self, sequences: Tensor, lengths: Tensor, training: bool = False) -> Tensor:
        """Return the outputs of the last layer. Shape: (T, B, D), (B,) -> (T, B, H) or (T, B, 2 H)."""
        places = reversal(lengths, ops.shape(sequences)[0])
        sequences = self.dropouts[0](sequences, training=training)
        for level, dropout in zip(self.levels, self.dropouts[1:], strict=True):
            outputs = [layer(sequences, places) for layer in level]
            sequences = dropout(ops.concatenate(outputs, axis=-1), training=training)
        return sequences

    def compute_output_shape(self, sequences_shape: Shape, lengths_shape: Shape | None = None) -> Shape:
        """Return the shape of the output, (T, B, H) or (T, B, 2 H)."""
        return (*sequences_shape[:-1], _width(self.levels[-1]))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to rebuild this stack."""
        return {**super().get_config(), **self.settings}


def _width(level: Sequence[RecurrentLayer | FusedLSTM]) -> int:
    return sum(layer.units for layer in level)


def variational_dropout(rate: float, **kwargs: Any) -> keras.layers.Dropout:
    """Return dropout with the same mask at every time step of a sentence. Shape: (T, B, D) -> (T, B, D)."""
    return keras.layers.Dropout(rate, noise_shape=(1, None, None), **kwargs)


def word_dropout(rate: float, **kwargs: Any) -> keras.layers.Dropout:
    """Return dropout of whole tokens. Shape: (T, B, D) -> (T, B, D)."""
    return keras.layers.Dropout(rate, noise_shape=(None, None, 1), **kwargs)
