"""Scores and samples of a language model against the probabilities of its single steps."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nertagger.config.language_model import LanguageModelConfig
from nertagger.errors import DataError
from nertagger.features.symbols import END_ID
from nertagger.features.vocabulary import UNKNOWN, Vocabulary
from nertagger.modelfile.writer import write_model
from nertagger.network.language_model import LanguageNetwork
from nertagger.runtime.language_model.model import LanguageModel
from nertagger.runtime.language_model.sampling import UNKNOWN_SYMBOL, draw, sample, samples
from nertagger.training.language_model.model_writing import language_members
from nertagger.training.loop.weights import get_weights, set_weights

SYMBOLS = Vocabulary(["\n", *"abc "])
LINES = ["abc", "c ba", "a", "zz b", "cab" * 30]
Make = Callable[..., LanguageModel]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return a function that makes a language model with random weights."""

    def build(**settings: object) -> LanguageModel:
        config = LanguageModelConfig(**{"units": 6, "size": 4, "cell": "gru", **settings})  # type: ignore[arg-type]
        weights: dict[str, np.ndarray] = {}
        for number, name in enumerate(config.directions):
            network = LanguageNetwork(config, len(SYMBOLS), name=name)
            network.build()
            rng = np.random.default_rng(number)
            drawn = {k: rng.normal(0, 0.8, w.shape).astype(np.float32) for k, w in get_weights(network).items()}
            set_weights(network, drawn)
            weights |= {f"{name}/{key}": array for key, array in drawn.items()}
        write_model(tmp_path / "m.lm", language_members(config, SYMBOLS, weights, {}))
        return LanguageModel.load(tmp_path / "m.lm")

    return build


def test_a_pickled_model_scores_the_same(make: Make) -> None:
    model = make()
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(again.log_probabilities(LINES), model.log_probabilities(LINES))


def chain(model: LanguageModel, direction: str, ids: list[int]) -> float:
    """Return ``log P`` of ids after the end of a line, one step at a time."""
    network = model.network(direction)
    state, total, before = network.start(1), 0.0, END_ID
    for number in ids:
        chances, state = network.read(np.array([[before]], np.int32), state)
        total += float(chances[0, 0, number])
        before = number
    return total


def ids_of(line: str) -> list[int]:
    return [SYMBOLS.id(symbol) for symbol in line]


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_log_probabilities_of_lines(direction: str, make: Make) -> None:
    model = make()
    reads = [[*ids_of(line if direction == "forward" else line[::-1]), END_ID] for line in LINES]
    expected = [chain(model, direction, ids) for ids in reads]
    np.testing.assert_allclose(model.log_probabilities(LINES, direction=direction), expected, rtol=1e-5)
    np.testing.assert_allclose(model.log_probabilities(LINES[:1], direction=direction), expected[:1], rtol=1e-5)


def test_text_is_one_sequence_in_both_directions(make: Make) -> None:
    model = make()
    text = ids_of("".join(f"{line}\n" for line in LINES))
    for direction, ids in (("forward", text), ("backward", [*text[-2::-1], END_ID])):
        score = model.score(LINES, direction=direction)
        assert score.symbols == len(text)
        assert score.unknown == 2
        assert score.nats == pytest.approx(-chain(model, direction, ids) / len(text), rel=1e-5)
        assert score.bits == pytest.approx(score.nats / np.log(2))
        assert score.perplexity == pytest.approx(np.exp(score.nats))


