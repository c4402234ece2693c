"""Dev scores of weights in training, found by the very code that will run them once they are shipped."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nertagger.config import Config
from nertagger.evaluation import Scores, evaluate
from nertagger.features import Features, VectorIndex
from nertagger.runtime import Tagger
from nertagger.training.dataset import Dataset
from nertagger.training.package import in_memory, model_members
from nertagger.training.weights import Weights


class Judge:
    """Scores weights on the dev split: exports them, and tags with the result."""

    def __init__(self, config: Config, dataset: Dataset) -> None:
        self._config = config
        self._dataset = _only_dev_vectors(dataset)
        self._words = [sentence.words for sentence in dataset.dev]

    def score(self, weights: Weights) -> Scores:
        """The dev scores of a network with these weights."""
        tagger = Tagger(in_memory(model_members(self._config, self._dataset, weights, {})), contexts=self._dataset.contexts)
        return evaluate(self._dataset.dev, [tuple(tags) for tags in tagger.tag_tokens(self._words)])


def _only_dev_vectors(dataset: Dataset) -> Dataset:
    """The data with those pretrained vectors alone that the dev words have: the whole table is slow to pass around."""
    features = dataset.features
    if features.vectors is None or dataset.vectors is None:
        return dataset
    distinct = sorted({word for sentence in dataset.dev for word in sentence.words})
    rows = np.unique(features.vectors.rows(distinct))
    rows = rows[rows > 0]
    few = Features(
        words=features.words,
        vectors=VectorIndex(features.vectors.keys[rows - 1]),
        characters=features.characters,
        shapes=features.shapes,
    )
    return replace(dataset, features=few, vectors=dataset.vectors[np.concatenate([[0], rows])])
