"""Measures how fast each cell runs and trains beside the LSTM, in the default recurrent layer with initial weights.

    python benchmarks/cells.py

Running: the exported network in ONNX Runtime, one thread, over batches of 1024 tokens in sentences of 24. Training: a
step of the layer, forward and backward, in TensorFlow on a batch of 32 such sentences. Cells take turns; each figure is
the median of all rounds. The table is written to benchmarks/results/cells.md.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from nertagger.config import NetworkConfig
from nertagger.export.tagger import export_network
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Member, NetworkGraph
from nertagger.network.cells import CELLS
from nertagger.network.recurrent import RecurrentStack
from nertagger.runtime.session import Session
from nertagger.training.loop.weights import get_weights

RESULT = Path(__file__).parent / "results" / "cells.md"
WIDTH, TAGS, LENGTH, ROUNDS = 114, 17, 24, 30
Task = Callable[[], object]


class Network(keras.Model):
    """The default recurrent stack, dense layer and output."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__(name="tagger")
        self.stack = RecurrentStack(config.cell, config.units, direction=config.direction, name="stack")
        self.dense0 = keras.layers.Dense(config.dense[0], activation="relu", name="dense0")
        self.emit = keras.layers.Dense(TAGS, name="emit")

    def call(self, words: tf.Tensor, lengths: tf.Tensor) -> tf.Tensor:
        return self.emit(self.dense0(self.stack(words, lengths)))


def tasks(cell: str) -> tuple[Task, Task]:
    """Return a function that runs the network with this cell, and one that makes a training step."""
    config = NetworkConfig(cell=cell)  # type: ignore[arg-type]
    network = Network(config)
    run_batch, train_batch = batch(1024 // LENGTH), batch(32)
    network(*train_batch)
    graph = export_network(config, [get_weights(network)])
    session = Session(ModelFile.in_memory({Member.NETWORK: graph}, name=cell), Member.NETWORK)
    inputs = {NetworkGraph.WORDS: run_batch[0], NetworkGraph.LENGTHS: run_batch[1]}

    @tf.function
    def step(words: tf.Tensor, lengths: tf.Tensor) -> list[tf.Tensor]:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(network(words, lengths)))
        return tape.gradient(loss, [v.value for v in network.trainable_variables])

    return lambda: session.run(inputs), lambda: step(*map(tf.constant, train_batch))


def batch(sentences: int) -> tuple[np.ndarray, np.ndarray]:
    """Random words float32 (T, B, D) and lengths int32 (B,)."""
    words = np.random.default_rng(1).normal(size=(LENGTH, sentences, WIDTH)).astype(np.float32)
    return words, np.full(sentences, LENGTH, np.int32)


def seconds(task: Task) -> float:
    began = time.perf_counter()
    task()
    return time.perf_counter() - began


def main() -> None:
    pairs = {cell: tasks(cell) for cell in CELLS}
    times: dict[str, tuple[list[float], list[float]]] = {cell: ([], []) for cell in CELLS}
    for number in range(ROUNDS + 3):
        for cell, both in pairs.items():
            for task, kept in zip(both, times[cell], strict=True):
                spent = seconds(task)
                if number >= 3:  # the first rounds warm up
                    kept.append(spent)
    medians = {cell: [statistics.median(kept) for kept in both] for cell, both in times.items()}
    lines = [
        "# Cells beside the LSTM",
        "",
        "`python benchmarks/cells.py`: the default tagger's recurrent layer, 100 units in both directions.",
        "",
        "Speeds of running (ONNX Runtime, one thread) and of training (TensorFlow), beside the LSTM's.",
        "",
        "| cell | tokens/s | beside the LSTM | ms per training step | speed beside the LSTM |",
        "|---|---|---|---|---|",
    ]
    for cell, (running, training) in medians.items():
        tokens = 1024 // LENGTH * LENGTH / running
        ratios = [medians["lstm"][0] / running, medians["lstm"][1] / training]
        lines.append(f"| {cell} | {tokens:,.0f} | {ratios[0]:.2f} | {1000 * training:.1f} | {ratios[1]:.2f} |")
    RESULT.write_text("\n".join(lines) + "\n")
    print(RESULT.read_text())


if __name__ == "__main__":
    main()
