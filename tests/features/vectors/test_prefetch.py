"""Word vectors read by another process equal those read by this one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nertagger.errors import DataError, NerTaggerError
from nertagger.features import read_vectors
from nertagger.features.vectors.prefetch import PrefetchedVectors


def test_prefetched_vectors_are_those_of_read_vectors(tmp_path: Path) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text("in 1 2\nzoë 3 4\nbo 5 6\n", encoding="utf-8")
    told: list[tuple[int, int | None]] = []
    with PrefetchedVectors(path, limit=2, progress=lambda words, total: told.append((words, total))) as ahead:
        found = ahead()
    assert told[0] == (0, None)
    expected = read_vectors(path, limit=2)
    assert found.words == expected.words == ["in", "zoë"]
    np.testing.assert_array_equal(found.table, expected.table)


def test_errors_of_the_file_are_raised_by_the_call(tmp_path: Path) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text("in 1 2\nbo 3\n")
    with PrefetchedVectors(path, limit=2) as ahead, pytest.raises(DataError, match=r"vectors\.txt:2: got 1 number"):
        ahead()


def test_a_killed_reader_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text("in 1 2\n")
    ahead = PrefetchedVectors(path, limit=2)

    def killed() -> None:
        with ahead:
            for process in ahead._pool._processes.values():
                process.kill()
            ahead()

    with pytest.raises(NerTaggerError, match="a worker process was killed"):
        killed()


def test_leaving_the_block_does_not_wait_for_the_vectors(tmp_path: Path) -> None:
    with pytest.raises(KeyError), PrefetchedVectors(tmp_path / "none.txt", limit=2):
        raise KeyError
