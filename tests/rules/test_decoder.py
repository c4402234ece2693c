"""Decoding beside rules against the enumeration of all tag sequences that have the rules' entities."""

from __future__ import annotations

import numpy as np
import pytest

from nertagger.decoding.outputs import CrfOutput, SoftmaxOutput
from nertagger.decoding.predictions import Decoder, Prediction
from nertagger.decoding.transitions import Transitions
from nertagger.rules.decoder import RuledDecoder
from nertagger.text.document import Span
from nertagger.text.schemes import bioes_tags, read_spans, write_tags
from tests.decoding.enumeration import TAGS, path_scores, random_case

TAG_NUMBERS = {tag: number for number, tag in enumerate(TAGS)}


def rule(label: str, first: int, stop: int) -> Prediction:
    return Prediction(Span(label, first, stop), 1.0, "rule")


def case(seed: int, found: list[list[Prediction]], *, win: bool, length: int = 6):
    emissions, lengths, numbers, transitions = random_case([length] * len(found), seed)
    decoder = Decoder(CrfOutput(TAGS, transitions), TAGS)
    scores = [path_scores(emissions[:, b], numbers) for b in range(len(found))]
    return decoder, RuledDecoder(decoder, found, win=win), (emissions, lengths), scores


def fixed_tags(found: list[Prediction]) -> dict[int, int]:
    """Return the tags that the rules' entities have, by token; that of an unknown label is O."""
    fixed = {}
    for span, *_ in found:
        tags = "S" if span.stop - span.first == 1 else "B" + "I" * (span.stop - span.first - 2) + "E"
        for place, prefix in enumerate(tags, span.first):
            fixed[place] = TAG_NUMBERS[f"{prefix}-PER"] if span.label == "PER" else 0
    return fixed


FOUND = [
    [rule("PER", 1, 3)],
    [rule("PER", 0, 1), rule("PER", 5, 6)],
    [rule("PER", 0, 3), rule("PER", 3, 6)],
    [rule("NEW", 2, 4)],
    [rule("NEW", 0, 1), rule("PER", 1, 5)],
    [],
]


@pytest.mark.parametrize("seed", range(4))
def test_rules_that_win_are_constraints_of_exact_decoding(seed):
    _, ruled, batch, scores = case(seed, FOUND, win=True)
    labellings, posteriors, predictions = (
        ruled.labellings(*batch, 3),
        ruled.posteriors(*batch),
        ruled.predictions(*batch),
    )
    for b, found in enumerate(FOUND):
        fixed = fixed_tags(found)
        legal = {path: s for path, s in scores[b].items() if all(path[t] == k for t, k in fixed.items())}
        total = np.logaddexp.reduce(list(legal.values()))
        ranked = sorted(legal, key=legal.get, reverse=True)
        extra = [one.span for one in found if one.span.label == "NEW"]
        for path, labelling in zip(ranked, labellings[b], strict=False):
            spans = sorted([*read_spans([TAGS[k] for k in path]), *extra], key=lambda span: span.first)
            assert list(labelling.tags) == write_tags(spans, 6)
            assert labelling.probability == pytest.approx(np.exp(legal[path] - total), abs=1e-5)
        marginals = np.zeros((6, len(TAGS)))
        for path, score in legal.items():
            marginals[np.arange(6), path] += np.exp(score - total)
        np.testing.assert_allclose(posteriors[b], marginals, atol=1e-5)
        assert [one.span for one in predictions[b]] == read_spans(labellings[b][0].tags)
        assert [one for one in predictions[b] if one.rule] == found


@pytest.mark.parametrize("seed", range(4))
def test_rules_that_yield_add_what_overlaps_nothing(seed):
    decoder, ruled, batch, _ = case(seed, FOUND, win=False)
    for own, both, found in zip(decoder.predictions(*batch), ruled.predictions(*batch), FOUND, strict=True):
        taken = {t for one in own for t in range(one.span.first, one.span.stop)}
        free = [one for one in found if taken.isdisjoint(range(one.span.first, one.span.stop))]
        assert both == sorted([*own, *free], key=lambda one: one.span.first)
    for a, b in zip(decoder.posteriors(*batch), ruled.posteriors(*batch), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("win", [True, False])
def test_spans_and_labellings_agree_with_predictions(win):
    for seed in range(10):
        _, ruled, batch, _ = case(seed, FOUND, win=win)
        spans = [[one.span for one in found] for found in ruled.predictions(*batch)]
        assert ruled.spans(*batch) == spans
        assert [read_spans(found[0].tags) for found in ruled.labellings(*batch, 1)] == spans


def test_rules_that_yield_fill_in_for_entities_of_low_confidence():
    decoder, ruled, batch, _ = case(0, [[rule("NEW", t, t + 1) for t in range(6)]], win=False)
    (own,) = decoder.predictions(*batch)
    assert own
    (all_left_out,) = ruled.predictions(*batch, min_confidence=1.0)
    assert [one.rule for one in all_left_out] == ["rule"] * 6
    (details,) = ruled.details(*batch, n_best=0, posteriors=False, min_confidence=1.0)
    assert details.predictions == all_left_out


@pytest.mark.parametrize("output", ["crf", "softmax"])
def test_long_sentences_and_many_tags_are_constrained_too(output):
    tags = bioes_tags(f"L{n}" for n in range(20))
    rng = np.random.default_rng(0)
    emissions = rng.normal(0, 3, (5000, 2, len(tags))).astype(np.float32)
    emissions -= np.log(np.exp(emissions).sum(axis=-1, keepdims=True))
    zeros = np.zeros((len(tags), len(tags)))
    layer = CrfOutput(tags, Transitions.masked(tags, zeros, zeros[0], zeros[0]))
    decoder = Decoder(layer if output == "crf" else SoftmaxOutput(tags), tags)
    found = [[rule("L3", t, t + 3) for t in range(0, 4990, 5)], []]
    ruled = RuledDecoder(decoder, found, win=True)
    batch = (emissions, np.array([5000, 40]))
    predictions = ruled.predictions(*batch)
    assert [one for one in predictions[0] if one.rule] == found[0]
    assert len({t for one in predictions[0] for t in range(one.span.first, one.span.stop)}) == sum(
        one.span.stop - one.span.first for one in predictions[0]
    )
    assert predictions[1] == decoder.predictions(emissions[:40, 1:], np.array([40]))[0]
    assert all(0 <= one.confidence <= 1 for one in predictions[0])
    assert np.isfinite(ruled.posteriors(*batch)[0]).all()
