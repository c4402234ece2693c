"""Warnings about the splits of a run before it begins."""

from __future__ import annotations

import logging

import pytest

from nertagger.text.document import Sentence
from nertagger.training.split_checks import check_splits, check_test


def sentences(*tagged: str) -> list[Sentence]:
    """Return sentences from texts of ``word/TAG``."""
    pairs = [[token.split("/") for token in text.split()] for text in tagged]
    return [Sentence.from_words(tuple(word for word, _ in one), tags=tuple(tag for _, tag in one)) for one in pairs]


TRAIN = sentences("Ann/B-PER ran/O", "Bo/B-PER", "Yes/O")


@pytest.mark.parametrize(("dev", "warning"), [
    (TRAIN, "3 of 3 dev sentences are training sentences too"),
    (sentences("Ann/O ran/O", "Bo/O", "Cy/B-PER"), "2 of 3 dev sentences"),
    (sentences("Yes/O", "Cy/B-PER"), ""),
    (sentences("Cy/B-PER"), ""),
    (sentences("Ulm/B-LOC", "Rom/B-LOC or/O Pisa/B-LOC of/O X/B-ORG", "Cy/B-PER"),
     "LOC (3), ORG (1), in 2 of 3 sentences"),
])  # fmt: skip
@pytest.mark.parametrize(
    ("refit", "effect"), [(True, "which only the last epochs train on"), (False, "which are never found")]
)
def test_dev_splits_are_checked(
    dev: list[Sentence], warning: str, refit: bool, effect: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        check_splits(TRAIN, dev, refit=refit)
    assert (warning in caplog.text) if warning else not caplog.text
    assert (f"labels that training lacks, {effect}: " in caplog.text) == ("LOC" in warning)


@pytest.mark.parametrize(("test", "warning"), [
    (TRAIN, "3 of 3 test sentences are training or dev sentences too"),
    (sentences("Cy/B-PER", "Yes/O"), "2 of 2 test sentences"),
    (sentences("Dot/B-PER", "Ulm/B-LOC"), "labels that training lacks, which are never found: LOC (1), in 1 of 2"),
    (sentences("Dot/B-PER"), ""),
    ([], ""),
])  # fmt: skip
def test_test_splits_are_checked(test: list[Sentence], warning: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        check_test(TRAIN, sentences("Cy/B-PER"), test, refit=False)
    assert (warning in caplog.text) if warning else not caplog.text


@pytest.mark.parametrize("refit", [True, False])
def test_labels_of_dev_are_trained_on_in_a_refit(refit: bool, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        check_test(TRAIN, sentences("Ulm/B-LOC"), sentences("Rom/B-LOC"), refit=refit)
    assert ("LOC (1)" in caplog.text) == (not refit)
