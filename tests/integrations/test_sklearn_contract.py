"""The contract of scikit-learn's estimators: its own checks and tools, with a stored tagger in place of a training."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, KFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import check_estimator

import nertagger
from nertagger.errors import DataError
from nertagger.integrations.sklearn import BiLSTMTagger
from nertagger.text import Sentence, TagScheme, convert_tags

MODEL = Path(__file__).parents[1] / "models" / "small.ner"
X = [["Ann", "Miller", "lives", "in", "Oslo"], ["Nobody", "came", "."]] * 6
Y = [["B-PER", "I-PER", "O", "O", "B-LOC"], ["O", "O", "O"]] * 6


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Return the arguments of each training, which returns a stored tagger."""
    tagger, seen = nertagger.load(MODEL), []

    def train(config: object, **arguments: Any) -> nertagger.Tagger:
        seen.append({"config": config, **arguments})
        return tagger

    monkeypatch.setattr("nertagger.training.train", train)
    return seen


def sentences(array: Any) -> list[list[str]]:
    return [[f"w{value:.2f}" for value in row] for row in np.asarray(array)]


class OnArrays(BiLSTMTagger):
    """The estimator on arrays, as scikit-learn's checks have them: a row is a sentence, its target a tag."""

    def fit(self, X: Any, y: Any) -> OnArrays:
        tags = [
            ["B-PER" if target == y[0] else "B-LOC", *["O"] * (len(row) - 1)] for row, target in zip(X, y, strict=False)
        ]
        return super().fit(sentences(X), tags)

    def predict(self, X: Any) -> Any:
        return np.array([float(tags[0] != "O") for tags in super().predict(sentences(X))])

    def score(self, X: Any, y: Any) -> float:
        return float(np.mean(self.predict(X)))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True  # else all checks are skipped
        return tags


_NO_ARRAY = "sentences are lists of words, not arrays of numbers"
NOT_APPLICABLE = {
    **dict.fromkeys(
        (
            *(
                "check_n_features_in",
                "check_n_features_in_after_fitting",
                "check_complex_data",
                "check_estimators_nan_inf",
            ),
            *("check_estimator_sparse_array", "check_estimator_sparse_matrix", "check_fit1d", "check_fit2d_predict1d"),
            "check_estimators_empty_data_messages",
        ),
        _NO_ARRAY,
    ),
    "check_fit2d_1sample": "one sentence leaves none to hold out, which is a DataError",
    "check_requires_y_none": "tags that are missing are a DataError, see test_sklearn.py",
}


def test_scikit_learns_own_checks(trainings: list[dict[str, Any]]) -> None:
    results = check_estimator(OnArrays(dev_fraction=0.5), expected_failed_checks=NOT_APPLICABLE, on_skip=None)
    passed = [result["check_name"] for result in results if result["status"] == "passed"]
    assert len(passed) > 25
    assert trainings
    assert {result["check_name"] for result in results if result["status"] == "xfail"} == set(NOT_APPLICABLE)


def test_tags_say_that_sentences_are_no_arrays() -> None:
    tags = BiLSTMTagger().__sklearn_tags__()
    assert (tags.input_tags.two_d_array, tags.input_tags.string, tags.target_tags.required) == (False, True, True)


def words(found: Sequence[Sentence]) -> list[list[str]]:
    return [list(sentence.words) for sentence in found]


def test_dev_sentences_are_given_or_held_out(trainings: list[dict[str, Any]]) -> None:
    BiLSTMTagger(dev_fraction=0.5).fit(X, Y)
    BiLSTMTagger(dev_fraction=0.5).fit(X, Y, X_dev=X[:1], y_dev=Y[:1])
    BiLSTMTagger().fit(X[:2], Y[:2], X[:1], Y[:1])
    assert [(len(seen["train"]), len(seen["dev"])) for seen in trainings] == [(6, 6), (12, 1), (2, 1)]
    assert words(trainings[1]["train"]) == X
    assert words(trainings[1]["dev"]) == X[:1]


