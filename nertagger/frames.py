"""Former place of `nertagger.integrations.pandas`."""

from __future__ import annotations

from typing import Any

from nertagger.deprecation import moved

__all__ = ["tag_frame"]  # noqa: F822  found by __getattr__


def __getattr__(name: str) -> Any:
    return moved(name, old=__name__, new="nertagger.integrations.pandas")
