"""Vectors in four bits a number."""

from __future__ import annotations

import numpy as np
import pytest

from nertagger.modelfile.packing import packed, unpacked


def test_each_number_is_the_nearest_of_sixteen_levels() -> None:
    table = np.random.default_rng(1).normal(0, [0.5, 2, 1, 7], size=(40_000, 4)).astype(np.float32)
    tensors = packed(table)
    assert tensors["packed_vectors"].nbytes == 40_000 * 2
    again = unpacked({**tensors, "other": table})
    numbers, scales = again["word_vectors"], again["vector_scales"]
    assert (numbers.dtype, set(again)) == (np.int8, {"word_vectors", "vector_scales", "other"})
    assert not numbers[0].any()
    levels = np.arange(-15, 16, 2)
    nearest = levels[np.abs(table[1:, :, None] / scales[:, None] - levels).argmin(axis=-1)]
    np.testing.assert_array_equal(numbers[1:], nearest)
    error = np.square(numbers[1:] * scales - table[1:]).mean(axis=0) / table.var(axis=0)
    np.testing.assert_allclose(error, 0.0115, atol=0.0005)  # Max 1960, table II


def test_a_column_of_zeros_stays_near_zero() -> None:
    assert np.abs(unpacked(packed(np.zeros((3, 2), np.float32)))["word_vectors"]).max() == 1


@pytest.mark.parametrize("codes", [np.zeros(3, np.uint8), np.zeros((3, 2), np.int8)])
def test_other_tensors_are_an_error(codes: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"^packed_vectors is u?int8 of shape .*, expected uint8 \(words, D / 2\)$"):
        unpacked({"packed_vectors": codes})
