"""The language model: which symbol comes next, from all symbols before (Mikolov et al. 2010; Graves 2013).

A network reads one way. A backward model is the same network over reversed text. What a network knows while it reads,
its states, are features for others.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from nertagger.config.language_model import DIRECTIONS, LanguageModelConfig
from nertagger.modelfile.schema import ContextGraph, Layer
from nertagger.network.cells import CELLS
from nertagger.network.recurrent import RecurrentLayer, locked_dropout

# Hundreds of states near -1 or 1 drown the few numbers of a word's vector, and a step of Adam moves their projection by
# as much as their sum: at their full size, a tagger of UNER EWT fell from dev F1 76 to 69.
CONTEXT_SCALE = 0.1


class LanguageReader(keras.layers.Layer):
    """Symbols to the states of a stack of recurrent layers, ``a<t>``.

    Args:
        config: the stack.
        symbols: V, how many ids there are.

    Shape: ids int32 (T, B), state (S, B, H) -> states (T, B, H), state after the last symbol (S, B, H); S is layers
    times the states of a cell.
    """

    def __init__(self, config: LanguageModelConfig, symbols: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.state_count = config.layers * CELLS[config.cell].states
        self.size, self.units = config.size, config.units
        self.table = keras.layers.Embedding(symbols, config.size, name=Layer.TABLE)
        self.levels = [
            RecurrentLayer(config.cell, config.units, precision=config.precision, name=Layer.recurrent(i))
            for i in range(config.layers)
        ]
        self.dropouts = [locked_dropout(config.dropout, name=f"dropout{i}") for i in range(config.layers + 1)]

    def build(self, ids_shape: tuple[int | None, ...] | None = None, state_shape: Any = None) -> None:
        self.table.build((None, None))
        for i, level in enumerate(self.levels):
            level.build((None, None, self.units if i else self.size))

    def call(self, ids: Any, state: Any, training: bool = False) -> tuple[Any, Any]:
        """Shape: as of the layer; dropout in training alone."""
        sequences = self.dropouts[0](self.table(ids), training=training)
        states = ops.unstack(state, self.state_count)
        each = self.state_count // len(self.levels)
        after: list[Any] = []
        for i, (level, dropout) in enumerate(zip(self.levels, self.dropouts[1:], strict=True)):
            sequences, ended = level.continued(sequences, states[i * each : (i + 1) * each])
            after += ended
            sequences = dropout(sequences, training=training)
        return sequences, ops.stack(after)

    def start(self, lanes: Any) -> Any:
        """The state before the first symbol, zeros (S, B, H)."""
        return ops.zeros((self.state_count, lanes, self.units))


class LanguageNetwork(keras.Model):
    """Symbols to scores of the next symbol.

    ``P(y<t+1> | y<1..t>) = softmax(Wya a<t> + by)``; arguments as for `LanguageReader`.

    Shape: ids int32 (T, B), state (S, B, H) -> scores (T, B, V), state after the last symbol (S, B, H).
    """

    def __init__(self, config: LanguageModelConfig, symbols: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reader = LanguageReader(config, symbols, name=Layer.READER)
        self.predict_next = keras.layers.Dense(symbols, name=Layer.NEXT)

    def build(self, ids_shape: tuple[int | None, ...] | None = None, state_shape: Any = None) -> None:
        self.reader.build()
        self.predict_next.build((None, None, self.reader.units))

    def call(self, ids: Any, state: Any, training: bool = False) -> tuple[Any, Any]:
        states, after = self.reader(ids, state, training=training)
        return self.predict_next(states), after


def next_loss(scores: Any, targets: Any) -> Any:
    """``-log P(y<t+1>)`` of every symbol, in nats. Shape: (T, B, V), int32 (T, B) -> (T, B)."""
    return ops.sparse_categorical_crossentropy(targets, scores, from_logits=True)


class ContextReader(keras.layers.Layer):
    """The states of both directions of a language model at the edges of tokens (Akbik et al. 2018), to be fine-tuned.

    They are given as `CONTEXT_SCALE` of their size.

    Inputs: the arrays of `contextual_inputs`. Shape: ids int32 (C, B), places int32 (T, B) -> (T, B, 2 H).
    """

    def __init__(self, config: LanguageModelConfig, symbols: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.readers = [LanguageReader(config, symbols, name=name) for name in DIRECTIONS]

    def build(self, inputs_shape: Any = None) -> None:
        for reader in self.readers:
            reader.build()

    def call(self, inputs: dict[str, Any], training: bool = False) -> Any:
        edges = []
        for reader in self.readers:
            ids = inputs[reader.name]
            states, _ = reader(ids, reader.start(ops.shape(ids)[1]), training=training)
            flat = ops.reshape(states, (-1, reader.units))
            edges.append(ops.take(flat, inputs[ContextGraph.places(reader.name)], axis=0))
        return CONTEXT_SCALE * ops.concatenate(edges, axis=-1)
