"""The five shapes of input and output, each a small network on a recurrent stack.

| shape | builder | input and output |
|---|---|---|
| one-to-one | `one_to_one` | a vector to a class |
| one-to-many | `one_to_many` | a seed to a sequence, each predicted symbol fed back as the next input |
| many-to-one | `many_to_one` | a sequence to a class, from the last state |
| many-to-many, Tx = Ty | `many_to_many` | a sequence to a class for every symbol |
| many-to-many, Tx != Ty | `encoder_decoder` | a sequence to another one, generated after all of it is read |

Symbols are ids, 0 after the end of a sequence and 1 for the end itself, and are fed in as one-hot vectors. Every
network gives probabilities ``y<t> = g2(Wya a<t> + by)``: g2 is the sigmoid if `outputs` is 1, a yes or no, else the
softmax. Shapes are those of the rest of the package, but sentences come first, (B, T), as `keras.Model.fit` expects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self, TypeVar

import keras
import numpy as np
from keras import ops

from nertagger.config import layer_directions
from nertagger.network.recurrent import RecurrentStack, last_outputs
from nertagger.network.tensors import Tensor
from nertagger.network.words import OneHot

IGNORED = -1  # the target after the end of a sequence
END = 1  # the id of the symbol that ends a sequence
_TINY = 1e-7
_Network = TypeVar("_Network", bound="ShapeNetwork")


@dataclass(frozen=True)
class Stack:
    """The recurrent layers of a network, and the dense ones above them.

    Attributes:
        cell: a name in `cells.CELLS`.
        units: H, of a layer in each direction.
        layers: the number of recurrent layers.
        direction: ``forward``, ``backward`` or ``both``, for all layers or one for each.
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
        """Return the recurrent layers."""
        return RecurrentStack(
            self.cell, self.units, layers=self.layers, direction=self.direction, memory=self.memory, name=name
        )

    def readout(self, outputs: int) -> keras.Sequential:
        """Return the layers from states, (..., H), to probabilities, (..., K)."""
        widths = enumerate(self.dense)
        hidden = [keras.layers.Dense(width, activation="relu", name=f"dense{level}") for level, width in widths]
        answer = keras.layers.Dense(outputs, activation="sigmoid" if outputs == 1 else "softmax", name="answer")
        return keras.Sequential([*hidden, answer], name="readout")


class ShapeNetwork(keras.Model):
    """A network trained on `log_loss`; Keras' own losses squeeze outputs of width 1 and do not know `IGNORED`.

    Args:
        stack: its layers.
        arguments: the other arguments of the subclass, by which `get_config` describes it.
    """

    def __init__(self, stack: Stack, *, name: str, **arguments: Any) -> None:
        super().__init__(name=name)
        self.settings, self.arguments = stack, {"name": name, **arguments}

    def compute_loss(
        self, x: Any, y: Tensor, y_pred: Tensor, sample_weight: None = None, training: bool = True
    ) -> Tensor:
        """Return `log_loss`."""
        return log_loss(y, y_pred)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to rebuild this network."""
        return {"stack": asdict(self.settings), **self.arguments}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Rebuild the network from `get_config`."""
        return cls(**{**config, "stack": Stack(**config["stack"])})


class VectorNetwork(ShapeNetwork):
    """One vector to one answer: a stack over a sequence of one step. Shape: float32 (B, D) -> (B, K)."""

    def __init__(self, stack: Stack, *, outputs: int, name: str = "one_to_one") -> None:
        super().__init__(stack, name=name, outputs=outputs)
        self.stack, self.readout = stack.recurrent(), stack.readout(outputs)

    def call(self, vectors: Tensor, training: bool = False) -> Tensor:
        """Return probabilities. Shape: (B, D) -> (B, K)."""
        lengths = ops.ones((ops.shape(vectors)[0],), dtype="int32")
        states: Tensor = self.stack(ops.expand_dims(vectors, 0), lengths, training=training)
        return self.readout(states[0])


