"""The entity bias: chosen on the dev split, stored in the weights, and accepted only if its gain is significant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nertagger import training
from nertagger.config import Config
from nertagger.corpus import read
from nertagger.decoding.outputs import CrfOutput, SoftmaxOutput
from nertagger.decoding.predictions import Decoder
from nertagger.decoding.transitions import Transitions
from nertagger.evaluation import evaluate
from nertagger.runtime.engine import Emissions
from nertagger.text.document import Span
from nertagger.text.schemes import bioes_tags
from nertagger.training.selection.entity_bias import BiasSearch, bias_directions

LABELS = ["LOC", "PER"]
TAGS = bioes_tags(LABELS)
K = len(TAGS)


def decoder(*, crf: bool = True) -> Decoder:
    numbers = np.random.default_rng(0).normal(size=(K, K)), np.zeros(K), np.zeros(K)
    return Decoder(CrfOutput(TAGS, Transitions.masked(TAGS, *numbers)) if crf else SoftmaxOutput(TAGS), TAGS)


def emissions(seed: int, sentences: int, tokens: int = 6) -> list[Emissions]:
    rng = np.random.default_rng(seed)
    lengths = np.sort(rng.integers(1, tokens + 1, sentences))[::-1]
    scores = rng.normal(scale=2, size=(lengths[0], sentences, K)).astype(np.float32)
    return [Emissions(np.arange(sentences), scores, lengths)]


def spans_with(biases: tuple[float, ...], batches: list[Emissions], *, crf: bool = True) -> list[list[Span]]:
    """Return the entities predicted with these biases when all sentences are decoded again."""
    shift = np.array(biases, dtype=np.float32) @ bias_directions(TAGS, LABELS, crf=crf)
    return [spans for batch in batches for spans in decoder(crf=crf).spans(batch.scores + shift, batch.lengths)]


def search(batches: list[Emissions], gold: list[list[Span]], *, crf: bool = True) -> BiasSearch:
    directions = bias_directions(TAGS, LABELS, crf=crf)
    return BiasSearch(decoder(crf=crf), batches, [set(spans) for spans in gold], LABELS, directions)


@pytest.mark.parametrize("crf", [True, False])
@pytest.mark.parametrize("wanted", [(2.0, 2.0), (-1.0, -1.0)])
def test_the_bias_that_produced_the_gold_entities_is_found(wanted: tuple[float, float], crf: bool) -> None:
    batches = emissions(1, 300)
    gold = spans_with(wanted, batches, crf=crf)
    bias_search = search(batches, gold, crf=crf)
    outcome = bias_search.common(bias_search.none())
    assert outcome.biases == wanted
    assert outcome.spans == gold


def test_each_label_gets_its_own_bias() -> None:
    batches = emissions(2, 400)
    gold = spans_with((1.5, -0.5), batches)
    bias_search = search(batches, gold)
    common = bias_search.common(bias_search.none())
    outcome = bias_search.by_label(common)
    assert outcome.biases == pytest.approx((1.5, -0.5), abs=0.5)
    assert outcome.correct.sum() > common.correct.sum()


@pytest.mark.parametrize("seed", range(5))
def test_counts_equal_those_of_decoding_all_sentences_again(seed: int) -> None:
    batches = emissions(seed, 60)
    gold = spans_with((1.0, 2.5), batches)
    bias_search = search(batches, gold)
    outcome = bias_search.by_label(bias_search.common(bias_search.none()))
    expected = spans_with(outcome.biases, batches)
    assert outcome.spans == expected
    assert outcome.found.tolist() == [len(spans) for spans in expected]
    assert outcome.correct.tolist() == [len(set(a) & set(b)) for a, b in zip(expected, gold, strict=True)]


def test_an_insignificant_gain_is_not_accepted() -> None:
    batches = emissions(3, 40)
    gold = spans_with((0.0, 0.0), batches)
    more = spans_with((0.5, 0.5), batches)
    changed = next(i for i, (a, b) in enumerate(zip(gold, more, strict=True)) if a != b)
    gold[changed] = more[changed]  # one sentence in forty is better with a bias
    bias_search = search(batches, gold)
    assert bias_search.by_label(bias_search.common(bias_search.none())).biases == (0.0, 0.0)


@pytest.mark.parametrize(("changed", "is_accepted"), [(4, False), (9, True)])
def test_a_label_needs_more_than_two_standard_errors(changed: int, is_accepted: bool) -> None:
    """The sum of n equal gains is the square root of n in standard errors."""
    plain, wanted = (0.0, 0.0), (0.5, 0.0)
    corpora = (emissions(4, sentences) for sentences in range(1, 200))
    batches = next(batches for batches in corpora if _changed(plain, wanted, batches) == changed)
    bias_search = search(batches, spans_with(wanted, batches))
    start = bias_search.none()
    assert bias_search.by_label(start).biases == (wanted if is_accepted else plain)


def _changed(before: tuple[float, float], after: tuple[float, float], batches: list[Emissions]) -> int:
    """Return the number of sentences whose predicted entities differ."""
    return sum(a != b for a, b in zip(spans_with(before, batches), spans_with(after, batches), strict=True))


def test_no_gold_and_no_predicted_entities_give_no_division_by_zero() -> None:
    batches = [Emissions(np.array([0]), np.full((1, 1, K), -50.0, dtype=np.float32), np.array([1]))]
    batches[0].scores[..., 0] = 50.0
    bias_search = search(batches, [[]])
    assert bias_search.by_label(bias_search.common(bias_search.none())).biases == (0.0, 0.0)


@pytest.mark.parametrize("output", ["crf", "softmax"])
def test_the_model_file_contains_the_network_that_was_scored(
    output: str, tiny: Callable[..., Config], tmp_path: Path
) -> None:
    """Every word is an entity in the dev split, and three in ten are in the training split: the bias raises recall."""
    train, dev = tmp_path / "train.conll", tmp_path / "dev.conll"
    rows = [f"{word}\t{tag}\n\n" for word in ("Bo", "Li", "Mia", "Zoe") for tag in ["B-PER"] * 3 + ["O"] * 7]
    train.write_text("".join(rows))
    dev.write_text("".join(f"{word}\tB-PER\n\n" for word in ("Bo", "Li", "Mia", "Zoe") * 10))
    epochs = ("training.epochs=4", "training.refit=5")
    tagger = training.train(tiny(f"data.train=['{train}']", f"data.dev=['{dev}']", f"network.output={output}", *epochs))
    metrics = tagger.model.json("metrics.json")
    assert metrics["entity_bias"]["PER"] > 0
    gold = read(dev)
    scores = evaluate(gold, tagger.tag_tokens([sentence.words for sentence in gold]))
    assert scores.to_dict() == metrics["dev"]
    assert scores.micro.recall == 1.0


def exhaustive_search(batches: list[Emissions], gold: list[list[Span]], *, crf: bool) -> tuple[float, ...]:
    """Return the biases found when every sentence is decoded with every bias."""
    size = sum(map(len, gold))

    def counts(biases: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
        spans = spans_with(biases, batches, crf=crf)
        right = [len(set(a) & set(b)) for a, b in zip(spans, gold, strict=True)]
        return np.array([len(found) for found in spans]), np.array(right)

    def f1(biases: tuple[float, ...]) -> float:
        found, right = counts(biases)
        return 2 * right.sum() / (size + found.sum())

    def choose(best: tuple[float, ...], line: list[tuple[float, ...]], errors: float) -> tuple[float, ...]:
        before, worth = counts(best), [best]
        for biases in line:
            found, right = counts(biases)
            gains = 2 * (right - before[1]) - f1(best) * (found - before[0])
            if gains.sum() > errors * np.sqrt((gains**2).sum()):
                worth.append(biases)
        return max(worth, key=f1)

    values = [-1 + step / 2 for step in range(10)]
    best = choose((0.0, 0.0), [(value, value) for value in values], 1.5)
    for label in range(2):
        best = choose(best, [(*best[:label], value, *best[label + 1 :]) for value in values], 2.5)
    return best


@pytest.mark.parametrize("crf", [True, False])
@pytest.mark.parametrize("wanted", [(1.0, 2.5), (0.0, -1.0), (2.0, 0.0), (0.5, 1.0)])
def test_the_result_equals_that_of_an_exhaustive_search(wanted: tuple[float, float], crf: bool) -> None:
    for seed in range(3):
        batches = emissions(seed, 150)
        gold = spans_with(wanted, batches, crf=crf)
        for lost in range(0, 150, 7):
            gold[lost] = gold[lost][1:]  # annotators miss some entities
        bias_search = search(batches, gold, crf=crf)
        outcome = bias_search.by_label(bias_search.common(bias_search.none()))
        assert outcome.biases == exhaustive_search(batches, gold, crf=crf)
        assert outcome.spans == spans_with(outcome.biases, batches, crf=crf)


def many_labels(labels: int, sentences: int, *, outside: float) -> tuple[BiasSearch, list[int]]:
    """Return a search over labels with random emissions, and the numbers of tokens that its calls decode."""
    names = [f"L{number:03}" for number in range(labels)]
    tags = bioes_tags(names)
    zeros = np.zeros((len(tags), len(tags)))
    model = Decoder(CrfOutput(tags, Transitions.masked(tags, zeros, zeros[0], zeros[0])), tags)
    scores = np.random.default_rng(0).normal(0, 2, (4, sentences, len(tags))).astype(np.float32)
    scores[..., 0] += outside
    batch = Emissions(np.arange(sentences), scores, np.full(sentences, 4))
    gold = [{Span(names[number % labels], 1, 3)} for number in range(sentences)]
    decoded: list[int] = []
    spans = model.spans

    def count(emissions: np.ndarray, lengths: np.ndarray) -> list[list[Span]]:
        decoded.append(int(lengths.sum()))
        return spans(emissions, lengths)

    model.spans = count  # type: ignore[method-assign]
    return BiasSearch(model, [batch], gold, names, bias_directions(tags, names, crf=True)), decoded


def test_labels_in_too_few_sentences_are_not_searched() -> None:
    bias_search, decoded = many_labels(50, 100, outside=30)
    start = bias_search.none()
    decoded.clear()
    assert bias_search.by_label(start).biases == (0.0,) * 50
    assert not decoded


def test_the_search_is_bounded_and_reports_its_progress(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("nertagger.training.selection.entity_bias._DECODINGS", 4)
    bias_search, decoded = many_labels(12, 240, outside=0)
    start = bias_search.none()
    decoded.clear()
    shown: list[tuple[int, int]] = []
    bias_search.by_label(start, report=lambda done, labels: shown.append((done, labels)))
    assert 0 < sum(decoded) < 20 * 4 * 240
    assert shown == [(done + 1, 12) for done in range(len(shown))]
    assert f"entity bias: the search was ended after {len(shown)} of 12 labels" in caplog.text
