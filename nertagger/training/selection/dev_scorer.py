"""Dev scores of weights in training, by the same code that runs the finished model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from nertagger.config import Config
from nertagger.evaluation import Scores, evaluate
from nertagger.features import WordIndex
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Layer, Tensor, tensor_name
from nertagger.runtime import Tagger
from nertagger.text.schemes import TagScheme, read_spans, write_tags
from nertagger.training.dataset import Dataset
from nertagger.training.loop.weights import Weights
from nertagger.training.loop.workers import ALONE, Workers
from nertagger.training.model_writing import model_members
from nertagger.training.selection.entity_bias import BiasSearch, bias_directions


class DevScores(NamedTuple):
    """The dev scores of weights.

    Attributes:
        scores: the scores of the weights with `biases` added.
        biases: nats to add to the score of every entity, by label; zeros if the configuration asks for none.
    """

    scores: Scores
    biases: dict[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Return the scores and biases as JSON values."""
        return {"scores": self.scores.to_dict(), "biases": self.biases}


class DevScorer:
    """Scores weights on the dev split: exports them and tags with the result, in the first of several processes."""

    def __init__(self, config: Config, dataset: Dataset, *, workers: Workers = ALONE) -> None:
        self._config, self._workers = config, workers
        # The hashes of the training sentences are not needed here, and would be computed again in each epoch.
        self._dataset = replace(_only_dev_vectors(dataset), trained_on=[])
        self._words = [sentence.words for sentence in dataset.dev]
        self._gold = [set(read_spans(sentence.tags or ())) for sentence in dataset.dev]
        self._labels = list(dict.fromkeys(tag[2:] for tag in dataset.tags[1:]))
        self._directions = bias_directions(dataset.tags, self._labels, crf=config.network.output == "crf")

    def score(
        self, weights: Weights, *, by_label: bool = False, report: Callable[[int, int], None] | None = None
    ) -> DevScores:
        """Return the dev scores of a network with these weights and the entity biases that fit them best.

        Args:
            weights: the weights of the network.
            by_label: whether to search for one bias per label, which takes longer than one for all.
            report: called with the number of labels done, and of all.
        """
        found = self._workers.from_first(lambda: self._score(weights, by_label=by_label, report=report).to_dict())
        return DevScores(Scores.from_dict(found["scores"]), found["biases"])

    def _score(self, weights: Weights, *, by_label: bool, report: Callable[[int, int], None] | None) -> DevScores:
        model = ModelFile.in_memory(model_members(self._config, self._dataset, weights, {}))
        tagger = Tagger(model, contexts=self._dataset.contexts)
        search = BiasSearch(
            tagger.decoder, list(tagger.engine.run(self._words)), self._gold, self._labels, self._directions
        )
        outcome = search.none()
        if self._config.training.entity_bias:
            outcome = search.common(outcome)
            outcome = search.by_label(outcome, report=report) if by_label else outcome
        tags = [
            tuple(write_tags(spans, len(words), TagScheme.IOB2))
            for words, spans in zip(self._words, outcome.spans, strict=True)
        ]
        return DevScores(evaluate(self._dataset.dev, tags), dict(zip(self._labels, outcome.biases, strict=True)))

    def biased(self, weights: Weights, biases: dict[str, float]) -> Weights:
        """Return the weights with these biases added to the bias of the output layer."""
        shift = np.array([biases[label] for label in self._labels], dtype=np.float32) @ self._directions
        bias = tensor_name(Layer.EMIT, Tensor.BIAS)
        return {**weights, bias: weights[bias] + shift}


def _only_dev_vectors(dataset: Dataset) -> Dataset:
    """Return the data with the pretrained vectors of the dev words alone: the whole table is slow to pass around."""
    features = dataset.features
    if features.vectors is None or dataset.vectors is None:
        return dataset
    distinct = sorted({word for sentence in dataset.dev for word in sentence.words})
    rows = np.unique(features.vectors.rows(distinct))
    rows = rows[rows > 0]
    few = replace(features, vectors=WordIndex(features.vectors.keys[rows - 1]))
    return replace(dataset, features=few, vectors=dataset.vectors.only(np.concatenate([[0], rows])))