class SequenceNetwork(ShapeNetwork):
    """A sequence of symbols to an answer for each of them, or to one answer for all.

    Shape: ids int32 (B, T), 0 after the end -> (B, T, K), or (B, K) if `at_end`.

    Args:
        stack: its layers.
        symbols: V, the number of ids.
        outputs: K.
        at_end: whether it gives one answer, from the state (of each direction) that has read everything.
    """

    def __init__(self, stack: Stack, *, symbols: int, outputs: int, at_end: bool, name: str) -> None:
        super().__init__(stack, name=name, symbols=symbols, outputs=outputs, at_end=at_end)
        self.at_end = at_end
        self.one_hot = OneHot(symbols)
        self.stack, self.readout = stack.recurrent(), stack.readout(outputs)

    def call(self, ids: Tensor, training: bool = False) -> Tensor:
        """Return probabilities. Shape: as of the network."""
        states, lengths = self.states(ids, training=training)
        if self.at_end:
            return self.readout(final_states(states, lengths, self.settings))
        return ops.transpose(self.readout(states), (1, 0, 2))

    def states(self, ids: Tensor, *, training: bool = False) -> tuple[Tensor, Tensor]:
        """Return the states of the last layer, (T, B, H) or (T, B, 2 H), and the lengths, (B,)."""
        lengths = ops.sum(ops.cast(ids != 0, "int32"), axis=1)
        return self.stack(self.one_hot(ops.transpose(ids)), lengths, training=training), lengths


class EncoderDecoder(ShapeNetwork):
    """One sequence to another of any length (Cho et al. 2014, Sutskever et al. 2014).

    The final states of the encoder are the context c, and ``s<t> = cell(s<t-1>, [y<t-1>, c])`` is the decoder: it sees
    the whole source at every step. The decoder has the encoder's cell, width and layers, and runs forward.

    Inputs: ``source`` int32 (B, Tx) and ``before`` int32 (B, Ty), the target shifted by one step, 0 at its first.
    Output: (B, Ty, V), the probabilities of each symbol of the target after those before it.
    """

    def __init__(self, stack: Stack, *, symbols: int, outputs: int, name: str = "encoder_decoder") -> None:
        super().__init__(stack, name=name, symbols=symbols, outputs=outputs)
        self.source, self.before = OneHot(symbols), OneHot(outputs)
        self.encoder = stack.recurrent(name="encoder")
        self.decoder = RecurrentStack(stack.cell, stack.units, layers=stack.layers, direction="forward", name="decoder")
        self.readout = stack.readout(outputs)

    def call(self, inputs: dict[str, Tensor], training: bool = False) -> Tensor:
        """Return the probabilities of the target's symbols. Shape: as of the network."""
        source, before = ops.transpose(inputs["source"]), ops.transpose(inputs["before"])
        lengths = ops.sum(ops.cast(source != 0, "int32"), axis=0)
        context = final_states(self.encoder(self.source(source), lengths, training=training), lengths, self.settings)
        steps, rows = ops.shape(before)[0], ops.shape(before)[1]
        repeated = ops.broadcast_to(ops.expand_dims(context, 0), (steps, rows, context.shape[-1]))
        decoded = ops.concatenate([self.before(before), repeated], axis=-1)  # (Ty, B, V + H)
        states = self.decoder(decoded, ops.broadcast_to(steps, (rows,)), training=training)
        return ops.transpose(self.readout(states), (1, 0, 2))


def one_to_one(stack: Stack, *, width: int, outputs: int) -> VectorNetwork:
    """Return a network for vectors, float32 (B, `width`), and targets, int32 (B,)."""
    return _ready(VectorNetwork(stack, outputs=outputs), np.zeros((1, width), np.float32))


def one_to_many(stack: Stack, *, seeds: int, symbols: int) -> SequenceNetwork:
    """Return a network that continues one of some seeds; see `continuations` for its inputs, `generate` for its use."""
    network = SequenceNetwork(stack, symbols=symbols + seeds, outputs=symbols, at_end=False, name="one_to_many")
    return _ready(network, _SOME_IDS)


def many_to_one(stack: Stack, *, symbols: int, outputs: int) -> SequenceNetwork:
    """Return a network for ids, int32 (B, T), and targets, int32 (B,)."""
    return _ready(SequenceNetwork(stack, symbols=symbols, outputs=outputs, at_end=True, name="many_to_one"), _SOME_IDS)


def many_to_many(stack: Stack, *, symbols: int, outputs: int) -> SequenceNetwork:
    """Return a network for ids and targets, int32 (B, T); targets are `IGNORED` after the end."""
    network = SequenceNetwork(stack, symbols=symbols, outputs=outputs, at_end=False, name="many_to_many")
    return _ready(network, _SOME_IDS)


def encoder_decoder(stack: Stack, *, symbols: int, outputs: int) -> EncoderDecoder:
    """Return a network from a source of `symbols` ids to targets of `outputs` ids; see `teacher_forcing`."""
    network = EncoderDecoder(stack, symbols=symbols, outputs=outputs)
    return _ready(network, {"source": _SOME_IDS, "before": _SOME_IDS})


