"""Groups keep all items, in order."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from nertagger.grouping import batches_of, blocks_of


@given(st.lists(st.integers()), st.integers(1, 5))
def test_batches_are_full_but_for_the_last(items: list[int], count: int) -> None:
    batches = list(batches_of(items, count))
    assert [item for batch in batches for item in batch] == items
    assert all(len(batch) == count for batch in batches[:-1])
    assert all(0 < len(batch) <= count for batch in batches)


@given(st.lists(st.integers(0, 9)), st.integers(1, 20))
def test_blocks_are_just_large_enough(items: list[int], least: int) -> None:
    blocks = list(blocks_of(items, least, int))
    assert [item for block, _ in blocks for item in block] == items
    assert all(size == sum(block) for block, size in blocks)
    assert all(sum(block) >= least > sum(block[:-1]) for block, _ in blocks[:-1])


def test_a_block_does_not_wait_for_the_next_item() -> None:
    asked = []

    def words() -> Iterator[str]:
        for word in ("Ann", "saw"):
            asked.append(word)
            yield word

    assert next(blocks_of(words(), 3, len)) == (["Ann"], 3)
    assert asked == ["Ann"]
