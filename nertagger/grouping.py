"""Items in groups, in order: of a number of items each, or of a size in all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

_T = TypeVar("_T")


def batches_of(items: Iterable[_T], count: int) -> Iterator[list[_T]]:
    """Yield the items in lists of `count`, except the last.

    >>> list(batches_of("abcde", 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    each = iter(items)
    while batch := list(islice(each, count)):
        yield batch


def blocks_of(items: Iterable[_T], least: int, size: Callable[[_T], int]) -> Iterator[tuple[list[_T], int]]:
    """Yield the items in lists whose sizes add up to at least `least`, except the last; and the sum of each.

    A list is yielded before the item that follows it is asked for.

    >>> list(blocks_of(["Ann", "saw", "the", "man"], 5, len))
    [(['Ann', 'saw'], 6), (['the', 'man'], 6)]
    """
    block: list[_T] = []
    total = 0
    for item in items:
        block.append(item)
        total += size(item)
        if total >= least:
            yield block, total
            block, total = [], 0
    if block:
        yield block, total
