"""From sentences to arrays: vocabularies, vectors, characters, shapes, tag frequencies, gazetteers, batches."""

from nertagger.features.batches import Batch, ContextSource, EncodedCorpus
from nertagger.features.features import Features, FeatureSettings
from nertagger.features.gazetteer import Gazetteer
from nertagger.features.tag_counts import TagCounts
from nertagger.features.vectors import VectorTable, WordVectors, read_vectors
from nertagger.features.vocabulary import Vocabulary, one_hot
from nertagger.features.word_index import WordIndex

__all__ = [
    "Batch",
    "ContextSource",
    "EncodedCorpus",
    "FeatureSettings",
    "Features",
    "Gazetteer",
    "TagCounts",
    "VectorTable",
    "Vocabulary",
    "WordIndex",
    "WordVectors",
    "one_hot",
    "read_vectors",
]
