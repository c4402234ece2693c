"""The five shapes of input and output, on one stack: each a small network that says what it does with its steps.

| shape | builder | what is read, what is said |
|---|---|---|
| one-to-one | `one_to_one` | a vector; a class |
| one-to-many | `one_to_many` | a seed; a sequence, each symbol fed back as the next input |
| many-to-one | `many_to_one` | a sequence; a class, from the state at its end |
| many-to-many, Tx = Ty | `many_to_many` | a sequence; a class for every symbol |
| many-to-many, Tx != Ty | `encoder_decoder` | a sequence; another one, said once all is read |

Symbols are ids, 0 behind a sequence's end and 1 for the end itself, and enter as one-hot vectors. Every network says
probabilities ``y<t> = g2(Wya a<t> + by)``: g2 is the sigmoid where `outputs` is 1, a yes or no, else the softmax.
Shapes as in the rest of the package, but sentences come first here, (B, T), as `keras.Model.fit` wants them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import keras
import numpy as np
from keras import ops

from nertagger.config import layer_directions
from nertagger.network.recurrent import RecurrentStack
from nertagger.network.words import OneHot

IGNORED = -1  # the target of what stands behind a sequence's end
END = 1  # the id of the symbol that ends a sequence
_TINY = 1e-7
_Network = TypeVar("_Network", bound="ShapeNetwork")


@dataclass(frozen=True)
class Stack:
    """The recurrent layers that a network stands on, and the dense ones above them.

    Attributes:
        cell: a name in `cells.CELLS`.
        units: H, of a layer in each direction.
        layers: how many.
        direction: ``forward``, ``backward`` or ``both``, of all layers or one for each.
        dense: widths of the layers with ReLU before the output.
        memory: in steps, see `cells.Cell.bias_initializer`.
    """

    cell: str = "lstm"
    units: int = 32
    layers: int = 1
    direction: str | Sequence[str] = "forward"
    dense: Sequence[int] = ()
    memory: float = 0.0

    def recurrent(self, *, name: str = "stack") -> RecurrentStack:
        """The recurrent layers."""
        return RecurrentStack(
            self.cell, self.units, layers=self.layers, direction=self.direction, memory=self.memory, name=name
        )

    def readout(self, outputs: int) -> keras.Sequential:
        """States (..., H) to probabilities (..., K)."""
        widths = enumerate(self.dense)
        hidden = [keras.layers.Dense(width, activation="relu", name=f"dense{level}") for level, width in widths]
        answer = keras.layers.Dense(outputs, activation="sigmoid" if outputs == 1 else "softmax", name="answer")
        return keras.Sequential([*hidden, answer], name="readout")


class ShapeNetwork(keras.Model):
    """A network that learns from `log_loss`; Keras' own losses squeeze an answer of width 1 and know no `IGNORED`."""

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Any:
        """See `log_loss`."""
        return log_loss(y, y_pred)


class VectorNetwork(ShapeNetwork):
    """One vector, one answer: a stack whose sequence is one step long. Shape: float32 (B, D) -> (B, K)."""

    def __init__(self, stack: Stack, *, outputs: int) -> None:
        super().__init__(name="one_to_one")
        self.stack, self.readout = stack.recurrent(), stack.readout(outputs)

    def call(self, vectors: Any, training: bool = False) -> Any:
        lengths = ops.ones((ops.shape(vectors)[0],), dtype="int32")
        return self.readout(self.stack(ops.expand_dims(vectors, 0), lengths, training=training)[0])


class SequenceNetwork(ShapeNetwork):
    """A sequence of symbols to an answer for each of them, or to one answer for all.

    Shape: ids int32 (B, T), 0 behind the end -> (B, T, K), or (B, K) if `at_end`.

    Args:
        stack: what it stands on.
        symbols: V, how many ids there are.
        outputs: K.
        at_end: whether it answers once, from the state that has read everything (of each direction).
    """

    def __init__(self, stack: Stack, *, symbols: int, outputs: int, at_end: bool, name: str) -> None:
        super().__init__(name=name)
        self.settings, self.at_end = stack, at_end
        self.one_hot = OneHot(symbols)
        self.stack, self.readout = stack.recurrent(), stack.readout(outputs)

    def call(self, ids: Any, training: bool = False) -> Any:
        states, lengths = self.states(ids, training=training)
        if self.at_end:
            return self.readout(final_states(states, lengths, self.settings))
        return ops.transpose(self.readout(states), (1, 0, 2))

    def states(self, ids: Any, *, training: bool = False) -> tuple[Any, Any]:
        """The states of the last layer (T, B, H), or 2 H, and the lengths (B,)."""
        lengths = ops.sum(ops.cast(ids != 0, "int32"), axis=1)
        return self.stack(self.one_hot(ops.transpose(ids)), lengths, training=training), lengths


