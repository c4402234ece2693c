from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from nertagger.annotation.ranking.diversity import choose_diverse
from nertagger.annotation.ranking.strategies import DESCRIPTIONS, STRATEGIES, rank
from nertagger.annotation.ranking.uncertainty import predict
from nertagger.annotation.store.models import Predicted
from nertagger.annotation.store.settings import Strategy
from nertagger.runtime import load


def predicted(number: int, *, best=0.9, second=0.05, least=0.9, errors=0.1, vector=(1.0, 0.0)) -> Predicted:
    return Predicted(number, [], best, second, least, errors, np.array(vector, np.float16))


@pytest.mark.parametrize(
    ("strategy", "unsure"),
    [
        ("probability", {"best": 0.2}),
        ("margin", {"second": 0.8}),
        ("entity", {"least": 0.1}),
        ("errors", {"errors": 2.0}),
    ],
)
def test_each_strategy_asks_first_for_what_is_uncertain_in_its_measure(strategy, unsure):
    candidates = [predicted(1), predicted(2, **unsure), predicted(3)]
    assert rank(candidates, strategy, number=1) == [2]


def test_every_strategy_is_described_and_a_setting():
    assert set(DESCRIPTIONS) == set(STRATEGIES) == set(get_args(Strategy))


def test_near_copies_do_not_follow_one_another():
    rng = np.random.default_rng(0)
    copies = np.array([1.0, 0, 0]) + 0.01 * rng.normal(size=(10, 3))
    others = np.array([[0, 1.0, 0], [0, 0, 1.0], [0, -1.0, 0]])
    chosen = choose_diverse(np.array([*[1.0] * 10, 0.5, 0.5, 0.5]), np.vstack([copies, others]), 3)
    assert sum(index < 10 for index in chosen) == 1


def test_all_are_chosen_if_there_are_fewer_than_asked_for():
    assert sorted(choose_diverse(np.array([0.0, 1.0]), np.eye(2), 5)) == [0, 1]


def test_measures_are_the_exact_posteriors_of_the_model(make_project, make_lexicon_model):
    project = make_project("Paris is big.", "Nothing is here.")
    tagger = load(make_lexicon_model({"Paris": "S-LOC"}, certainty=2.0))
    ((paris, nothing),) = predict(tagger, project.texts.several([1, 2]))
    words = [one.words for one in project.texts.several([1, 2])]
    labellings, posteriors = tagger.n_best(words, 2), tagger.posteriors(words)
    assert (paris.best, paris.second) == pytest.approx([one.probability for one in labellings[0]])
    assert paris.errors == pytest.approx(float((1 - posteriors[0].max(axis=1)).sum()))
    assert paris.least <= paris.proposals[0].confidence
    assert nothing.proposals == []
    assert nothing.least == pytest.approx(float(posteriors[1][:, 0].min()))
    assert paris.vector.shape == (tagger.engine.mean_vectors(words).shape[1],)
