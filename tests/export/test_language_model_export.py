"""ONNX and Keras agree on the probability of every symbol and on the final state."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nertagger.config.language_model import LanguageModelConfig
from nertagger.features.vocabulary import Vocabulary
from nertagger.modelfile.writer import write_model
from nertagger.network.cells import CELLS
from nertagger.network.language_model import LanguageNetwork
from nertagger.runtime.language_model.model import LanguageModel
from nertagger.training.language_model.model_writing import language_members
from nertagger.training.loop.weights import get_weights, set_weights

Make = Callable[..., LanguageModelConfig]
SYMBOLS = Vocabulary(["\n", *"abc "])


def random_network(config: LanguageModelConfig, name: str) -> LanguageNetwork:
    network = LanguageNetwork(config, len(SYMBOLS), name=name)
    network.build()
    rng = np.random.default_rng(0)
    shapes = {key: w.shape for key, w in get_weights(network).items()}
    set_weights(network, {k: rng.normal(0, 0.5, shape).astype(np.float32) for k, shape in shapes.items()})
    return network


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", CELLS)
def test_runtime_agrees_with_keras(cell: str, layers: int, small: Make, tmp_path: Path) -> None:
    config = small(cell=cell, layers=layers, direction="backward")
    network = random_network(config, "backward")
    weights = {f"backward/{name}": w for name, w in get_weights(network).items()}
    write_model(tmp_path / "m.lm", language_members(config, SYMBOLS, weights, {}))
    ours = LanguageModel.load(tmp_path / "m.lm").network("backward")
    ids = np.random.default_rng(1).integers(0, len(SYMBOLS), (9, 4)).astype(np.int32)
    state = np.random.default_rng(2).normal(size=ours.start(4).shape).astype(np.float32)
    found, found_state = ours.read(ids, state)
    scores, wanted_state = map(np.array, network(ids, state))
    wanted = scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))
    np.testing.assert_allclose(found, wanted, atol=1e-5)
    np.testing.assert_allclose(found_state, wanted_state, atol=1e-5)
