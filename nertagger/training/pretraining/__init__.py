"""Train encoders on raw text and on annotated corpora, and write their files.

Keras and its backend are imported when one of the public names is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nertagger.errors import requires_extra
from nertagger.training.quiet_tensorflow import load_keras

if TYPE_CHECKING:
    from nertagger.training.pretraining.run import pretrain, resume_pretraining

__all__ = ["pretrain", "resume_pretraining"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with requires_extra("training", "train"):
        load_keras()
        return getattr(import_module("nertagger.training.pretraining.run"), name)
