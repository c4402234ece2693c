"""Decoding beside rules: the entities that rules found in a batch win over those of the model, or yield to them.

If they win, the tags of their tokens are fixed before decoding. The best tag sequence, the n best and all probabilities
are then exact among the tag sequences that have these entities: the model's other entities are found around them, and
none is cut.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from nertagger.decoding.predictions import Decoder, Labelling, Prediction
from nertagger.decoding.transitions import ILLEGAL
from nertagger.text.document import Span
from nertagger.text.schemes import TagScheme, read_spans, write_tags


class RuledDecoder(Decoder):
    """Decodes a batch in which rules have found entities.

    Args:
        decoder: the decoder of the model.
        found: the entities of the rules in each of the B sentences, in order, without overlaps.
        win: whether they win where they overlap the model's.
    """

    def __init__(self, decoder: Decoder, found: Sequence[Sequence[Prediction]], *, win: bool) -> None:
        super().__init__(decoder.output, decoder.tags)
        self._found, self._win = found, win

    def spans(self, emissions: np.ndarray, lengths: np.ndarray) -> list[list[Span]]:
        """Return the entities of the model and of the rules."""
        pairs = zip(super().spans(self._fixed(emissions), lengths), self._found, strict=True)
        return [self._merged_spans(own, rules) for own, rules in pairs]

    def predictions(
        self, emissions: np.ndarray, lengths: np.ndarray, *, min_confidence: float = 0.0
    ) -> list[list[Prediction]]:
        """Return the entities of the rules, and those of the model that have at least this confidence."""
        own = super().predictions(self._fixed(emissions), lengths, min_confidence=min_confidence)
        return [self._merged(*pair) for pair in zip(own, self._found, strict=True)]

    def labellings(self, emissions: np.ndarray, lengths: np.ndarray, n: int) -> list[list[Labelling]]:
        """Return the most probable labellings; those with the entities of the rules if these win."""
        found = super().labellings(self._fixed(emissions), lengths, n)
        pairs = zip(found, self._found, strict=True)
        return [[self._labelling(one, rules) for one in own] if rules else own for own, rules in pairs]

    def posteriors(self, emissions: np.ndarray, lengths: np.ndarray) -> list[np.ndarray]:
        """Return the probability of each tag at each token, given the entities of the rules if these win."""
        return super().posteriors(self._fixed(emissions), lengths)

    def _labelling(self, own: Labelling, rules: Sequence[Prediction]) -> Labelling:
        spans = self._merged_spans(read_spans(own.tags), rules)
        return Labelling(tuple(write_tags(spans, len(own.tags))), own.probability)

    def _merged_spans(self, own: list[Span], rules: Sequence[Prediction]) -> list[Span]:
        return [one.span for one in self._merged([Prediction(span, 1.0) for span in own], rules)] if rules else own

    def _merged(self, own: list[Prediction], rules: Sequence[Prediction]) -> list[Prediction]:
        strong, weak = (rules, own) if self._win else (own, rules)
        return sorted([*strong, *_apart(weak, strong)], key=_first) if rules else own

    def _fixed(self, emissions: np.ndarray) -> np.ndarray:
        """Return emissions that allow only the tags of the rules' entities at their tokens, if the rules win.

        An entity whose label the model does not know takes the tokens out of the model's reach: they are outside.
        """
        if not self._win or not any(self._found):
            return emissions
        fixed = emissions.copy()
        numbers = {tag: number for number, tag in enumerate(self.tags)}
        for column, predictions in enumerate(self._found):
            for (label, first, stop), *_ in predictions:
                tags = write_tags([Span(label, 0, stop - first)], stop - first, TagScheme.BIOES)
                known = [numbers[tag] for tag in tags] if numbers.keys() >= set(tags) else 0
                fixed[first:stop, column] = ILLEGAL
                fixed[np.arange(first, stop), column, known] = 0.0
        return fixed


def _apart(weak: Sequence[Prediction], strong: Sequence[Prediction]) -> list[Prediction]:
    """Return the predictions that overlap none of the strong ones, which are in order and do not overlap."""
    kept = []
    for one in weak:
        place = bisect_left(strong, one.span.stop, key=_first)
        if not place or strong[place - 1].span.stop <= one.span.first:
            kept.append(one)
    return kept


def _first(prediction: Prediction) -> int:
    return prediction.span.first
