"""Training of language models over a stream of text."""

from nertagger.training.language_model.run import resume_lm, train_lm

__all__ = ["resume_lm", "train_lm"]