@pytest.mark.parametrize(("dev", "message"), [
    ({"X_dev": X[:1]}, "^y_dev: got None, expected a list of sentences"),
    ({"y_dev": Y[:1]}, "^X_dev: got None, expected a list of sentences"),
    ({"X_dev": X[:2], "y_dev": Y[:1]}, "got 2 sentences of words and 1 of tags"),
    ({"X_dev": [], "y_dev": []}, "got 0 sentences without an entity"),
])  # fmt: skip
def test_wrong_dev_sentences_are_refused(dev: dict[str, Any], message: str, trainings: list[dict[str, Any]]) -> None:
    with pytest.raises(DataError, match=message):
        BiLSTMTagger().fit(X, Y, **dev)
    assert not trainings


def test_searches_and_cross_validation_pass_dev_sentences_on(trainings: list[dict[str, Any]]) -> None:
    folds = KFold(3)
    scores = cross_val_score(BiLSTMTagger(), X, Y, cv=folds, params={"X_dev": X[:2], "y_dev": Y[:2]})
    assert scores.shape == (3,)
    assert [(len(seen["train"]), len(seen["dev"])) for seen in trainings] == [(8, 2)] * 3
    assert np.isfinite(scores).all()
    search = GridSearchCV(BiLSTMTagger(dev_fraction=0.5), {"units": [4, 6], "settings": [{"words.size": 6}]}, cv=2)
    search.fit(X, Y)
    assert search.best_estimator_.predict(X[:1]) == search.predict(X[:1])
    assert [seen["config"].network.units for seen in trainings[3:]] == [4, 4, 6, 6, search.best_params_["units"]]


def test_blank_words_are_counted_by_sentence(trainings: list[dict[str, Any]], caplog: pytest.LogCaptureFixture) -> None:
    BiLSTMTagger().fit([["Ann", ""], *X], [["B-PER", "O"], *Y])
    [message] = [record.message for record in caplog.records if "blank" in record.message]
    assert message == "1 sentence with blank words, read as '\ufffd', first in sentence 1"
    assert trainings


def test_verbose_is_that_of_the_training(trainings: list[dict[str, Any]]) -> None:
    for verbose in (True, None, False):
        BiLSTMTagger(verbose=verbose).fit(X, Y)
    assert [seen["verbose"] for seen in trainings] == [True, None, False]


def test_pipeline(trainings: list[dict[str, Any]]) -> None:
    pipeline = make_pipeline(FunctionTransformer(_lower), BiLSTMTagger(dev_fraction=0.5)).fit(X, Y)
    assert words(trainings[0]["train"])[0] == ["ann", "miller", "lives", "in", "oslo"]
    assert len(pipeline.predict(X)) == len(X)
    assert 0 <= pipeline.score(X, Y) <= 1
    assert clone(pipeline).get_params()["bilstmtagger__dev_fraction"] == 0.5


def _lower(sentences: list[list[str]]) -> list[list[str]]:
    return [[word.lower() for word in sentence] for sentence in sentences]


def test_a_saved_estimator_is_a_model_file(trainings: list[dict[str, Any]], tmp_path: Path) -> None:
    fitted = BiLSTMTagger(dev_fraction=0.5).fit(X, Y)
    fitted.save(tmp_path / "a.ner")
    assert nertagger.load(tmp_path / "a.ner").tag_tokens(X) == fitted.tagger_.tag_tokens(X)
    loaded = BiLSTMTagger.load(tmp_path / "a.ner")
    assert loaded.predict(X) == fitted.predict(X)
    assert loaded.classes_ == ["B-LOC", "B-PER", "I-LOC", "I-PER", "O"]
    assert (loaded.layers, loaded.cell) == (2, "lstm")
    assert clone(loaded).fit(X[:2], Y[:2], X, Y).tagger_ is fitted.tagger_
    assert trainings[-1]["config"].network.layers == 2
    bioes = BiLSTMTagger.load((tmp_path / "a.ner").read_bytes(), scheme="BIOES")
    assert bioes.predict(X) == [convert_tags(tags, TagScheme.BIOES) for tags in loaded.predict(X)]


def test_the_english_tagger_is_an_estimator() -> None:
    english = BiLSTMTagger.load("english")
    assert english.score(X[:1], Y[:1]) == 1.0
    with pytest.raises(DataError, match=r"^scheme: got the text 'IOB', expected one of IOB1, IOB2, BIOES, BILOU$"):
        BiLSTMTagger.load("english", scheme="IOB")
    with pytest.raises(NotFittedError):
        BiLSTMTagger().save("a.ner")
