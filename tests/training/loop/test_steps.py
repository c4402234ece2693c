"""Checks after every training step."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from nertagger.errors import TrainingError
from nertagger.training.loop.steps import AfterStep


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


@pytest.mark.parametrize("loss", [0.0, -1e-5, 2.3, 900.0])
def test_any_other_loss_is_reported(loss: float) -> None:
    after, seen = after_step()
    after.on_train_batch_end(0, {"loss": loss})
    assert seen == [loss]
