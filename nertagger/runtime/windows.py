"""Sequences too long to be run whole, as windows that overlap."""

from __future__ import annotations

from typing import NamedTuple

# Measured on a BiLSTM(100) trained on UNER EWT, over 60,000 words of encyclopaedia as one sentence (emissions up to
# 11): where the words further away than d tokens are left out, emissions change by at most 3e-2 at d = 32, 5e-3 at 96,
# 2e-5 at 192, 4e-5 at 256, and from 320 on by 2e-6, the rounding of float32. What is forgotten is forgotten
# exponentially, so that twice the distance squares the rest.
MARGIN = 512
LONGEST = 4 * MARGIN


class Window(NamedTuple):
    """Half-open ranges of a sequence: what is run, and the part of it whose result is kept."""

    start: int
    stop: int
    keep_start: int
    keep_stop: int


def windows(length: int) -> list[Window]:
    """Windows of at most `LONGEST` whose kept parts make up a sequence of `length`, in order.

    Every kept token has `MARGIN` tokens around it, or as many as there are; a sequence of at most `LONGEST` is one
    window, and so exact.

    >>> [(window.start, window.keep_start, window.keep_stop, window.stop) for window in windows(3000)]
    [(0, 0, 1536, 2048), (952, 1536, 3000, 3000)]
    """
    found: list[Window] = []
    kept = 0
    while kept < length:
        start = max(min(kept - MARGIN, length - LONGEST), 0)
        stop = min(start + LONGEST, length)
        keep_stop = length if stop == length else stop - MARGIN
        found.append(Window(start, stop, kept, keep_stop))
        kept = keep_stop
    return found
