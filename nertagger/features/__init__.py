"""Sentences to arrays: vocabularies, word vectors, characters, word shapes, batches."""

from nertagger.features.batches import Batch, ContextSource, EncodedCorpus
from nertagger.features.features import Features, FeatureSettings
from nertagger.features.vector_index import VectorIndex
from nertagger.features.vectors import WordVectors, read_vectors
from nertagger.features.vocabulary import Vocabulary, one_hot

__all__ = [
    "Batch",
    "ContextSource",
    "EncodedCorpus",
    "FeatureSettings",
    "Features",
    "VectorIndex",
    "Vocabulary",
    "WordVectors",
    "one_hot",
    "read_vectors",
]
