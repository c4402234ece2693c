from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from nertagger.runtime.windows import LONGEST, MARGIN, windows


@given(st.integers(0, 5 * LONGEST))
def test_every_token_is_kept_once_and_has_its_margin(length):
    found = windows(length)
    assert [window.keep_start for window in found] == [0, *(window.keep_stop for window in found)][: len(found)]
    assert sum(window.keep_stop - window.keep_start for window in found) == length
    for start, stop, keep_start, keep_stop in found:
        assert 0 <= start <= keep_start < keep_stop <= stop <= length
        assert stop - start <= LONGEST
        assert start == 0 or keep_start - start >= MARGIN
        assert stop == length or stop - keep_stop >= MARGIN
    assert all(before.start < after.start for before, after in pairwise(found))


def test_a_short_sequence_is_one_window():
    assert windows(LONGEST) == [(0, LONGEST, 0, LONGEST)]
    assert len(windows(LONGEST + 1)) == 2
    assert windows(0) == []
