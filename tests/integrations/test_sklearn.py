"""The estimator with scikit-learn's own tools."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score

from nertagger.errors import ConfigError, DataError
from nertagger.evaluation import evaluate
from nertagger.integrations.sklearn import BiLSTMTagger
from nertagger.text import TagScheme, convert_tags

MODELS = Path(__file__).parents[1] / "models"
NAMES = ["Ann", "Bo", "Cy", "Di", "Ed"]
X = [[NAMES[n % 5], "Li", "saw", NAMES[(n + 1) % 5], "Li"] if n % 3 else ["Nobody", "came"] for n in range(40)]
Y = [["B-PER", "E-PER", "O", "B-PER", "E-PER"] if n % 3 else ["O", "O"] for n in range(40)]
SMALL = {"words.size": 6, "characters.size": 4, "characters.units": 6, "shapes.size": 3, "training.refit": 5}


def small(**parameters) -> BiLSTMTagger:
    return BiLSTMTagger(
        **{"epochs": 12, "layers": 1, "units": 8, "batch_size": 4, "learning_rate": 0.02, "settings": SMALL}
        | parameters
    )


@pytest.fixture(scope="module")
def fitted() -> BiLSTMTagger:
    return small().fit(X, Y)


def test_fit_learns_and_predicts_in_the_scheme_of_the_tags(fitted: BiLSTMTagger) -> None:
    assert fitted.score(X, Y) == evaluate(Y, fitted.predict(X)).micro.f1 == 1.0
    assert fitted.predict([X[1], []]) == [Y[1], []]
    assert fitted.classes_ == ["B-PER", "E-PER", "O"]


@pytest.mark.parametrize(("name", "output"), [("small", "crf"), ("contextual", "softmax")])
def test_marginals_are_those_of_all_sequences(name: str, output: str) -> None:
    """The oracle enumerates all tag sequences of two tokens and sums their probabilities by tag."""
    model = BiLSTMTagger.load(MODELS / f"{name}.ner")
    tagger, words = model.tagger_, ["Ann", "Nobody"]
    [emissions] = tagger.emissions([words])
    weights = {}
    for path in product(range(len(tagger.tags)), repeat=2):
        score = emissions[0, path[0]] + emissions[1, path[1]]
        if output == "crf":
            names = [tagger.tags[k] for k in path]
            if convert_tags(names, TagScheme.BIOES) != names:
                continue  # illegal
            tensors = tagger.model.tensors
            score += tensors["crf/start"][path[0]] + tensors["crf/transitions"][path] + tensors["crf/end"][path[1]]
        weights[path] = np.exp(np.float64(score))
    whole = sum(weights.values())
    merged = {tag: tag.replace("S-", "B-").replace("E-", "I-") for tag in tagger.tags}
    expected = [dict.fromkeys(merged.values(), 0.0) for _ in words]
    for path, weight in weights.items():
        for token, k in zip(expected, path, strict=True):
            token[merged[tagger.tags[k]]] += weight / whole
    found, nothing = model.predict_marginals([words, []])
    assert nothing == []
    for token, wanted in zip(found, expected, strict=True):
        assert token == pytest.approx(wanted, abs=1e-5)


def test_marginals_are_named_in_the_scheme_of_the_tags(fitted: BiLSTMTagger) -> None:
    [[token]] = fitted.predict_marginals([["Ann"]])
    assert token.keys() == {"O", "B-PER", "I-PER", "E-PER", "S-PER"}
    assert sum(token.values()) == pytest.approx(1.0)


def test_parameters(fitted: BiLSTMTagger) -> None:
    again = clone(fitted).set_params(units=4, seed=3)
    assert again.get_params()["units"] == 4
    assert fitted.get_params()["units"] == 8
    with pytest.raises(NotFittedError):
        again.predict(X)


def test_pickled_model_predicts_the_same(fitted: BiLSTMTagger) -> None:
    again = pickle.loads(pickle.dumps(fitted))
    assert again.predict(X) == fitted.predict(X)
    assert pickle.loads(pickle.dumps(small())).get_params() == small().get_params()


@pytest.mark.slow
def test_grid_search() -> None:
    search = GridSearchCV(small(epochs=1), {"units": [4, 6]}, cv=2).fit(X, Y)
    assert search.best_params_["units"] in (4, 6)


@pytest.mark.slow
def test_cross_validation() -> None:
    assert np.isfinite(cross_val_score(small(epochs=1), X, Y, cv=2)).all()


@pytest.mark.parametrize(("act", "error", "message"), [
    (lambda: small().fit(X, Y[:-1]), DataError, "got 40 sentences of words and 39 of tags"),
    (lambda: small().fit([["a", "b"]], [["O"]]), DataError, "^sentence 1: got 2 words and 1 tag"),
    (lambda: small().fit(X[1:2], Y[1:2]), DataError, "got 1 sentence and dev_fraction"),
    (lambda: small(dev_fraction=0.0).fit(X, Y), DataError, "dev_fraction 0.0"),
    (lambda: small(dev_fraction="a").fit(X, Y), DataError, "dev_fraction: got the text 'a', expected a number"),
    (lambda: small(layers=0).fit(X, Y), ConfigError, "^BiLSTMTagger: network.layers"),
    (lambda: small(units=np.int64(0)).fit(X, Y), ConfigError, "^BiLSTMTagger: network.units: .* 1, got 0$"),
    (lambda: small(settings={"network.unitz": 3}).fit(X, Y), ConfigError, "network.units"),
    (lambda: small(settings=3).fit(X, Y), ConfigError, "^settings: got 3, expected a dict"),
    (lambda: small().fit([[{"word": "Ann"}]], [["O"]]), DataError,
     "^sentence 1, word 1: got a dict, expected words, not features"),
    (lambda: small().fit(["Ann", "ran"], ["B-PER", "O"]), DataError, "^sentence 1: got the text .Ann., expected a"),
    (lambda: small().fit([["Ann"]], ["O"]), DataError, "^sentence 1: got the text 'O', expected a list of tags"),
    (lambda: small().fit(None, None), DataError, "^X: got None, expected a list of sentences"),
    (lambda: small().fit(X, None), DataError, "^y: got None, expected a list of sentences, each a list of tags"),
    (lambda: small().fit([["a"], ["Ann", None]], [["O"], ["B-PER", "O"]]), DataError, "^sentence 2, word 2: got None"),
    (lambda: small().fit([["a"]], [[1]]), DataError, "^sentence 1, tag 1: got 1, expected a string"),
    (lambda: small().fit([["a"], ["b", "c"]], [["O"], ["O", "yes"]]), DataError,
     "^sentence 2, word 2: got the tag 'yes', expected O or one of B- .* as in B-PER$"),
    (lambda: small().fit([["a", "\ud800"]], [["B-X", "O"]]), DataError, "^sentence 1, word 2: .* half a surrogate"),
    (lambda: small().fit([["a"]] * 20, [["O"]] * 20), DataError, "^got 20 sentences without an entity"),
    (lambda: small().fit([], []), DataError, "^got 0 sentences"),
])  # fmt: skip
def test_wrong_arguments_are_refused(act: Callable[[], object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        act()


@pytest.mark.parametrize("wrong", ["Ann", ["Ann"], [[{"word": "Ann"}]], [[None]], None])
def test_a_fitted_model_refuses_other_than_lists_of_words(fitted: BiLSTMTagger, wrong: object) -> None:
    for act in (fitted.predict, fitted.predict_marginals):
        with pytest.raises(DataError, match=r"expected (a list of|words, not features)|got None"):
            act(wrong)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="expected O or one of"):
        fitted.score([["Ann"]], [["yes"]])
