"""Word vectors as 8-bit integers with one scale for each column."""

from __future__ import annotations

import numpy as np

_STEP = 0.08  # standard deviations of a column: the greatest integer is ten of them away from zero
_GREATEST = 127


def quantize_columns(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return vectors (V, D) as int8 (V, D) and the scale of each column, float32 (D,): ``vectors ~ numbers * scales``.

    Numbers further from zero than ten standard deviations are cut off there.
    """
    deviations = table.std(axis=0, dtype=np.float32)
    scales = np.where(deviations > 0, _STEP * deviations, np.float32(1)).astype(np.float32)
    numbers = np.rint(table.astype(np.float32) / scales)
    return numbers.clip(-_GREATEST, _GREATEST).astype(np.int8), scales
