"""The date normalizer: its ONNX graph agrees with the Keras network, and a short training run learns dates."""

from __future__ import annotations

import numpy as np
import pytest

from nertagger.dates.examples import examples
from nertagger.dates.export import export_dates
from nertagger.dates.normalizer import DIGITS, LETTERS, LONGEST, STEPS, DateNormalizer
from nertagger.dates.text import simplify
from nertagger.dates.training import accuracy, arrays, train_dates
from nertagger.features.sequences import Symbols
from nertagger.network.shapes import Stack, encoder_decoder, translate
from nertagger.training.loop.weights import get_weights, set_weights


def test_graph_agrees_with_keras() -> None:
    digits = Symbols(DIGITS)
    network = encoder_decoder(Stack("gru", 12, direction="both"), symbols=len(Symbols(LETTERS)), outputs=len(digits))
    rng = np.random.default_rng(0)
    weights = {name: rng.normal(0, 0.5, w.shape) for name, w in get_weights(network).items()}
    weights["readout/answer/bias"][0] = -50  # padding, which a trained network never predicts
    set_weights(network, {name: w.astype(np.float16).astype(np.float32) for name, w in weights.items()})
    pairs = [pair for pair in examples(60, seed=1) if len(simplify(pair[0])) <= LONGEST]
    symbols, probability = translate(network, arrays(pairs)[0]["source"], length=STEPS)
    found = DateNormalizer(export_dates(get_weights(network))).guess([text for text, _ in pairs])
    assert [guess.date for guess in found] == ["".join(digits.decode(row)) for row in symbols]
    np.testing.assert_allclose([guess.probability for guess in found], probability, rtol=1e-3)


@pytest.mark.slow
def test_training_learns() -> None:
    network = train_dates(steps=700, stack=Stack("gru", 64, direction="both"))
    assert accuracy(DateNormalizer(export_dates(get_weights(network))), examples(1000, seed=3, held_out=True)) > 0.6
