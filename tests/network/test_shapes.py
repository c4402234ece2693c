"""The five network shapes: their losses and final states are correct, and each learns the task made for it."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from nertagger.dates import examples as dates
from nertagger.features.sequences import Symbols
from nertagger.network import shapes
from nertagger.network.shapes import IGNORED, Stack
from nertagger.theory import agreement, kinds, names, reviews, teddy


@pytest.fixture(autouse=True)
def _seeded() -> None:
    keras.utils.set_random_seed(1)


class StopWhenLearned(keras.callbacks.Callback):
    """Ends a training whose loss is next to nothing."""

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        self.model.stop_training = logs["loss"] < 0.004


def fit(network: Any, inputs: Any, targets: np.ndarray, *, epochs: int) -> None:
    network.fit(inputs, targets, batch_size=50, epochs=epochs, verbose=0, callbacks=[StopWhenLearned()])


def test_one_to_one_learns() -> None:
    network = shapes.one_to_one(Stack("simple", 16, dense=[16]), width=kinds.WIDTH, outputs=len(kinds.KINDS))
    fit(network, *kinds.arrays(kinds.examples(1000, seed=1)), epochs=15)
    vectors, wanted = kinds.arrays(kinds.examples(500, seed=2))
    assert shapes.accuracy(wanted, network(vectors)) > 0.9


def test_one_to_many_learns_names_of_each_kind() -> None:
    symbols = len(names.LETTERS)
    network = shapes.one_to_many(Stack("gru", 64), seeds=len(names.KINDS), symbols=symbols)
    seeds, letters = names.arrays(names.examples(2000, seed=1))
    fit(network, *shapes.continuations(seeds, letters, symbols=symbols), epochs=8)
    wanted = np.repeat(np.arange(3), 40)
    made = shapes.generate(network, wanted, length=19, symbols=symbols, rng=np.random.default_rng(1))
    texts = ["".join(names.LETTERS.decode(row)) for row in made]
    good = [names.is_of_kind(text, kind) for text, kind in zip(texts, wanted.tolist(), strict=True)]
    assert np.mean(good) > 0.4
    assert len(set(texts)) > 100


def test_many_to_one_learns_with_a_sigmoid() -> None:
    network = shapes.many_to_one(Stack("gru", 24), symbols=len(reviews.WORDS), outputs=1)
    fit(network, *reviews.arrays(reviews.examples(1500, seed=1)), epochs=8)
    words, wanted = reviews.arrays(reviews.examples(500, seed=2))
    assert shapes.accuracy(wanted, network(words)) > 0.97


@pytest.mark.parametrize("direction", ["forward", "both"])
def test_only_a_bidirectional_network_disambiguates_teddy(direction: str) -> None:
    """A forward network is near chance at the ambiguous word; a bidirectional one reaches 95 %."""
    network = shapes.many_to_many(Stack("lstm", 24, direction=direction), symbols=len(teddy.WORDS), outputs=1)
    fit(network, *teddy.arrays(teddy.examples(600, seed=1)), epochs=8)
    words, wanted = teddy.arrays(teddy.examples(500, seed=2))
    answers = np.array(network(words))
    at = teddy.AMBIGUOUS
    accuracy = shapes.accuracy(wanted[:, at], answers[:, at])
    assert accuracy > 0.95 if direction == "both" else abs(accuracy - 0.5) < 0.1
    others = np.delete(wanted, at, axis=1), np.delete(answers, at, axis=1)
    assert shapes.accuracy(*others) > 0.95


@pytest.mark.parametrize(
    "cell",
    ["gru", "lstm", *(pytest.param(c, marks=pytest.mark.slow) for c in ("simple", "simplified-gru", "peephole"))],
)
def test_gated_cells_learn_agreement_over_a_long_distance(cell: str) -> None:
    """With 50 words between subject and verb, gated cells reach 95 %, and a simple RNN stays below 70 %."""
    network = shapes.many_to_one(Stack(cell, 24, memory=50), symbols=len(agreement.WORDS), outputs=1)
    fit(network, *agreement.arrays(agreement.examples(1000, seed=1, distance=50)), epochs=12)
    words, wanted = agreement.arrays(agreement.examples(500, seed=2, distance=50))
    accuracy = shapes.accuracy(wanted, network(words))
    assert accuracy < 0.7 if cell == "simple" else accuracy > 0.95


def test_encoder_decoder_learns_outputs_of_another_length() -> None:
    """Dates with the name of the month; neither the test texts nor their dates are in the training data."""
    letters, digits = Symbols("abcdefghijklmnopqrstuvwxyz0123456789 ,."), Symbols("0123456789-")

    def arrays(pairs: list[tuple[str, str]]) -> tuple[dict[str, np.ndarray], np.ndarray]:
        source = letters.encode([text.lower() for text, _ in pairs], length=18)
        return shapes.teacher_forcing(source, digits.encode([date for _, date in pairs], end=True))

    def some(count: int, *, seed: int, held_out: bool) -> list[tuple[str, str]]:
        made = dates.examples(count, seed=seed, held_out=held_out)
        return [(text, date) for text, date in made if len(date) == 7 and date > "20" and len(text) <= 18]

    network = shapes.encoder_decoder(Stack("gru", 64), symbols=len(letters), outputs=len(digits))
    fit(network, *arrays(some(40000, seed=1, held_out=False)), epochs=6)
    pairs = some(2000, seed=2, held_out=True)
    inputs, _ = arrays(pairs)
    predicted, probability = shapes.translate(network, inputs["source"], length=8)
    right = ["".join(digits.decode(row)) == date for row, (_, date) in zip(predicted, pairs, strict=True)]
    assert np.mean(right) > 0.8
    assert probability[right].mean() > probability[~np.array(right)].mean() if not all(right) else True


@pytest.mark.parametrize("direction", ["forward", "backward", "both"])
@pytest.mark.parametrize("layers", [1, 3])
def test_the_output_at_the_end_does_not_depend_on_padding(direction: str, layers: int) -> None:
    stack = Stack("gru", 5, layers=layers, direction=direction, dense=[4])
    network = shapes.many_to_one(stack, symbols=9, outputs=3)
    ids = np.array([[3, 4, 5, 0, 0], [6, 7, 0, 0, 0], [3, 3, 4, 8, 5]], np.int32)
    together = np.array(network(ids))
    alone = [np.array(network(row[row != 0][None]))[0] for row in ids]
    np.testing.assert_allclose(together, alone, atol=1e-6)
    np.testing.assert_allclose(together.sum(axis=1), 1, atol=1e-6)
    for first, last in ((9, 0), (0, 9)):  # the output depends on both ends
        changed = np.array(network(np.array([[3 + bool(first), 4, 5, 6 + bool(last)]], np.int32)))
        assert np.abs(changed - np.array(network(np.array([[3, 4, 5, 6]], np.int32)))).max() > 1e-7


def test_the_final_state_of_a_mixed_stack_is_that_of_its_last_layer() -> None:
    network = shapes.many_to_one(Stack("gru", 4, layers=2, direction=["both", "backward"]), symbols=6, outputs=2)
    states, lengths = network.states(np.array([[3, 4, 5, 0]], np.int32))
    ends = shapes.final_states(states, lengths, network.settings)
    np.testing.assert_array_equal(np.array(ends), np.array(states)[0])


def test_the_loss_is_the_mean_over_targets_without_padding() -> None:
    probabilities = np.array([[[0.2, 0.8], [0.5, 0.5]], [[0.9, 0.1], [0.3, 0.7]]], np.float32)
    targets = np.array([[1, 0], [0, IGNORED]])
    expected = -np.log([0.8, 0.5, 0.9]).mean()
    assert float(shapes.log_loss(targets, ops.convert_to_tensor(probabilities))) == pytest.approx(expected, rel=1e-6)
    binary = probabilities[..., 1:]
    expected = -np.log([0.8, 1 - 0.5, 1 - 0.1]).mean()
    assert float(shapes.log_loss(targets, ops.convert_to_tensor(binary))) == pytest.approx(expected, rel=1e-6)
    assert shapes.accuracy(targets, probabilities) == 1.0
    assert shapes.accuracy(np.array([[1, 1], [1, IGNORED]]), binary) == pytest.approx(1 / 3)


def test_continuations_begin_with_the_seed_and_stop_at_the_end_symbol() -> None:
    before, targets = shapes.continuations(np.array([0, 2]), np.array([[4, 5, 1], [6, 1, 0]]), symbols=10)
    assert before.tolist() == [[10, 4, 5], [12, 6, 1]]
    assert targets.tolist() == [[4, 5, 1], [6, 1, IGNORED]]


def test_teacher_forcing_feeds_the_previous_targets() -> None:
    inputs, targets = shapes.teacher_forcing(np.array([[3, 4]]), np.array([[5, 6, 1, 0]]))
    assert inputs["before"].tolist() == [[0, 5, 6, 1]]
    assert targets.tolist() == [[5, 6, 1, IGNORED]]


def test_symbols_are_sampled_from_the_softmax_until_the_end() -> None:
    class FakeNetwork:
        """Predicts 3 or 4 with probabilities 0.25 and 0.75 at the first step, and the end at all others."""

        def __call__(self, ids: np.ndarray) -> np.ndarray:
            probabilities = np.zeros((*ids.shape, 5), np.float32)
            probabilities[:, 0, 3:] = [0.25, 0.75]
            probabilities[:, 1:, 1] = 1.0
            return probabilities

    network: Any = FakeNetwork()
    made = shapes.generate(network, np.zeros(4000), length=4, symbols=5, rng=np.random.default_rng(0))
    assert (made[:, 1:] == 0).all()
    assert np.mean(made[:, 0] == 4) == pytest.approx(0.75, abs=0.03)
    again = shapes.generate(network, np.zeros(4000), length=4, symbols=5, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(made, again)


def test_the_decoder_does_not_see_later_targets() -> None:
    network = shapes.encoder_decoder(Stack("lstm", 6, layers=2, direction="both"), symbols=8, outputs=7)
    source = np.array([[3, 4, 5, 0]], np.int32)
    before = np.array([[0, 3, 4, 5]], np.int32)
    changed = np.array([[0, 3, 4, 6]], np.int32)
    first, second = (np.array(network({"source": source, "before": b})) for b in (before, changed))
    np.testing.assert_allclose(first[:, :3], second[:, :3], atol=1e-7)
    assert np.abs(first[:, 3] - second[:, 3]).max() > 1e-6
    longer = np.array(network({"source": np.array([[3, 4, 5]], np.int32), "before": before}))
    np.testing.assert_allclose(first, longer, atol=1e-6)
