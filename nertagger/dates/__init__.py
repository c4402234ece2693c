"""Dates of English text in ISO 8601: a normalizer, the network's examples and its training."""
