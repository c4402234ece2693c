"""Gradients that explode, and clipping that holds them (Pascanu et al. 2013).

A simple RNN with ReLU is trained to output the sum of its inputs. Its recurrent weights start as a rotation times a
number above 1, so that states and gradients grow by that factor with every step. Without clipping, the first steps of
stochastic gradient descent move the weights so far that the loss is no longer finite.
"""

from __future__ import annotations

from typing import Any, Literal

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from nertagger.config import TrainingConfig
from nertagger.network.recurrent import RecurrentLayer
from nertagger.training.loop.seeds import make_deterministic
from nertagger.training.loop.steps import make_optimizer

_UNITS, _BATCH = 16, 32
Clipping = Literal["none", "norm", "value"]


def explode(
    clip: Clipping,
    *,
    clip_at: float = 1.0,
    growth: float = 1.5,
    length: int = 40,
    steps: int = 150,
    learning_rate: float = 0.02,
    seed: int = 1,
) -> pd.DataFrame:
    """Train the network and record loss and gradients; the optimizer is that of the tagger (`make_optimizer`).

    Args:
        clip: ``norm`` scales a gradient that is too long, ``value`` clips each of its numbers, ``none`` does neither.
        clip_at: the greatest norm or value.
        growth: the factor by which the initial recurrent weights multiply a state.
        length: T.
        steps: the number of training steps.
        learning_rate: with the momentum of 0.9, a change is at most ten times it times the clipped norm.
        seed: the seed of weights and sequences.

    Returns:
        One row per step: ``loss``, the ``gradient``'s norm, the norm of the ``change`` that it made to the weights.
    """
    make_deterministic(seed)
    generator = np.random.default_rng(seed)
    layer, readout = RecurrentLayer("simple-relu", _UNITS), keras.layers.Dense(1)
    layer.build((length, _BATCH, 1))
    readout.build((_BATCH, _UNITS))
    layer.loop.cell.recurrent.assign(layer.loop.cell.recurrent * growth)
    variables = [*layer.trainable_variables, *readout.trainable_variables]
    config = TrainingConfig(optimizer="sgd", clip=clip, clip_at=clip_at, learning_rate=learning_rate)
    optimizer = make_optimizer(config)
    optimizer.build(variables)

    def learn(sequences: Any) -> tuple[Any, list[Any]]:
        with tf.GradientTape() as tape:
            answers = readout(layer(sequences, None)[-1])
            loss = tf.reduce_mean(tf.square(answers - tf.reduce_sum(sequences, axis=0)))
        return loss, tape.gradient(loss, [variable.value for variable in variables])

    loss_and_gradients = tf.function(learn, autograph=False)
    rows = []
    for _ in range(steps):
        loss, gradients = loss_and_gradients(generator.uniform(-1, 1, (length, _BATCH, 1)).astype(np.float32))
        before = _numbers(variables)
        optimizer.apply(gradients, variables)
        change = np.linalg.norm(_numbers(variables) - before)
        rows.append({"loss": float(loss), "gradient": float(np.linalg.norm(_numbers(gradients))), "change": change})
    return pd.DataFrame(rows, index=pd.RangeIndex(1, steps + 1, name="step"))


def _numbers(tensors: list[Any]) -> np.ndarray:
    """Return all numbers of some tensors, float64 (N,)."""
    return np.concatenate([tensor.numpy().ravel() for tensor in tensors]).astype(np.float64)
