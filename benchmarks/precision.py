"""Measures how long a training step of a character language model takes in float32 and in bfloat16.

    python benchmarks/precision.py [--units 256 512]

Both directions of an LSTM; batches of 64 streams, 100 random symbols each, from a vocabulary of 300. The precisions
take turns; each figure is the median of all rounds. The table is written to benchmarks/results/precision.md.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import numpy as np

from nertagger.config.language_model import LanguageModelConfig
from nertagger.training.language_model.learner import Learner
from nertagger.training.language_model.stream import Window

RESULT = Path(__file__).parent / "results" / "precision.md"
SYMBOLS, ROUNDS, PRECISIONS = 300, 7, ("float32", "bfloat16")


def window(config: LanguageModelConfig) -> Window:
    """Return random symbols, which are also the targets."""
    rng = np.random.default_rng(1)
    shape = (config.window, config.batch_size)
    ids = {name: rng.integers(1, SYMBOLS, shape).astype(np.int32) for name in config.directions}
    return Window(ids, ids, is_fresh=True)


def median_seconds(units: int) -> dict[str, float]:
    """Return the time of a step in each precision."""
    configs = {
        precision: LanguageModelConfig.from_values({"units": units, "precision": precision}) for precision in PRECISIONS
    }
    learners = {precision: Learner(config, SYMBOLS) for precision, config in configs.items()}
    spent: dict[str, list[float]] = {precision: [] for precision in PRECISIONS}
    for number in range(ROUNDS + 1):
        for precision, learner in learners.items():
            config = configs[precision]
            began = time.perf_counter()
            learner.train(window(config), learner.start(config.batch_size), learning_rate=0.001)
            if number:  # the first round compiles
                spent[precision].append(time.perf_counter() - began)
    return {precision: statistics.median(seconds) for precision, seconds in spent.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", nargs="+", type=int, default=[256, 512])
    options = parser.parse_args()
    lines = [
        "# A language model's training step in float32 and in bfloat16",
        "",
        "`python benchmarks/precision.py`: an LSTM in both directions, 64 streams of 100 characters, all cores.",
        "",
        "| units | ms in float32 | ms in bfloat16 | times as fast |",
        "|---|---|---|---|",
    ]
    for units in options.units:
        fine, coarse = median_seconds(units).values()
        lines.append(f"| {units} | {1000 * fine:.0f} | {1000 * coarse:.0f} | {fine / coarse:.2f} |")
    RESULT.write_text("\n".join(lines) + "\n")
    print(RESULT.read_text())


if __name__ == "__main__":
    main()
