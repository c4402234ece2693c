from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import save

from nertagger.errors import ModelFileError
from nertagger.features.vectors.columns import quantize_columns
from nertagger.features.vectors.stored import VectorTable, open_vectors, scale_of
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Member

FLOATS = np.arange(12, dtype=np.float16).reshape(4, 3) / 7
INTEGERS = np.arange(-6, 6, dtype=np.int8).reshape(4, 3)
CODES, SCALES = np.array([0, 9, 18, 27], np.uint8), np.array([1, 2, 0.5], np.float32)


def opened(**tensors: np.ndarray) -> VectorTable | None:
    return open_vectors(ModelFile.in_memory({Member.WEIGHTS: save(tensors)}))


@pytest.mark.parametrize(
    ("tensors", "vectors"),
    [
        ({"word_vectors": FLOATS}, FLOATS.astype(np.float32)),
        ({"word_vectors": INTEGERS, "word_scales": CODES}, INTEGERS * scale_of(CODES)[:, None]),
        ({"word_vectors": INTEGERS, "vector_scales": SCALES}, INTEGERS * SCALES),
    ],
)
def test_vectors_of_every_form(tensors, vectors):
    table = opened(**tensors)
    assert table is not None
    assert table.shape == (4, 3)
    rows = np.array([3, 0, 3], np.int32)
    np.testing.assert_array_equal(table.lookup(rows), vectors[rows])
    assert table.lookup(rows).dtype == np.float32
    assert table.lookup(rows[:0]).shape == (0, 3)


def test_no_vectors():
    assert opened(other=SCALES) is None


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        ({"word_vectors": FLOATS.astype(np.float32)}, r"word_vectors is float32 of shape \(4, 3\), expected float16"),
        ({"word_vectors": FLOATS[0].copy()}, r"word_vectors is float16 of shape \(3,\), expected float16 of shape"),
        ({"word_vectors": FLOATS[:0].copy()}, r"word_vectors is float16 of shape \(0, 3\)"),
        ({"word_vectors": INTEGERS}, "word_vectors is int8 .*, expected float16"),
        ({"word_vectors": FLOATS, "vector_scales": SCALES}, "word_vectors is float16 .*, expected int8"),
        (
            {"word_vectors": INTEGERS, "vector_scales": SCALES, "word_scales": CODES},
            "has both word_scales and vector_scales, expected one of them",
        ),
        ({"word_vectors": INTEGERS, "word_scales": CODES[:3]}, "word_scales is .* one for each of 4 rows"),
        ({"word_vectors": INTEGERS, "vector_scales": SCALES[:2]}, "vector_scales is .* one for each of 3 columns"),
        ({"word_vectors": INTEGERS, "vector_scales": SCALES.astype(np.float16)}, "vector_scales is float16"),
        ({"word_vectors": INTEGERS, "vector_scales": SCALES * np.inf}, "vector_scales .* expected finite float32"),
    ],
)  # fmt: skip
def test_tables_that_cannot_be_used(tensors, message):
    with pytest.raises(ModelFileError, match=message):
        opened(**tensors)


def test_columns_are_rounded_with_a_scale_each():
    rng = np.random.default_rng(1)
    table = (rng.normal(size=(500, 3)) * [0.01, 1, 0]).astype(np.float16)
    table[7, 1] = 100
    numbers, scales = quantize_columns(table)
    assert (numbers.dtype, scales.dtype, scales.shape) == (np.int8, np.float32, (3,))
    assert numbers[7, 1] == 127
    error = np.abs(numbers * scales - table)
    error[7] = 0
    assert (error <= 0.51 * scales).all()
    np.testing.assert_allclose(scales[:2], 0.08 * table[:, :2].astype(np.float64).std(axis=0), rtol=1e-3)
