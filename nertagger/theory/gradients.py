"""The vanishing gradient, measured: the norms of the gradient of a loss at the end of a sequence, step by step back.

By the chain rule ``d L / d a<t> = (d a<t+1> / d a<t>)^T d L / d a<t+1>``: one factor for every step back, and a product
of many factors below 1 vanishes (Bengio et al. 1994; Pascanu et al. 2013). The memory ``c<t>`` of a cell
is instead passed on through a gate near 1 (Hochreiter and Schmidhuber 1997).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import tensorflow as tf

from nertagger.network.cells import CELLS
from nertagger.network.recurrent import RecurrentLayer
from nertagger.training.loop.seeds import make_deterministic

_STATE_NAMES = ("a", "c")


def state_gradients(layer: RecurrentLayer, sequences: np.ndarray) -> dict[str, np.ndarray]:
    """Return the norms of ``d L / d a<t>`` and, for a cell with a memory, of ``d L / d c<t>``: float (T,) each.

    L is a random direction of ``a<T>``, of norm 1; norms are means over the batch.

    Args:
        layer: a forward one, trained or with initial weights.
        sequences: float32 (T, B, D).
    """
    if layer.backward:
        raise ValueError("expected a forward layer; reverse the sequences for a backward one")
    cell = layer.loop.cell
    projected = tf.unstack(tf.matmul(sequences, layer.kernel) + layer.bias)
    states = [tf.zeros((sequences.shape[1], size)) for size in cell.state_size]
    passed: list[list[Any]] = []
    with tf.GradientTape() as tape:
        tape.watch(states)  # else the first steps would not be recorded
        for step in projected:
            _, states = cell(step, states)
            passed.append(states)
        loss = tf.reduce_sum(states[0] * random_directions(*states[0].shape))
    names = _STATE_NAMES[: len(states)]
    gradients = tape.gradient(loss, passed, unconnected_gradients="zero")
    return {name: np.array([_mean_norm(step[i]) for step in gradients]) for i, name in enumerate(names)}


def gradient_frame(
    cells: Iterable[str] = CELLS, *, units: int = 32, steps: int = 60, batch: int = 32, size: int = 8, seed: int = 1
) -> pd.DataFrame:
    """Return `state_gradients` of cells with initial weights over random sequences, one row per time step.

    Args:
        cells: names in `CELLS`.
        units: H.
        steps: T.
        batch: B.
        size: D.
        seed: the seed of weights and sequences.

    Returns:
        Columns ``CELL a`` and, for cells with a memory, ``CELL c``; the index is t, from 1.
    """
    sequences = np.random.default_rng(seed).normal(size=(steps, batch, size)).astype(np.float32)
    columns: dict[str, np.ndarray] = {}
    for name in cells:
        make_deterministic(seed)
        layer = RecurrentLayer(name, units)
        layer.build(sequences.shape)
        columns |= {f"{name} {state}": norms for state, norms in state_gradients(layer, sequences).items()}
    return pd.DataFrame(columns, index=pd.RangeIndex(1, steps + 1, name="t"))


def random_directions(rows: int, units: int) -> np.ndarray:
    """Return random vectors of norm 1, float32 (B, H), always the same."""
    vectors = np.random.default_rng(0).normal(size=(rows, units)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _mean_norm(gradient: Any) -> float:
    return float(np.linalg.norm(gradient.numpy(), axis=1).mean())
