"""Train language models over a stream of text, and write their model files.

Keras and its backend are imported when one of the public names is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nertagger.training.quiet_tensorflow import import_with_keras

if TYPE_CHECKING:
    from nertagger.training.language_model.run import resume_lm, train_lm

__all__ = ["resume_lm", "train_lm"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_with_keras("nertagger.training.language_model.run", name)
