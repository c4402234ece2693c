from __future__ import annotations

import numpy as np
import pytest

from nertagger.annotation.ranking.queue import OVERLAP, Queue, random_sample
from nertagger.annotation.ranking.strategies import RANDOM
from nertagger.annotation.store.decisions import Answer
from nertagger.annotation.store.models import Predicted


@pytest.fixture
def many(make_project):
    return make_project(*(f"Sentence number {n} is here." for n in range(60)))


def with_predictions(project) -> None:
    """The higher the number of a sentence, the less certain the model."""
    model = project.models.add("m.ner", sentences=20, seconds=1.0)
    rng = np.random.default_rng(0)
    found = [Predicted(n, [], 0.9, 0.0, 0.9, n / 100, rng.normal(size=4)) for n in project.texts.numbers()]
    project.models.predict(model, found)


def test_nobody_is_asked_twice_and_all_are_asked_in_the_end(many):
    queue = Queue(many)
    asked = []
    while draw := queue.next("ann"):
        many.decisions.record(Answer(draw.sentence, "ann"))
        asked.append(draw.sentence)
    assert sorted(asked) == many.texts.numbers()
    assert asked != sorted(asked)


def test_asking_again_without_an_answer_gives_the_same_sentence(many):
    with_predictions(many)
    queue = Queue(many)
    assert queue.next("ann") == queue.next("ann")


def test_two_annotators_are_asked_for_different_sentences(many):
    queue = Queue(many)
    assert queue.next("ann").sentence != queue.next("bob").sentence


def test_the_strategy_chooses_except_for_a_random_share(many):
    with_predictions(many)
    many.settings.update(random_share=0.25, strategy="errors")
    queue, drawn = Queue(many), []
    for _ in range(40):
        drawn.append(queue.next("ann"))
        many.decisions.record(Answer(drawn[-1].sentence, "ann", drawn=drawn[-1].strategy))
    by_strategy = [one.sentence for one in drawn if one.strategy == "errors"]
    assert 3 <= sum(one.strategy == RANDOM for one in drawn) <= 20
    assert np.mean(by_strategy[:8]) > 40


def test_skipped_in_the_page_is_left_for_later(many):
    queue = Queue(many)
    first = queue.next("ann").sentence
    assert queue.next("ann", skip=[first]).sentence != first


def test_a_second_annotator_is_asked_some_again(many):
    many.settings.update(overlap=1.0)
    many.decisions.record(Answer(7, "ann"))
    assert Queue(many).next("bob") == (7, OVERLAP)
    assert Queue(many).next("ann").strategy == RANDOM


def test_the_random_sample_ignores_what_a_strategy_chose(many):
    with many.database.read() as connection:
        order = [row["id"] for row in connection.execute("SELECT id FROM sentences ORDER BY random_key")]
    for number in (*order[:5], *order[20:40]):
        many.decisions.record(Answer(number, "ann"))
    assert random_sample(many) == set(order[:5])
    many.decisions.record(Answer(order[5], "ann"))
    assert random_sample(many) == set(order[:6])


def test_all_is_a_random_sample_when_all_is_decided(project):
    for number in project.texts.numbers():
        project.decisions.record(Answer(number, "ann"))
    assert random_sample(project) == {1, 2, 3, 4}
