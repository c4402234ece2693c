"""Normalization of English dates to ISO 8601: the normalizer, and the examples and training of its network."""
