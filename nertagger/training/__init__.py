"""Train taggers on annotated text, and write their model files.

Keras and its backend are imported when one of the public names is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nertagger.training.quiet_tensorflow import import_with_keras

if TYPE_CHECKING:
    from nertagger.training.loop.processes import local_workers
    from nertagger.training.loop.run_folder import Stopped
    from nertagger.training.loop.workers import ALONE, Workers, connect
    from nertagger.training.run import resume, run_folder, train
    from nertagger.training.selection.entity_bias import describe_bias

__all__ = [
    "ALONE",
    "Stopped",
    "Workers",
    "connect",
    "describe_bias",
    "local_workers",
    "resume",
    "run_folder",
    "train",
]

_MODULES = {
    "ALONE": "nertagger.training.loop.workers",
    "Workers": "nertagger.training.loop.workers",
    "connect": "nertagger.training.loop.workers",
    "local_workers": "nertagger.training.loop.processes",
    "Stopped": "nertagger.training.loop.run_folder",
    "describe_bias": "nertagger.training.selection.entity_bias",
    "resume": "nertagger.training.run",
    "run_folder": "nertagger.training.run",
    "train": "nertagger.training.run",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_with_keras(_MODULES[name], name)
