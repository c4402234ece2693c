"""The weights of an encoder mean in a tagger what they mean here."""

from __future__ import annotations

import numpy as np
import pytest
from keras import ops

from nertagger.network.recurrent import RecurrentStack
from nertagger.training.loop.weights import get_weights, set_weights
from nertagger.training.pretraining.weights import encoder_weights, tagger_weights


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_a_fused_stack_computes_what_a_tagger_does(cell: str) -> None:
    rng = np.random.default_rng(1)
    stacks = [
        RecurrentStack(cell, 5, layers=2, direction=["both", "backward"], fused=fused, name="stack")
        for fused in (True, False)
    ]
    for stack in stacks:
        stack.build((None, None, 3))
    fused, plain = stacks
    weights = {f"stack/{name}": rng.normal(size=array.shape) for name, array in get_weights(fused).items()}
    set_weights(fused, {name.removeprefix("stack/"): array for name, array in weights.items()})
    of_tagger = tagger_weights({**weights, "mask": np.zeros(3)})
    set_weights(plain, {name.removeprefix("stack/"): array for name, array in of_tagger.items()})
    batch = rng.normal(size=(6, 3, 3)).astype(np.float32)
    lengths = ops.convert_to_tensor(np.array([6, 1, 4], np.int32))
    outputs = [np.array(stack(batch, lengths)) for stack in stacks]
    inside = np.arange(6)[:, None] < np.array([6, 1, 4])
    np.testing.assert_allclose(outputs[0][inside], outputs[1][inside], atol=1e-5)
    back = encoder_weights(of_tagger, like={**weights, "mask": np.ones(3)})
    assert back.pop("mask").tolist() == [1, 1, 1]
    assert all(np.allclose(back[name], array) for name, array in weights.items())
