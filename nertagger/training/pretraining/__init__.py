"""Train encoders on raw text and on annotated corpora, and write their files.

Keras and its backend are imported when one of the public names is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nertagger.training.quiet_tensorflow import import_with_keras

if TYPE_CHECKING:
    from nertagger.training.pretraining.run import pretrain, resume_pretraining

__all__ = ["pretrain", "resume_pretraining"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_with_keras("nertagger.training.pretraining.run", name)
