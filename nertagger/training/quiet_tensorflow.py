"""Keras imported without what TensorFlow's C++ says while it loads."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_LEVEL = "TF_CPP_MIN_LOG_LEVEL"


@contextmanager
def quiet_start() -> Iterator[None]:
    """For a block that imports Keras: nothing on standard error, unless the user has set ``TF_CPP_MIN_LOG_LEVEL``.

    TensorFlow writes to the file descriptor before it reads any setting, so the descriptor is what must be turned.
    Exceptions come through as always.
    """
    if _LEVEL in os.environ:
        yield
        return
    os.environ[_LEVEL] = "3"  # for what comes once the settings are read
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
