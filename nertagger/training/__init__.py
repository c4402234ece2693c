"""Fitting a network to annotated text, and writing the model file."""

import os

# TensorFlow prints its start-up messages from C++; a user who wants them sets the variable.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from nertagger.training.fit import resume, run_folder, train

__all__ = ["resume", "run_folder", "train"]
