"""From emissions to entities with their confidence, for each kind of output layer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nertagger.decoding.outputs import Output
from nertagger.decoding.spans import Spans
from nertagger.text.document import Span
from nertagger.text.schemes import TagScheme, convert_tags


class Prediction(NamedTuple):
    """An entity of a sentence and the model's probability that exactly these tokens are an entity of this label."""

    span: Span
    confidence: float


class Reading(NamedTuple):
    """IOB2 tags for a whole sentence, and the model's probability that exactly these are right."""

    tags: tuple[str, ...]
    probability: float


class Details(NamedTuple):
    """What a model thinks of a sentence.

    Attributes:
        predictions: the entities of the best reading.
        readings: the best readings, the best first; None if not asked for.
        posteriors: the probability of each of the K tags at each token, (T, K) float64; None if not asked for.
    """

    predictions: list[Prediction]
    readings: list[Reading] | None
    posteriors: np.ndarray | None


class Decoder:
    """From emissions (T, B, K) and lengths (B,) to each sentence's entities, with their probabilities or without."""

    def __init__(self, output: Output, tags: Sequence[str]) -> None:
        self._output, self._tags = output, tags

    def spans(self, emissions: np.ndarray, lengths: np.ndarray) -> list[list[Span]]:
        """The entities of the best tag sequences, in a third of the time that `predictions` takes."""
        spans, labels = self._output.spans(self._output.paths(emissions, lengths))
        found: list[list[Span]] = [[] for _ in lengths]
        for sentence, label, first, last in zip(*_listed(spans, labels), strict=True):
            found[sentence].append(Span(label, first, last + 1))
        return found

    def losses(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """How much lower than the best score that of the best tag sequence with each tag at each token is, (T, B, K).

        Infinite at and after a sentence's length.
        """
        return self._output.losses(emissions, lengths)

    def predictions(self, emissions: np.ndarray, lengths: np.ndarray) -> list[list[Prediction]]:
        """The entities of the best tag sequences, each with its exact posterior."""
        paths = self._output.paths(emissions, lengths)
        spans, labels = self._output.spans(paths)
        posteriors = self._output.posteriors(emissions, lengths, paths, spans).tolist()
        found: list[list[Prediction]] = [[] for _ in lengths]
        for sentence, label, first, last, posterior in zip(*_listed(spans, labels), posteriors, strict=True):
            found[sentence].append(Prediction(Span(label, first, last + 1), posterior))
        return found

    def readings(self, emissions: np.ndarray, lengths: np.ndarray, n: int) -> list[list[Reading]]:
        """The `n` most probable tag sequences of each sentence, or all that it has."""
        paths, scores = self._output.best_paths(emissions, lengths, n)  # (n, T, B), (n, B)
        return [
            [
                Reading(self._tags_of(path[:length]), math.exp(score))
                for path, score in zip(paths[:, :, b], scores[:, b].tolist(), strict=True)
                if score > -math.inf
            ]
            for b, length in enumerate(lengths.tolist())
        ]

    def posteriors(self, emissions: np.ndarray, lengths: np.ndarray) -> list[np.ndarray]:
        """The probability of each tag at each token, (T, K) float64 for each sentence."""
        marginals = self._output.marginals(emissions, lengths)
        return [marginals[:length, b].copy() for b, length in enumerate(lengths.tolist())]

    def details(self, emissions: np.ndarray, lengths: np.ndarray, *, n_best: int, posteriors: bool) -> list[Details]:
        """The entities of each sentence with their posteriors, and what else is asked for."""
        nothing = [None] * len(lengths)
        return list(
            map(
                Details,
                self.predictions(emissions, lengths),
                self.readings(emissions, lengths, n_best) if n_best else nothing,
                self.posteriors(emissions, lengths) if posteriors else nothing,
            )
        )

    def _tags_of(self, path: np.ndarray) -> tuple[str, ...]:
        return tuple(convert_tags([self._tags[k] for k in path.tolist()], TagScheme.IOB2))


def _listed(spans: Spans, labels: list[str]) -> tuple[list[int], list[str], list[int], list[int]]:
    return spans.sentences.tolist(), labels, spans.firsts.tolist(), spans.lasts.tolist()
