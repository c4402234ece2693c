"""Training of the date network: an encoder-decoder on made-up dates.

``python -m nertagger.dates.training OUT.onnx`` makes the file that comes with the package, in some minutes.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Sequence
from itertools import count, islice

import keras
import numpy as np

from nertagger.dates.examples import examples
from nertagger.dates.export import export_dates
from nertagger.dates.normalizer import DIGITS, LETTERS, LONGEST, STEPS, DateNormalizer
from nertagger.dates.text import is_consistent, simplify
from nertagger.features.sequences import Symbols
from nertagger.files import atomic_write
from nertagger.network.shapes import EncoderDecoder, Stack, encoder_decoder, teacher_forcing
from nertagger.training.loop.seeds import make_deterministic
from nertagger.training.loop.weights import get_weights

logger = logging.getLogger(__name__)

STACK = Stack("gru", 96, direction="both")
_BATCH = 128
_CHUNK = 16_384  # examples made at a time; none is used twice
_WIDTHS = (14, 18, 24, LONGEST)  # characters that batches are padded to, since every one costs time


def train_dates(*, steps: int, stack: Stack = STACK, seed: int = 1) -> EncoderDecoder:
    """Return an encoder-decoder trained on this many batches of 128 made-up dates.

    The learning rate falls along half a cosine.
    """
    make_deterministic(seed)
    network = encoder_decoder(stack, symbols=len(Symbols(LETTERS)), outputs=len(Symbols(DIGITS)))
    falling = keras.optimizers.schedules.CosineDecay(0.004, steps)
    network.compile(keras.optimizers.Adam(falling, global_clipnorm=1.0), jit_compile=False)
    for step, (inputs, targets) in enumerate(islice(_batches(seed), steps), start=1):
        loss = network.train_on_batch(inputs, targets)
        if step % 200 == 0:
            logger.info("step %d of %d: %.4f nats per symbol", step, steps, loss)
            network.reset_metrics()
    return network


def _batches(seed: int) -> Iterator[tuple[dict[str, np.ndarray], np.ndarray]]:
    """Yield batches without end in random order, each of texts of similar length."""
    rng = np.random.default_rng(seed)
    for chunk in count():
        pairs = examples(_CHUNK, seed=(seed << 32) + chunk)
        inputs, targets = arrays([pair for pair in pairs if len(simplify(pair[0])) <= LONGEST])
        widths = np.searchsorted(_WIDTHS, (inputs["source"] != 0).sum(axis=1))
        batches = []
        for group, width in enumerate(_WIDTHS):
            rows = rng.permutation(np.flatnonzero(widths == group))
            parts = [rows[i : i + _BATCH] for i in range(0, len(rows) - _BATCH + 1, _BATCH)]
            batches += [(part, width) for part in parts]
        for place in rng.permutation(len(batches)):
            part, width = batches[place]
            yield {"source": inputs["source"][part, :width], "before": inputs["before"][part]}, targets[part]


def arrays(pairs: Sequence[tuple[str, str]]) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return texts of at most 48 characters and their dates as inputs and targets of an encoder-decoder."""
    source = Symbols(LETTERS).encode([simplify(text) for text, _ in pairs], length=LONGEST)
    return teacher_forcing(source, Symbols(DIGITS).encode([date for _, date in pairs], end=True, length=STEPS))


def accuracy(normalizer: DateNormalizer, pairs: Sequence[tuple[str, str]]) -> float:
    """Return the fraction of texts whose date the network gives; dates that do not exist count as no date."""
    texts = [simplify(text) for text, _ in pairs]
    found = [
        guess.date if is_consistent(guess.date, text) else None
        for guess, text in zip(normalizer.guess(texts), texts, strict=True)
    ]
    expected = [date if is_consistent(date, text) else None for (_, date), text in zip(pairs, texts, strict=True)]
    return sum(a == b for a, b in zip(found, expected, strict=True)) / len(pairs)


def main(path: str) -> None:
    """Train the network that comes with the package and write its file."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    content = export_dates(get_weights(train_dates(steps=7_000)))
    exact = accuracy(DateNormalizer(content), examples(20_000, seed=2, held_out=True))
    logger.info("%d bytes; %.2f %% of 20,000 held-out dates", len(content), 100 * exact)
    with atomic_write(path) as stream:
        stream.write(content)


if __name__ == "__main__":
    main(sys.argv[1])
