"""The values of a graph as far as they are known before it runs, and their use as inputs of operators."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from nertagger.modelfile.onnx_format import Attribute, Dimension


class Value(NamedTuple):
    """The type, shape and, if small and constant, content of a value, known before the graph runs.

    Attributes:
        dtype: in NumPy's terms.
        shape: sizes, and the names of free axes.
        is_constant: whether it is a weight, or computed from weights alone.
        content: its numbers, sizes or names of axes, if it is a short list of them.
    """

    dtype: str
    shape: tuple[Dimension, ...]
    is_constant: bool = False
    content: tuple[Dimension, ...] | None = None

    @property
    def size(self) -> int:
        """The number of elements at each position of its free axes."""
        return math.prod(axis for axis in self.shape if isinstance(axis, int))


class Use(NamedTuple):
    """An operator with its inputs, None for those left out, and its attributes."""

    operator: str
    inputs: Sequence[Value | None]
    attributes: Mapping[str, Attribute]

    def given(self, *dtypes: str, at_least: int | None = None) -> list[Any]:
        """Return the inputs, each of the dtype at the same position of `dtypes` (``x|y``: of either).

        Inputs after the first `at_least` are optional; those left out are None.

        Raises:
            ValueError: if an input is missing or has another dtype.
        """
        most, least = len(dtypes), len(dtypes) if at_least is None else at_least
        need(least <= len(self.inputs) <= most, f"it has {len(self.inputs)} inputs")
        padded = [*self.inputs, *[None] * (most - len(self.inputs))]
        for place, (value, dtype) in enumerate(zip(padded, dtypes, strict=True)):
            need(value is not None or place >= least, "it lacks an input")
            need(value is None or value.dtype in dtype.split("|"), f"input {place} is {value and value.dtype}")
        return padded

    def attribute(self, name: str, default: Attribute | None = None) -> Any:
        """Return the value of an attribute; raises ValueError if it is missing and has no default."""
        value = self.attributes.get(name, default)
        need(value is not None, f"it lacks the attribute {name}")
        return value


def need(condition: object, problem: str) -> None:
    """Raise ValueError with the problem unless the condition holds."""
    if not condition:
        raise ValueError(problem)
