"""The pretrained word vectors of a model, from its file."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Tensor

SCALES_PER_OCTAVE, LEAST_SCALE = 9, -19  # of the scales of rows: up to 2^9.3, more than float16 needs; see `scale_of`


class VectorTable(NamedTuple):
    """Word vectors, stored in fewer bits than they are used in.

    Attributes:
        shape: V and D, with the row of unknown words.
        lookup: returns the vectors of rows, float32 (W, D).
    """

    shape: tuple[int, ...]
    lookup: Callable[[np.ndarray], np.ndarray]


def open_vectors(model: ModelFile) -> VectorTable | None:
    """Return the word vectors of a model, or None if it has none.

    The table is a view of the file: float16, or int8 with a scale for each row or for each column.

    Raises:
        ModelFileError: if the table or its scales are not such.
    """
    table, rows, columns = map(
        model.tensors.get, (Tensor.WORD_VECTORS, Tensor.WORD_SCALES, Tensor.VECTOR_SCALES)
    )  # (V, D), (V,), (D,)
    if table is None:
        return None
    dtype = np.float16 if rows is None and columns is None else np.int8
    if table.dtype != dtype or table.ndim != 2 or not len(table):
        got, wanted = f"{table.dtype} of shape {table.shape}", f"{np.dtype(dtype)} of shape (words, D)"
        raise model.tensor_error(f"{Tensor.WORD_VECTORS} is {got}, expected {wanted}")
    if rows is not None and columns is not None:
        raise model.tensor_error(f"has both {Tensor.WORD_SCALES} and {Tensor.VECTOR_SCALES}, expected one of them")
    if columns is not None:
        return VectorTable(table.shape, _by_column(model, table, columns))
    return VectorTable(table.shape, _by_row(model, table, rows) if rows is not None else _as_floats(table))


def scale_of(codes: np.ndarray) -> np.ndarray:
    """Return the scales of rows, float32, from their codes, uint8: in ninths of an octave from 2^-19."""
    scales: np.ndarray = np.exp2(codes.astype(np.float32) / SCALES_PER_OCTAVE + LEAST_SCALE)
    return scales


def _as_floats(table: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    return lambda rows: table[rows].astype(np.float32)


def _by_row(model: ModelFile, table: np.ndarray, codes: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    if codes.dtype != np.uint8 or codes.shape != table.shape[:1]:
        got = f"{codes.dtype} of shape {codes.shape}"
        raise model.tensor_error(f"{Tensor.WORD_SCALES} is {got}, expected uint8, one for each of {len(table)} rows")
    return lambda rows: table[rows] * scale_of(codes[rows, None])


def _by_column(model: ModelFile, table: np.ndarray, scales: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    if scales.dtype != np.float32 or scales.shape != table.shape[1:] or not np.isfinite(scales).all():
        got, wanted = f"{scales.dtype} of shape {scales.shape}", f"one for each of {table.shape[1]} columns"
        raise model.tensor_error(f"{Tensor.VECTOR_SCALES} is {got}, expected finite float32, {wanted}")
    return lambda rows: table[rows] * scales