def final_states(states: Tensor, lengths: Tensor, stack: Stack) -> Tensor:
    """Return the states that have read everything: the last of a forward layer, the first of a backward one.

    Shape: (T, B, H), or (T, B, 2 H) for both directions, and lengths (B,) -> (B, H) or (B, 2 H).
    """
    ends = {"forward": last_outputs(states, lengths), "backward": states[0]}
    directions = layer_directions(stack.direction, stack.layers)[-1]
    parts = [ends[name][:, i * stack.units : (i + 1) * stack.units] for i, name in enumerate(directions)]
    return ops.concatenate(parts, axis=-1)


def continuations(seeds: np.ndarray, targets: np.ndarray, *, symbols: int) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs and targets of a one-to-many network, int32 (B, T); inputs are a seed and the targets before.

    Args:
        seeds: (B,), from 0.
        targets: (B, T), each with its end.
        symbols: V, the id of the first seed.
    """
    before = np.concatenate([seeds[:, None] + symbols, targets[:, :-1]], axis=1).astype(np.int32)
    return before, np.where(targets == 0, IGNORED, targets)


def teacher_forcing(source: np.ndarray, targets: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return inputs and targets of an encoder-decoder from sources (B, Tx) and targets (B, Ty), each with its end."""
    before = np.concatenate([np.zeros_like(targets[:, :1]), targets[:, :-1]], axis=1)
    return {"source": source, "before": before}, np.where(targets == 0, IGNORED, targets)


def generate(
    network: SequenceNetwork, seeds: np.ndarray, *, length: int, symbols: int, rng: np.random.Generator
) -> np.ndarray:
    """Return sequences, int32 (B, `length`), sampled step by step from the network's softmax; 0 after the end."""
    ids = np.asarray(seeds, np.int32)[:, None] + symbols
    for _ in range(length):
        cumulative = np.asarray(network(ids))[:, -1].astype(np.float64).cumsum(axis=1)  # (B, V)
        drawn = (rng.random((len(ids), 1)) * cumulative[:, -1:] > cumulative).sum(axis=1)
        ids = np.concatenate([ids, drawn[:, None].astype(np.int32)], axis=1)
    return _until_end(ids[:, 1:])


def translate(network: EncoderDecoder, source: np.ndarray, *, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the most probable symbol at each step, int32 (B, `length`), 0 after the end, and the joint probability."""
    ids = np.zeros((len(source), 1), np.int32)
    joint = np.ones(len(source))
    for _ in range(length):
        probabilities = np.asarray(network({"source": source, "before": ids}))[:, -1]
        has_ended = (ids == END).any(axis=1)
        joint = np.where(has_ended, joint, joint * probabilities.max(axis=1))
        ids = np.concatenate([ids, probabilities.argmax(axis=1).astype(np.int32)[:, None]], axis=1)
    return _until_end(ids[:, 1:]), joint


def log_loss(targets: Tensor, probabilities: Tensor) -> Tensor:
    """Return minus the log-probability of the targets, as a mean over them.

    Shape: targets (B,) or (B, T), `IGNORED` where there is none; probabilities have one more axis, of K or of 1.
    """
    targets = ops.cast(targets, "int32")
    real = ops.cast(targets != IGNORED, probabilities.dtype)
    if probabilities.shape[-1] == 1:
        positive = probabilities[..., 0]
        chosen = ops.where(targets == 1, positive, 1 - positive)
    else:
        chosen = ops.sum(probabilities * ops.one_hot(targets, probabilities.shape[-1]), axis=-1)
    return -ops.sum(ops.log(ops.maximum(chosen, _TINY)) * real) / ops.sum(real)


def accuracy(targets: np.ndarray, probabilities: Tensor | np.ndarray) -> float:
    """Return the fraction of targets that are the most probable answer. Shape: as `log_loss`."""
    probabilities = np.asarray(probabilities)
    binary = probabilities.shape[-1] == 1
    answers = probabilities[..., 0] > 0.5 if binary else probabilities.argmax(axis=-1)
    return float((answers == targets)[targets != IGNORED].mean())


_SOME_IDS = np.ones((1, 1), np.int32)


def _ready(network: _Network, example: Any) -> _Network:
    """Return the network with its weights created and its optimizer set."""
    network(example)
    optimizer = keras.optimizers.Adam(0.01, global_clipnorm=1.0)
    network.compile(optimizer=optimizer, jit_compile=False)  # XLA is slower on these loops
    return network


def _until_end(ids: np.ndarray) -> np.ndarray:
    """Return the sequences, (B, T), with zeros from their end on."""
    over = np.cumsum(ids == END, axis=1) > 0
    return np.where(over, 0, ids).astype(np.int32)
