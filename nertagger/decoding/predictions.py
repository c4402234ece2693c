"""Entities, labellings and posteriors of sentences, decoded from emissions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nertagger.decoding.outputs import Output
from nertagger.decoding.spans import BatchSpans
from nertagger.text.document import Span
from nertagger.text.schemes import TagScheme, convert_tags


class Prediction(NamedTuple):
    """An entity of a sentence, and the probability that exactly these tokens are an entity of this label.

    One that a rule found has the name of the rule, and the confidence 1.
    """

    span: Span
    confidence: float
    rule: str | None = None


class Labelling(NamedTuple):
    """The IOB2 tags of a whole sentence, and the probability that all of them are right."""

    tags: tuple[str, ...]
    probability: float


class SentenceDetails(NamedTuple):
    """The predictions of a model for a sentence, with as much detail as was asked for.

    Attributes:
        predictions: the entities of the best labelling.
        labellings: the best labellings, best first; None if not asked for.
        posteriors: the probability of each of the K tags at each token, (T, K) float64; None if not asked for.
    """

    predictions: list[Prediction]
    labellings: list[Labelling] | None
    posteriors: np.ndarray | None


class Decoder:
    """Decodes emissions, (T, B, K) for sentences of lengths (B,).

    Attributes:
        output: the output layer.
        tags: its K BIOES tags.
    """

    def __init__(self, output: Output, tags: Sequence[str]) -> None:
        self.output, self.tags = output, tags

    def spans(self, emissions: np.ndarray, lengths: np.ndarray) -> list[list[Span]]:
        """Return the entities of the best tag sequences, in a third of the time that `predictions` takes."""
        spans, labels = self.output.spans(self.output.paths(emissions, lengths))
        found: list[list[Span]] = [[] for _ in lengths]
        for sentence, label, first, last in zip(*_listed(spans, labels), strict=True):
            found[sentence].append(Span(label, first, last + 1))
        return found

    def losses(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Return how much lower the best score of a sentence becomes if a token is forced to have a tag, (T, B, K).

        It is infinite at and after a sentence's length.
        """
        return self.output.losses(emissions, lengths)

    def predictions(
        self, emissions: np.ndarray, lengths: np.ndarray, *, min_confidence: float = 0.0
    ) -> list[list[Prediction]]:
        """Return the entities of the best tag sequences, each with its exact posterior, if it is `min_confidence`."""
        paths = self.output.paths(emissions, lengths)
        spans, labels = self.output.spans(paths)
        posteriors = self.output.posteriors(emissions, lengths, paths, spans).tolist()
        found: list[list[Prediction]] = [[] for _ in lengths]
        for sentence, label, first, last, posterior in zip(*_listed(spans, labels), posteriors, strict=True):
            if posterior >= min_confidence:
                found[sentence].append(Prediction(Span(label, first, last + 1), posterior))
        return found

    def labellings(self, emissions: np.ndarray, lengths: np.ndarray, n: int) -> list[list[Labelling]]:
        """Return the `n` most probable labellings of each sentence, or all if it has fewer."""
        paths, scores = self.output.best_paths(emissions, lengths, n)  # (n, T, B), (n, B)
        return [
            [
                Labelling(self._tags_of(path[:length]), math.exp(score))
                for path, score in zip(paths[:, :, b], scores[:, b].tolist(), strict=True)
                if score > -math.inf
            ]
            for b, length in enumerate(lengths.tolist())
        ]

    def posteriors(self, emissions: np.ndarray, lengths: np.ndarray) -> list[np.ndarray]:
        """Return the probability of each tag at each token, (T, K) float64 for each sentence."""
        marginals = self.output.marginals(emissions, lengths)
        return [marginals[:length, b].copy() for b, length in enumerate(lengths.tolist())]

    def details(
        self,
        emissions: np.ndarray,
        lengths: np.ndarray,
        *,
        n_best: int,
        posteriors: bool,
        min_confidence: float = 0.0,
    ) -> list[SentenceDetails]:
        """Return the entities of each sentence, its `n_best` labellings unless 0, and its posteriors if wanted."""
        nothing = [None] * len(lengths)
        return list(
            map(
                SentenceDetails,
                self.predictions(emissions, lengths, min_confidence=min_confidence),
                self.labellings(emissions, lengths, n_best) if n_best else nothing,
                self.posteriors(emissions, lengths) if posteriors else nothing,
            )
        )

    def _tags_of(self, path: np.ndarray) -> tuple[str, ...]:
        return tuple(convert_tags([self.tags[k] for k in path.tolist()], TagScheme.IOB2))


def _listed(spans: BatchSpans, labels: list[str]) -> tuple[list[int], list[str], list[int], list[int]]:
    return spans.sentences.tolist(), labels, spans.firsts.tolist(), spans.lasts.tolist()