def test_batch_streams_change_the_score_of_long_text_little(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    model = make()
    lines = LINES * 60
    in_streams = model.score(lines)
    monkeypatch.setattr("nertagger.runtime.language_model.model._MOST_STREAMS", 1)
    assert in_streams.symbols == model.score(lines).symbols
    assert in_streams.nats == pytest.approx(model.score(lines).nats, rel=1e-2)


def test_text_without_a_line(make: Make) -> None:
    with pytest.raises(DataError, match="without a line"):
        make().score([])


def test_draw_follows_the_softmax() -> None:
    rng = np.random.default_rng(0)
    chances = np.array([0.1, 0.2, 0.3, 0.4])
    for temperature in (1.0, 0.5, 2.0):
        drawn = [draw(np.log(chances), rng, temperature=temperature, top_k=0, unknown=True) for _ in range(4000)]
        expected = chances ** (1 / temperature) / (chances ** (1 / temperature)).sum()
        np.testing.assert_allclose(np.bincount(drawn, minlength=4) / 4000, expected, atol=0.03)


def test_the_most_probable_symbol_is_drawn_at_a_temperature_near_0() -> None:
    chances, rng = np.log([0.2, 0.5, 0.3]), np.random.default_rng(0)
    assert {draw(chances, rng, temperature=1e-320, top_k=0, unknown=True) for _ in range(9)} == {1}


def test_top_k_and_unknown_leave_symbols_out() -> None:
    rng = np.random.default_rng(0)
    chances = np.log([0.7, 0.05, 0.1, 0.15])

    def kinds(**options: object) -> set[int]:
        return {draw(chances, rng, temperature=1.0, **options) for _ in range(500)}  # type: ignore[arg-type]

    assert UNKNOWN == 0
    assert kinds(top_k=0, unknown=True) == {0, 1, 2, 3}
    assert kinds(top_k=0, unknown=False) == {1, 2, 3}
    assert kinds(top_k=2, unknown=False) == {2, 3}
    assert kinds(top_k=1, unknown=True) == {0}


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_samples(direction: str, make: Make) -> None:
    model = make()
    lines = list(samples(model, seed=1, count=40, start="ab", length=5, direction=direction))
    assert lines == list(samples(model, seed=1, count=40, start="ab", length=5, direction=direction))
    assert all(line.startswith("ab") if direction == "forward" else line.endswith("ab") for line in lines)
    assert max(map(len, lines)) == 5
    assert min(map(len, lines)) < 5  # the end was drawn
    assert not any("\n" in line or UNKNOWN_SYMBOL in line for line in lines)
    assert any(UNKNOWN_SYMBOL in line for line in samples(model, seed=1, count=60, length=30, unknown=True))


def test_a_sample_at_low_temperature_is_the_most_probable_line(make: Make) -> None:
    model = make(direction="forward")
    line = sample(model, np.random.default_rng(0), temperature=1e-4, length=12)
    network = model.network("forward")
    state, before, expected = network.start(1), END_ID, ""
    while len(expected) < 12:
        chances, state = network.read(np.array([[before]], np.int32), state)
        scores = chances[0, 0].copy()
        scores[UNKNOWN] = -np.inf
        before = int(scores.argmax())
        if before == END_ID:
            break
        expected += SYMBOLS.items[before - 1]
    assert "".join(line) == expected


@pytest.mark.parametrize(("options", "message"), [
    ({"temperature": 0.0}, "temperature: got 0.0, expected a finite number above 0; top_k 1"),
    ({"temperature": -1.0}, "temperature: got -1.0, expected a finite"),
    ({"temperature": float("nan")}, "temperature: got nan, expected a finite"),
    ({"top_k": -1}, "top_k: got -1, expected a whole number from 0"),
    ({"length": 0}, "length: got 0, expected a whole number from 1"),
])  # fmt: skip
def test_samples_out_of_bounds(options: dict[str, float], message: str, make: Make) -> None:
    with pytest.raises(DataError, match=f"^{message}"):
        sample(make(direction="forward"), np.random.default_rng(0), **options)  # type: ignore[arg-type]


def test_a_string_is_not_read_as_a_list_of_lines(make: Make) -> None:
    characters, words = make(), make(level="words")
    for act in (characters.score, characters.log_probabilities, words.score, words.log_probabilities):
        with pytest.raises(DataError, match=r"^got the text 'abc', expected a list of (lines|sentences)"):
            act("abc")
    with pytest.raises(DataError, match=r"^line 1: got None, expected a text"):
        characters.score([None])  # type: ignore[list-item]
    with pytest.raises(DataError, match=r"^sentence 1: got the text 'abc', expected a list of words"):
        words.score(["abc"])
