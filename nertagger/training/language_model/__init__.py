"""Train language models over a stream of text, and write their model files.

Keras and its backend are imported when one of the public names is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nertagger.errors import requires_extra
from nertagger.training.quiet_tensorflow import load_keras

if TYPE_CHECKING:
    from nertagger.training.language_model.run import resume_lm, train_lm

__all__ = ["resume_lm", "train_lm"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with requires_extra("training", "train"):
        load_keras()
        return getattr(import_module("nertagger.training.language_model.run"), name)
