"""Fixtures of a small encoder."""

from tests.training.pretraining.small_encoders import folder, small

__all__ = ["folder", "small"]
