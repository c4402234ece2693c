"""The pretrained word vectors of a model, from its file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Tensor

SCALES_PER_OCTAVE, LEAST_SCALE = 9, -19  # of the scales of rows: up to 2^9.3, more than float16 needs; see `scale_of`


@dataclass(frozen=True, eq=False)
class VectorTable:
    """Word vectors, stored in fewer bits than they are used in.

    Attributes:
        numbers: (V, D), float16, or int8 with a scale for each column or each row; row 0 is that of unknown words.
        scales: float32 (D,), the scales of columns, or None.
        codes: uint8 (V,), codes of the scales of rows (see `scale_of`), or None.
    """

    numbers: np.ndarray
    scales: np.ndarray | None = None
    codes: np.ndarray | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Return V and D, with the row of unknown words."""
        shape: tuple[int, ...] = self.numbers.shape
        return shape

    def lookup(self, rows: np.ndarray) -> np.ndarray:
        """Return the vectors of rows, float32 (W, D)."""
        found: np.ndarray = self.numbers[rows].astype(np.float32)
        if self.codes is not None:
            found *= scale_of(self.codes[rows, None])
        elif self.scales is not None:
            found *= self.scales
        return found

    def only(self, rows: np.ndarray) -> VectorTable:
        """Return the table of these rows."""
        return VectorTable(self.numbers[rows], self.scales, None if self.codes is None else self.codes[rows])

    @property
    def tensors(self) -> dict[str, np.ndarray]:
        """Return the tensors of a model file that hold the table."""
        named = {
            Tensor.WORD_VECTORS: self.numbers,
            Tensor.VECTOR_SCALES: self.scales,
            Tensor.WORD_SCALES: self.codes,
        }
        return {name: array for name, array in named.items() if array is not None}


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
    _check_scales(model, table, rows, columns)
    return VectorTable(table, columns, rows)


def scale_of(codes: np.ndarray) -> np.ndarray:
    """Return the scales of rows, float32, from their codes, uint8: in ninths of an octave from 2^-19."""
    scales: np.ndarray = np.exp2(codes.astype(np.float32) / SCALES_PER_OCTAVE + LEAST_SCALE)
    return scales


def _check_scales(model: ModelFile, table: np.ndarray, rows: np.ndarray | None, columns: np.ndarray | None) -> None:
    if rows is not None and (rows.dtype != np.uint8 or rows.shape != table.shape[:1]):
        got = f"{rows.dtype} of shape {rows.shape}"
        raise model.tensor_error(f"{Tensor.WORD_SCALES} is {got}, expected uint8, one for each of {len(table)} rows")
    if columns is not None and (
        columns.dtype != np.float32 or columns.shape != table.shape[1:] or not np.isfinite(columns).all()
    ):
        got, wanted = f"{columns.dtype} of shape {columns.shape}", f"one for each of {table.shape[1]} columns"
        raise model.tensor_error(f"{Tensor.VECTOR_SCALES} is {got}, expected finite float32, {wanted}")
