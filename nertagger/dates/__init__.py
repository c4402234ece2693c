"""Dates of English text in ISO 8601: a normalizer, the network's examples and its training."""

from nertagger.dates.normalizer import normalize_date, normalize_entities

__all__ = ["normalize_date", "normalize_entities"]
