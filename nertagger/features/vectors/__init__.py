"""Word vectors read from files: GloVe, word2vec (text and binary) and fastText (text), compressed or not."""

from nertagger.features.vectors.reading import WordVectors, read_vectors
from nertagger.features.vectors.stored import VectorTable

__all__ = ["VectorTable", "WordVectors", "read_vectors"]
