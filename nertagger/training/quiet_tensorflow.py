"""Importing Keras without the messages that TensorFlow's C++ code prints while it loads."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from nertagger.errors import requires_extra

_LEVEL, _SILENT = "TF_CPP_MIN_LOG_LEVEL", "3"


def import_with_keras(module: str, name: str) -> Any:
    """Return a name of a module that needs Keras, which is imported quietly before, unless it is imported already.

    Raises:
        MissingExtraError: if the packages that training needs are not installed.
    """
    with requires_extra("training", "train"):
        if "keras" not in sys.modules:
            with quiet_start():
                import_module("keras")
        return getattr(import_module(module), name)


@contextmanager
def quiet_start() -> Iterator[None]:
    """Discard standard error in a block that imports Keras, unless the user has set ``TF_CPP_MIN_LOG_LEVEL``.

    TensorFlow writes to the file descriptor before it reads any setting, so the descriptor itself is redirected.
    Exceptions pass through as always.
    """
    if os.environ.get(_LEVEL, _SILENT) != _SILENT:  # silent: by the user, or by the process that started this one
        yield
        return
    os.environ[_LEVEL] = _SILENT  # for messages after the settings are read
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
