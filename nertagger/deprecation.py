"""Former names, which give what has another name or place now, with a warning."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any


def moved(name: str, *, old: str, new: str) -> Any:
    """Return what module `new` calls `name`, and warn that `old` is its former place.

    Raises:
        AttributeError: if `new` has no such name.
    """
    if name.startswith("__") or not hasattr(module := import_module(new), name):
        raise AttributeError(f"module {old!r} has no attribute {name!r}")
    warnings.warn(f"{old}.{name} is now {new}.{name}", DeprecationWarning, stacklevel=3)
    return getattr(module, name)


def renamed(value: Any, *, old: str, new: str) -> Any:
    """Return a value that a former name was asked for, and warn of its present name.

    Args:
        value: what both names stand for.
        old, new: the names, with their modules.
    """
    warnings.warn(f"{old} is now {new}", DeprecationWarning, stacklevel=3)
    return value
