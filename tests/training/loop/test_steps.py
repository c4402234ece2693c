"""Checks after every training step."""

from __future__ import annotations

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from nertagger.config import TrainingConfig
from nertagger.errors import TrainingError
from nertagger.training.loop.steps import AfterStep, make_optimizer
from nertagger.training.loop.workers import Workers


def after_step() -> tuple[AfterStep, list[float]]:
    seen: list[float] = []
    after = AfterStep(lambda _, loss: bool(seen.append(loss)), place="epoch 1")
    after.set_model(SimpleNamespace(reset_metrics=lambda: None))
    return after, seen


@pytest.mark.parametrize("loss", [float("nan"), float("inf"), -float("inf"), 1e4, -90.0, -0.1])
def test_an_impossible_loss_stops_training(loss: float) -> None:
    after, seen = after_step()
    with pytest.raises(TrainingError, match=r"the loss is .* at epoch 1, step 3: training has diverged"):
        after.on_train_batch_end(2, {"loss": loss})
    assert not seen


class Three(Workers):
    """Three processes that all have the same numbers."""

    def sum(self, *numbers: float) -> list[float]:
        return [3 * number for number in numbers]


def test_processes_sum_their_losses_and_stop_together_a_step_later() -> None:
    seen: list[float] = []
    after = AfterStep(lambda _, loss: not seen.append(loss), place="epoch 1", workers=Three(0, 3))
    network = SimpleNamespace(reset_metrics=lambda: None, stop_training=False)
    after.set_model(network)
    after.on_train_batch_end(0, {"loss": 0.5})
    assert (seen, network.stop_training) == ([1.5], False)
    after.on_train_batch_end(1, {"loss": 0.25})
    assert (seen, network.stop_training) == ([1.5, 0.75], True)


@pytest.mark.parametrize("loss", [0.0, -1e-5, 2.3, 900.0])
def test_any_other_loss_is_reported(loss: float) -> None:
    after, seen = after_step()
    after.on_train_batch_end(0, {"loss": loss})
    assert seen == [loss]


@pytest.mark.parametrize("kind", ["adam", "adamw", "sgd"])
def test_the_learning_rate_of_each_weight_has_a_factor(kind: str) -> None:
    layers = [keras.layers.Dense(1, use_bias=False, name=name) for name in ("a", "b", "c")]
    network = keras.Sequential([keras.Input((1,)), *layers], name="network")
    network.set_weights([np.ones((1, 1))] * 3)
    config = TrainingConfig(optimizer=kind, learning_rate=0.1, clip="none")  # type: ignore[arg-type]
    factors = {"a/kernel": 0.0, "b/kernel": 0.25, "c/kernel": 1.0}
    optimizer = make_optimizer(config, factor=lambda name: factors["/".join(name.split("/")[-2:])])
    optimizer.build(network.trainable_variables)
    optimizer.apply([keras.ops.ones((1, 1))] * 3)
    changes = [1 - float(np.asarray(array).item()) for array in network.get_weights()]
    assert changes == pytest.approx([0.0, 0.025, 0.1], abs=1e-6)
