"""The schedule: the learning rate and the end of a run, from the dev F1 of its epochs."""

from __future__ import annotations

import pytest

from nertagger.config import TrainingConfig
from nertagger.training.loop.schedule import Schedule


def run(scores: list[float], config: TrainingConfig) -> tuple[list[bool], list[float], int]:
    """Return whether each epoch was the best so far, the learning rate after each, and the number of epochs."""
    schedule = Schedule.begin(config, steps=10, refit_steps=12)
    best: list[bool] = []
    rates: list[float] = []
    for epoch, score in enumerate(scores, start=1):
        best.append(schedule.epoch_done(epoch, score, config))
        rates.append(schedule.learning_rate)
        if schedule.is_over(epoch, config):
            return best, rates, epoch
    return best, rates, len(scores)


def settings(**values: float | str) -> TrainingConfig:
    """Return settings with a learning rate of 8, halved after two epochs without a better score; four end the run."""
    defaults = {
        "schedule": "plateau",
        "learning_rate": 8.0,
        "anneal_factor": 0.5,
        "anneal_patience": 2,
        "patience": 4,
        "epochs": 100,
    }
    return TrainingConfig(**{**defaults, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scores", "best"),
    [
        ([0.1, 0.2, 0.3], [True, True, True]),
        ([0.3, 0.2, 0.3, 0.31], [True, False, False, True]),
        ([0.0, 0.0], [True, False]),
    ],
)
def test_only_a_higher_score_is_better(scores: list[float], best: list[bool]) -> None:
    assert run(scores, settings())[0] == best


def test_epochs_before_the_first_correct_entity_do_not_count_as_a_plateau() -> None:
    _, rates, epochs = run([0.0] * 9 + [0.1, 0.0, 0.0], settings())
    assert (rates, epochs) == ([8.0] * 11 + [4.0], 12)


def test_the_first_epoch_is_the_best_even_with_an_f1_of_zero() -> None:
    schedule = Schedule(1.0, 9, 5)
    assert schedule.epoch_done(1, 0.0, settings())
    assert (schedule.best_f1, schedule.best_epoch) == (0.0, 1)


@pytest.mark.parametrize(
    ("scores", "rates"),
    [
        ([0.5, 0.4, 0.4], [8, 8, 4]),
        ([0.5, 0.4, 0.4, 0.4, 0.4], [8, 8, 4, 4, 2]),
        ([0.5, 0.4, 0.6, 0.5, 0.7], [8, 8, 8, 8, 8]),
        ([0.5, 0.4, 0.4, 0.6, 0.5, 0.5], [8, 8, 4, 4, 4, 2]),
    ],
)
def test_a_plateau_lowers_the_learning_rate(scores: list[float], rates: list[float]) -> None:
    assert run(scores, settings())[1] == rates


def test_anneal_settings() -> None:
    scores = [0.5, 0.4, 0.4, 0.4]
    assert run(scores, settings(anneal_patience=1))[1] == [8, 4, 2, 1]
    assert run(scores, settings(anneal_factor=0.25))[1] == [8, 8, 2, 2]
    assert run(scores, settings(anneal_factor=1.0))[1] == [8, 8, 8, 8]


@pytest.mark.parametrize(
    ("values", "scores", "epochs"),
    [
        ({}, [0.5] + [0.4] * 50, 5),
        ({}, [0.5, 0.4, 0.4, 0.4, 0.6] + [0.4] * 50, 9),
        ({"patience": 1}, [0.5, 0.4, 0.9], 2),
        ({"epochs": 3}, [0.1, 0.2, 0.3, 0.4], 3),
        ({"epochs": 1}, [0.1, 0.2], 1),
    ],
)
def test_patience_and_epochs_end_the_run(values: dict[str, int], scores: list[float], epochs: int) -> None:
    assert run(scores, settings(**values))[2] == epochs


def test_a_run_is_not_over_before_its_first_epoch() -> None:
    assert not Schedule(1.0, 1, 5).is_over(0, settings(patience=1))


@pytest.mark.parametrize(("refit", "steps", "epochs"), [
    (0, 900, 7), (0, 72, 7), (0, 71, 8), (0, 3, 167), (0, 1, 500), ("auto", 36, 7), ("auto", 35, 8), (5, 1, 250),
])  # fmt: skip
def test_a_small_corpus_gets_more_epochs_by_default(refit: int | str, steps: int, epochs: int) -> None:
    assert Schedule.begin(settings(epochs=0, refit=refit), steps=steps, refit_steps=steps).epochs == epochs
    assert Schedule.begin(settings(epochs=3), steps=steps, refit_steps=steps).epochs == 3


@pytest.mark.parametrize(("refit", "steps", "epochs"), [
    ("auto", 900, 5), ("auto", 160, 5), ("auto", 159, 6), ("auto", 21, 39), ("auto", 1, 40), (0, 3, 0), (2, 3, 2),
])  # fmt: skip
def test_a_small_corpus_gets_more_refit_epochs_by_default(refit: int | str, steps: int, epochs: int) -> None:
    assert Schedule.begin(settings(refit=refit), steps=9, refit_steps=steps).refit == epochs


def test_a_constant_learning_rate_stays_until_the_end() -> None:
    assert run([0.1, 0.2, 0.1, 0.1, 0.1, 0.1], settings(schedule="constant"))[1:] == ([8] * 6, 6)


def test_a_linear_learning_rate_falls_to_zero_over_all_epochs() -> None:
    config = settings(schedule="linear", epochs=4)
    assert run([0.1, 0.2, 0.3, 0.2], config)[1:] == ([6, 4, 2, 0], 4)
    assert run([0.2, 0.1, 0.1, 0.1, 0.1], settings(schedule="linear", patience=2))[2] == 3