class EncoderDecoder(ShapeNetwork):
    """One sequence to another of any length (Cho et al. 2014, Sutskever et al. 2014).

    The encoder's final states are the context c, and ``s<t> = cell(s<t-1>, [y<t-1>, c])`` the decoder: it sees the
    whole source at every step. The decoder has the encoder's cell, width and layers, and runs forward.

    Inputs: ``source`` int32 (B, Tx) and ``before`` int32 (B, Ty), the target shifted by one step, 0 at its first.
    Output: (B, Ty, V), the probabilities of each symbol of the target after those before it.
    """

    def __init__(self, stack: Stack, *, symbols: int, outputs: int) -> None:
        super().__init__(name="encoder_decoder")
        self.settings = stack
        self.source, self.before = OneHot(symbols), OneHot(outputs)
        self.encoder = stack.recurrent(name="encoder")
        self.decoder = RecurrentStack(stack.cell, stack.units, layers=stack.layers, direction="forward", name="decoder")
        self.readout = stack.readout(outputs)

    def call(self, inputs: dict[str, Any], training: bool = False) -> Any:
        """The probabilities of the target's symbols, from inputs as of the class."""
        source, before = ops.transpose(inputs["source"]), ops.transpose(inputs["before"])
        lengths = ops.sum(ops.cast(source != 0, "int32"), axis=0)
        context = final_states(self.encoder(self.source(source), lengths, training=training), lengths, self.settings)
        steps, rows = ops.shape(before)[0], ops.shape(before)[1]
        repeated = ops.broadcast_to(ops.expand_dims(context, 0), (steps, rows, context.shape[-1]))
        seen = ops.concatenate([self.before(before), repeated], axis=-1)  # (Ty, B, V + H)
        spoken = self.decoder(seen, ops.broadcast_to(steps, (rows,)), training=training)
        return ops.transpose(self.readout(spoken), (1, 0, 2))


def one_to_one(stack: Stack, *, width: int, outputs: int) -> VectorNetwork:
    """A network for vectors float32 (B, `width`); targets int32 (B,)."""
    return _ready(VectorNetwork(stack, outputs=outputs), np.zeros((1, width), np.float32))


def one_to_many(stack: Stack, *, seeds: int, symbols: int) -> SequenceNetwork:
    """A network that goes on from one of some seeds (see `continuations` for its input, `generate` for its use)."""
    network = SequenceNetwork(stack, symbols=symbols + seeds, outputs=symbols, at_end=False, name="one_to_many")
    return _ready(network, _SOME_IDS)


def many_to_one(stack: Stack, *, symbols: int, outputs: int) -> SequenceNetwork:
    """A network for ids int32 (B, T); targets int32 (B,)."""
    return _ready(SequenceNetwork(stack, symbols=symbols, outputs=outputs, at_end=True, name="many_to_one"), _SOME_IDS)


def many_to_many(stack: Stack, *, symbols: int, outputs: int) -> SequenceNetwork:
    """A network for ids int32 (B, T); targets int32 (B, T), `IGNORED` behind the end."""
    network = SequenceNetwork(stack, symbols=symbols, outputs=outputs, at_end=False, name="many_to_many")
    return _ready(network, _SOME_IDS)


def encoder_decoder(stack: Stack, *, symbols: int, outputs: int) -> EncoderDecoder:
    """A network for ``source`` of `symbols` ids, to targets (B, Ty) of `outputs` ids (see `teacher_forcing`)."""
    network = EncoderDecoder(stack, symbols=symbols, outputs=outputs)
    return _ready(network, {"source": _SOME_IDS, "before": _SOME_IDS})


def final_states(states: Any, lengths: Any, stack: Stack) -> Any:
    """The states that have read everything: a forward layer's last, a backward layer's first.

    Shape: (T, B, H), or 2 H for both directions, and lengths (B,) -> (B, H) or (B, 2 H).
    """
    rows = ops.shape(lengths)[0]
    places = ops.maximum(lengths - 1, 0) * rows + ops.arange(rows, dtype="int32")
    last = ops.take(ops.reshape(states, (-1, states.shape[-1])), places, axis=0)
    ends = {"forward": last, "backward": states[0]}
    directions = layer_directions(stack.direction, stack.layers)[-1]
    parts = [ends[name][:, i * stack.units : (i + 1) * stack.units] for i, name in enumerate(directions)]
    return ops.concatenate(parts, axis=-1)


