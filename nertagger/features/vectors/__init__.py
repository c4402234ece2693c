"""Word vectors read from files: GloVe, word2vec (text and binary) and fastText (text), compressed or not."""

from nertagger.features.vectors.reading import WordVectors, read_vectors

__all__ = ["WordVectors", "read_vectors"]
