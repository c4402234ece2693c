"""Fixtures of a small language model."""

from tests.small_language_model import small, text

__all__ = ["small", "text"]
