"""Vectors of several files side by side; what a later one lacks is estimated from the first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nertagger.errors import DataError
from nertagger.features.vectors.joining import read_joined_vectors


def write(path: Path, rows: dict[str, list[float]]) -> str:
    path.write_text("".join(f"{word} {' '.join(map(str, row))}\n" for word, row in rows.items()))
    return str(path)


def test_columns_are_side_by_side_and_missing_words_estimated(tmp_path: Path) -> None:
    first = {"a": [1.0, 0.0], "b": [0.0, 1.0], "c": [1.0, 1.0], "d": [2.0, -1.0], "e": [0.5, 0.5], "f": [9.0, 9.0]}
    later = {word: [x + 2 * y + 3] for word, (x, y) in first.items() if word not in "de"} | {"z": [7.0]}
    paths = [write(tmp_path / "1.txt", first), write(tmp_path / "2.txt", dict(sorted(later.items(), reverse=True)))]
    joined = read_joined_vectors(paths, limit=5)
    assert joined.words == ["a", "b", "c", "d", "e"]
    expected = [[x, y, x + 2 * y + 3] for x, y in list(first.values())[:5]]
    np.testing.assert_allclose(joined.table, expected, atol=0.01)


def test_too_few_words_in_common(tmp_path: Path) -> None:
    paths = [write(tmp_path / "1.txt", {"a": [1.0], "b": [2.0]}), write(tmp_path / "2.txt", {"a": [3.0]})]
    with pytest.raises(DataError, match=r"2\.txt: got 1 word of the first file, expected 2 or more"):
        read_joined_vectors(paths)