def continuations(seeds: np.ndarray, targets: np.ndarray, *, symbols: int) -> tuple[np.ndarray, np.ndarray]:
    """What a one-to-many network reads and shall say, both int32 (B, T): a seed, then its own words.

    Args:
        seeds: (B,) from 0.
        targets: (B, T) each with its end.
        symbols: V, the first id of a seed.
    """
    before = np.concatenate([seeds[:, None] + symbols, targets[:, :-1]], axis=1).astype(np.int32)
    return before, np.where(targets == 0, IGNORED, targets)


def teacher_forcing(source: np.ndarray, targets: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """What an encoder-decoder reads and shall say: the source (B, Tx), and targets (B, Ty), each with its end."""
    before = np.concatenate([np.zeros_like(targets[:, :1]), targets[:, :-1]], axis=1)
    return {"source": source, "before": before}, np.where(targets == 0, IGNORED, targets)


def generate(
    network: SequenceNetwork, seeds: np.ndarray, *, length: int, symbols: int, generator: np.random.Generator
) -> np.ndarray:
    """Sequences int32 (B, `length`), sampled step by step from the network's softmax, 0 behind their end."""
    read = np.asarray(seeds, np.int32)[:, None] + symbols
    for _ in range(length):
        chances = np.asarray(network(read))[:, -1].astype(np.float64).cumsum(axis=1)  # (B, V)
        drawn = (generator.random((len(read), 1)) * chances[:, -1:] > chances).sum(axis=1)
        read = np.concatenate([read, drawn[:, None].astype(np.int32)], axis=1)
    return _until_end(read[:, 1:])


def translate(network: EncoderDecoder, source: np.ndarray, *, length: int) -> tuple[np.ndarray, np.ndarray]:
    """The most probable symbol at each step, int32 (B, `length`), 0 behind the end, and their joint probability."""
    said = np.zeros((len(source), 1), np.int32)
    probability = np.ones(len(source))
    for _ in range(length):
        chances = np.asarray(network({"source": source, "before": said}))[:, -1]
        going_on = ~(said == END).any(axis=1)
        probability = np.where(going_on, probability * chances.max(axis=1), probability)
        said = np.concatenate([said, chances.argmax(axis=1).astype(np.int32)[:, None]], axis=1)
    return _until_end(said[:, 1:]), probability


def log_loss(targets: Any, probabilities: Any) -> Any:
    """Minus the log-probability of the targets, a target's share on average.

    Shape: targets (B,) or (B, T), `IGNORED` where there is none; probabilities with an axis more, of K or of 1.
    """
    targets = ops.cast(targets, "int32")
    real = ops.cast(targets != IGNORED, probabilities.dtype)
    if probabilities.shape[-1] == 1:
        yes = probabilities[..., 0]
        chosen = ops.where(targets == 1, yes, 1 - yes)
    else:
        chosen = ops.sum(probabilities * ops.one_hot(targets, probabilities.shape[-1]), axis=-1)
    return -ops.sum(ops.log(ops.maximum(chosen, _TINY)) * real) / ops.sum(real)


def accuracy(targets: np.ndarray, probabilities: Any) -> float:
    """The share of targets that are the most probable answer. Shape: as `log_loss`."""
    probabilities = np.asarray(probabilities)
    binary = probabilities.shape[-1] == 1
    answers = probabilities[..., 0] > 0.5 if binary else probabilities.argmax(axis=-1)
    return float((answers == targets)[targets != IGNORED].mean())


_SOME_IDS = np.ones((1, 1), np.int32)


def _ready(network: _Network, example: Any) -> _Network:
    """The network with its weights made and its way of learning set."""
    network(example)
    optimizer = keras.optimizers.Adam(0.01, global_clipnorm=1.0)
    network.compile(optimizer=optimizer, jit_compile=False)  # XLA is slower on these loops
    return network


def _until_end(ids: np.ndarray) -> np.ndarray:
    """The sequences (B, T) with zeros from their end on."""
    over = np.cumsum(ids == END, axis=1) > 0
    return np.where(over, 0, ids).astype(np.int32)
