"""Importing Keras without the messages that TensorFlow's C++ code prints while it loads."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_LEVEL, _SILENT = "TF_CPP_MIN_LOG_LEVEL", "3"


def load_keras() -> None:
    """Import Keras and its backend quietly, unless they are imported already."""
    if "keras" not in sys.modules:
        with quiet_start():
            importlib.import_module("keras")


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
