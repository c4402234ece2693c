"""What a forked process must not share with the one that it was forked from."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Generic, TypeVar

_T = TypeVar("_T")


class PerProcess(Generic[_T]):
    """A value with threads or locks, made anew in each process that uses it.

    Of a fork, only the thread that forked lives on: the threads of a pool are gone, and a lock that another thread held
    stays locked for ever. Made anew at first use, such a value costs nothing in a child that does not use it.

    >>> pool = PerProcess(list)
    >>> pool() is pool()
    True
    """

    def __init__(self, make: Callable[[], _T]) -> None:
        self._make = make
        self._value = make()
        self._process = os.getpid()
        self._inherited: list[_T] = []  # kept: to destroy them could wait for one of their locks

    def __call__(self) -> _T:
        """The value of this process."""
        if self._process != os.getpid():
            inherited, self._value = self._value, self._make()
            self._inherited.append(inherited)
            self._process = os.getpid()
        return self._value
