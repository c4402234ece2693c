"""Values that a forked process must not share with its parent."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Generic, TypeVar

_T = TypeVar("_T")


class PerProcess(Generic[_T]):
    """A value with threads or locks that is created again in each process that uses it.

    Only the thread that forked exists in the child: the threads of a pool are gone, and a lock that another thread held
    stays locked for ever. The value is created at its first use, so that it costs nothing in a child without one.

    >>> pool = PerProcess(list)
    >>> pool() is pool()
    True
    """

    def __init__(self, make: Callable[[], _T]) -> None:
        self._make = make
        self._value = make()
        self._process = os.getpid()
        self._inherited: list[_T] = []  # kept, because destroying them could wait for one of their locks

    def __call__(self) -> _T:
        """Return the value of this process."""
        if self._process != os.getpid():
            inherited, self._value = self._value, self._make()
            self._inherited.append(inherited)
            self._process = os.getpid()
        return self._value
