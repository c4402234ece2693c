"""The language model: the next symbol, from all symbols before (Mikolov et al. 2010; Graves 2013).

A network reads in one direction. A backward model is the same network over reversed text. The states of a trained
network are contextual embeddings for other models.
"""

from __future__ import annotations

from typing import Any, Self

import keras
from keras import ops

from nertagger.config.language_model import LanguageModelConfig
from nertagger.modelfile.schema import DIRECTIONS, ContextGraph, Layer
from nertagger.network.cells import CELLS
from nertagger.network.recurrent import RecurrentLayer, variational_dropout
from nertagger.network.tensors import Shape, Tensor

# Hundreds of states near -1 or 1 outweigh the few numbers of a word's vector, and a step of Adam moves their projection
# by as much as their sum: at full scale, a tagger of UNER EWT fell from dev F1 76 to 69.
CONTEXT_SCALE = 0.1


class LanguageReader(keras.layers.Layer):
    """The embeddings and recurrent layers of a language model: symbols to states ``a<t>``.

    Args:
        config: the settings of the language model.
        symbols: V, the number of ids.

    Shape: ids int32 (T, B), state (S, B, H) -> states (T, B, H), state after the last symbol (S, B, H); S is the number
    of layers times that of the states of a cell.
    """

    def __init__(self, config: LanguageModelConfig, symbols: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.config, self.symbols = config, symbols
        self.state_count = config.layers * CELLS[config.cell].states
        self.size, self.units = config.size, config.units
        self.table = keras.layers.Embedding(symbols, config.size, name=Layer.TABLE)
        self.levels = [
            RecurrentLayer(config.cell, config.units, precision=config.precision, name=Layer.recurrent(i))
            for i in range(config.layers)
        ]
        self.dropouts = [variational_dropout(config.dropout, name=f"dropout{i}") for i in range(config.layers + 1)]

    def build(self, ids_shape: Shape | None = None, state_shape: Shape | None = None) -> None:
        """Create the weights of every layer."""
        self.table.build((None, None))
        for i, level in enumerate(self.levels):
            level.build((None, None, self.units if i else self.size))

    def call(self, ids: Tensor, state: Tensor, training: bool = False) -> tuple[Tensor, Tensor]:
        """Return the states of the last layer and the state to continue from. Shape: as of the layer."""
        sequences = self.dropouts[0](self.table(ids), training=training)
        states = ops.unstack(state, self.state_count)
        per_layer = self.state_count // len(self.levels)
        after: list[Tensor] = []
        for i, (level, dropout) in enumerate(zip(self.levels, self.dropouts[1:], strict=True)):
            sequences, last = level.continued(sequences, states[i * per_layer : (i + 1) * per_layer])
            after += last
            sequences = dropout(sequences, training=training)
        return sequences, ops.stack(after)

    def start(self, batch_size: int) -> Tensor:
        """Return the state before the first symbol, zeros (S, B, H)."""
        return ops.zeros((self.state_count, batch_size, self.units))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to rebuild this layer."""
        return {**super().get_config(), **_arguments(self.config, self.symbols)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Rebuild the layer from `get_config`."""
        return cls(**_with_settings(config))


class LanguageNetwork(keras.Model):
    """A language model of one direction: symbols to scores of the next symbol.

    ``P(y<t+1> | y<1..t>) = softmax(Wya a<t> + by)``; arguments as for `LanguageReader`.

    Shape: ids int32 (T, B), state (S, B, H) -> scores (T, B, V), state after the last symbol (S, B, H).
    """

    def __init__(self, config: LanguageModelConfig, symbols: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reader = LanguageReader(config, symbols, name=Layer.READER)
        self.predict_next = keras.layers.Dense(symbols, name=Layer.NEXT)

    def build(self, ids_shape: Shape | None = None, state_shape: Shape | None = None) -> None:
        """Create the weights of every layer."""
        self.reader.build()
        self.predict_next.build((None, None, self.reader.units))

    def call(self, ids: Tensor, state: Tensor, training: bool = False) -> tuple[Tensor, Tensor]:
        """Return scores and the state to continue from. Shape: as of the network."""
        states, after = self.reader(ids, state, training=training)
        return self.predict_next(states), after

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to rebuild this network."""
        return {**super().get_config(), **_arguments(self.reader.config, self.reader.symbols)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Rebuild the network from `get_config`."""
        return cls(**_with_settings(config))


def next_loss(scores: Tensor, targets: Tensor) -> Tensor:
    """Return ``-log P(y<t+1>)`` of every symbol, in nats. Shape: (T, B, V), int32 (T, B) -> (T, B)."""
    return ops.sparse_categorical_crossentropy(targets, scores, from_logits=True)


class ContextReader(keras.layers.Layer):
    """Contextual string embeddings (Akbik et al. 2018) that are fine-tuned with a tagger.

    They are the states of both directions of a language model at the edges of tokens, times `CONTEXT_SCALE`; arguments
    as for `LanguageReader`.

    Inputs: the arrays of `contextual_inputs`. Shape: ids int32 (C, B), places int32 (T, B) -> (T, B, 2 H).
    """

    def __init__(self, config: LanguageModelConfig, symbols: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.readers = [LanguageReader(config, symbols, name=name) for name in DIRECTIONS]

    def build(self, inputs_shape: dict[str, Shape] | None = None) -> None:
        """Create the weights of both directions."""
        for reader in self.readers:
            reader.build()

    def call(self, inputs: dict[str, Tensor], training: bool = False) -> Tensor:
        """Return the embedding of each token, (T, B, 2 H)."""
        edges = []
        for reader in self.readers:
            ids = inputs[reader.name]
            states, _ = reader(ids, reader.start(ops.shape(ids)[1]), training=training)
            flat = ops.reshape(states, (-1, reader.units))
            edges.append(ops.take(flat, inputs[ContextGraph.places(reader.name)], axis=0))
        return CONTEXT_SCALE * ops.concatenate(edges, axis=-1)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to rebuild this layer."""
        return {**super().get_config(), **_arguments(self.readers[0].config, self.readers[0].symbols)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Rebuild the layer from `get_config`."""
        return cls(**_with_settings(config))


def _arguments(config: LanguageModelConfig, symbols: int) -> dict[str, Any]:
    return {"config": config.model_dump(mode="json"), "symbols": symbols}


def _with_settings(config: dict[str, Any]) -> dict[str, Any]:
    return {**config, "config": LanguageModelConfig.model_validate(config["config"])}
