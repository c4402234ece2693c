"""Dev scores of weights in training, found by the very code that will run them once they are shipped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from nertagger.config import Config
from nertagger.evaluation import Scores, evaluate
from nertagger.features import WordIndex
from nertagger.modelfile.schema import Layer, Tensor, tensor_name
from nertagger.runtime import Tagger
from nertagger.text.schemes import TagScheme, read_spans, write_tags
from nertagger.training.data import Dataset
from nertagger.training.loop.weights import Weights
from nertagger.training.model_writing import in_memory, model_members
from nertagger.training.selection.entity_bias import BiasSearch, bias_directions


class Verdict(NamedTuple):
    """What the dev split says of weights.

    Attributes:
        scores: of the weights with `biases` in them.
        biases: what to add to the score of every entity of each label, in nats; zeros if none is asked for.
    """

    scores: Scores
    biases: dict[str, float]


class Judge:
    """Scores weights on the dev split: exports them, and tags with the result."""

    def __init__(self, config: Config, dataset: Dataset) -> None:
        self._config = config
        # What the model in training has learned from is nobody's question here, and would be hashed anew each epoch.
        self._dataset = replace(_only_dev_vectors(dataset), trained_on=[])
        self._words = [sentence.words for sentence in dataset.dev]
        self._gold = [set(read_spans(sentence.tags or ())) for sentence in dataset.dev]
        self._labels = list(dict.fromkeys(tag[2:] for tag in dataset.tags[1:]))
        self._directions = bias_directions(dataset.tags, self._labels, crf=config.network.output == "crf")

    def score(
        self, weights: Weights, *, by_label: bool = False, report: Callable[[int, int], None] | None = None
    ) -> Verdict:
        """The dev scores of a network with these weights and the entity bias that suits them.

        Args:
            weights: of the network.
            by_label: whether to look for a bias for each label, which takes longer than one for all.
            report: called with the number of labels looked at, and of all.
        """
        model = in_memory(model_members(self._config, self._dataset, weights, {}))
        tagger = Tagger(model, contexts=self._dataset.contexts)
        search = BiasSearch(
            tagger.decoder, list(tagger.engine.run(self._words)), self._gold, self._labels, self._directions
        )
        reading = search.none()
        if self._config.training.entity_bias:
            reading = search.common(reading)
            reading = search.by_label(reading, report=report) if by_label else reading
        tags = [
            tuple(write_tags(spans, len(words), TagScheme.IOB2))
            for words, spans in zip(self._words, reading.spans, strict=True)
        ]
        return Verdict(evaluate(self._dataset.dev, tags), dict(zip(self._labels, reading.biases, strict=True)))

    def biased(self, weights: Weights, biases: dict[str, float]) -> Weights:
        """The weights with the biases of a verdict in the bias of their output layer."""
        shift = np.array([biases[label] for label in self._labels], dtype=np.float32) @ self._directions
        bias = tensor_name(Layer.EMIT, Tensor.BIAS)
        return {**weights, bias: weights[bias] + shift}


def _only_dev_vectors(dataset: Dataset) -> Dataset:
    """The data with those pretrained vectors alone that the dev words have: the whole table is slow to pass around."""
    features = dataset.features
    if features.vectors is None or dataset.vectors is None:
        return dataset
    distinct = sorted({word for sentence in dataset.dev for word in sentence.words})
    rows = np.unique(features.vectors.rows(distinct))
    rows = rows[rows > 0]
    few = replace(features, vectors=WordIndex(features.vectors.keys[rows - 1]))
    return replace(dataset, features=few, vectors=dataset.vectors[np.concatenate([[0], rows])])
