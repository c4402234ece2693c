"""The recurrent cells: one step in time, on inputs that are already projected.

The projection ``x W + b`` of all steps at once is one large matrix product outside the loop (see `recurrent`), so a
cell only adds what depends on the state before. Shapes: B rows, H hidden units, G gates of a cell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from nertagger.config import Precision
from nertagger.modelfile.schema import Tensor


def product(left: Any, right: Any, precision: Precision) -> Any:
    """The matrix product of float32 arrays. Shape: (..., D), (D, E) -> (..., E).

    In bfloat16, both are rounded to its 8 bits of mantissa before; a CPU with AVX512-BF16 or AMX is faster at that.
    Gradients of the steps of a loop are added up in float32.
    """
    if precision == "float32":
        return ops.matmul(left, right)
    return ops.cast(ops.matmul(ops.cast(left, precision), ops.cast(right, precision)), "float32")


class Cell(keras.layers.Layer):
    """One step of a recurrent layer; `state_size` and the order of gates tell the cells apart.

    Args:
        units: H, the width of the state.
        precision: of its matrix product, see `product`.
    """

    gates = 1
    states = 1
    bias_at_start: tuple[float, ...] = ()  # of each gate, where it is not 0
    bias_for_memory: tuple[float, ...] = ()  # the same, a share of ``log(memory - 1)``

    def __init__(self, units: int, *, precision: Precision = "float32", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if units < 1:
            raise ValueError(
                f"Received an invalid value for argument `units`, expected a positive integer, got {units}."
            )
        self.units, self.precision = units, precision
        self.state_size = [units] * self.states
        self.output_size = units

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the weights of the state, (H, G * H)."""
        self.recurrent = self.add_weight(
            shape=(self.units, self.gates * self.units),
            initializer=_RepeatedOrthogonal(self.gates),
            name=Tensor.RECURRENT,
        )

    @classmethod
    def bias_initializer(cls, memory: float = 0.0) -> keras.initializers.Initializer:
        """What the bias of the projected input starts from.

        Args:
            memory: after how many steps the untrained cell still keeps 1 / e of its state, above 1: its gates begin
                with ``log(memory - 1)`` towards keeping (Tallec and Ollivier 2018). 0 for the cell's own bias. A cell
                without gates takes no notice.
        """
        if not memory:
            return _GateBias(cls.bias_at_start)
        return _GateBias(tuple(share * math.log(memory - 1) for share in cls.bias_for_memory))

    def get_config(self) -> dict[str, Any]:
        """What makes the same layer again."""
        return {**super().get_config(), "units": self.units, "precision": self.precision}


class SimpleCell(Cell):
    """``a<t> = tanh(x<t> Wax + a<t-1> Waa + ba)``."""

    def call(self, projected: Any, states: list[Any], training: bool = False) -> tuple[Any, list[Any]]:
        """Shape: projected (B, G * H), states (B, H) each -> the output (B, H) and the next states."""
        state = ops.tanh(projected + product(states[0], self.recurrent, self.precision))
        return state, [state]


class SimpleReluCell(Cell):
    """``a<t> = max(0, x<t> Wax + a<t-1> Waa + ba)``: never saturates, and nothing bounds it either."""

    def call(self, projected: Any, states: list[Any], training: bool = False) -> tuple[Any, list[Any]]:
        state = ops.relu(projected + product(states[0], self.recurrent, self.precision))
        return state, [state]


class SimplifiedGRUCell(Cell):
    """The gated recurrent unit without its relevance gate, gates in the order update, candidate.

    ``c<t> = Gu * tanh(x Wcx + c<t-1> Wcc + bc) + (1 - Gu) * c<t-1>``, with a sigmoid gate Gu that sees ``x<t>`` and
    ``c<t-1>``.
    """

    gates = 2
    bias_for_memory = (-1.0, 0.0)

    def call(self, projected: Any, states: list[Any], training: bool = False) -> tuple[Any, list[Any]]:
        before = states[0]
        update, candidate = ops.split(projected + product(before, self.recurrent, self.precision), 2, axis=-1)
        state = before + ops.sigmoid(update) * (ops.tanh(candidate) - before)
        return state, [state]


class GRUCell(Cell):
    """The gated recurrent unit (Cho et al. 2014), gates in the order update, relevance, candidate.

    ``c<t> = Gu * tanh(x Wcx + (Gr * c<t-1>) Wcc + bc) + (1 - Gu) * c<t-1>``, with sigmoid gates Gu and Gr that see
    ``x<t>`` and ``c<t-1>``.
    """

    gates = 3
    bias_for_memory = (-1.0, 0.0, 0.0)

    def call(self, projected: Any, states: list[Any], training: bool = False) -> tuple[Any, list[Any]]:
        """Shape: projected (B, G * H), states (B, H) each -> the output (B, H) and the next states."""
        before, units = states[0], self.units
        gates = ops.sigmoid(projected[:, : 2 * units] + product(before, self.recurrent[:, : 2 * units], self.precision))
        update, relevance = ops.split(gates, 2, axis=-1)
        candidate = ops.tanh(
            projected[:, 2 * units :] + product(relevance * before, self.recurrent[:, 2 * units :], self.precision)
        )
        state = before + update * (candidate - before)
        return state, [state]


class LSTMCell(Cell):
    """The long short-term memory (Hochreiter and Schmidhuber 1997; Gers et al. 2000), gates in the order i, f, o, c.

    ``c<t> = Gf * c<t-1> + Gi * tanh(x Wcx + a<t-1> Wca + bc)`` and ``a<t> = Go * tanh(c<t>)``. The forget gate's bias
    starts at 1, so that gradients last from the first step on (Jozefowicz et al. 2015).
    """

    gates = 4
    states = 2
    bias_at_start, bias_for_memory = (0.0, 1.0, 0.0, 0.0), (-1.0, 1.0, 0.0, 0.0)

    def call(self, projected: Any, states: list[Any], training: bool = False) -> tuple[Any, list[Any]]:
        """Shape: projected (B, G * H), states (B, H) each -> the output (B, H) and the next states."""
        before, memory = states
        gates = projected + product(before, self.recurrent, self.precision)
        entering, forget, output, candidate = ops.split(gates, 4, axis=-1)
        memory = ops.sigmoid(forget) * memory + ops.sigmoid(entering) * ops.tanh(candidate)
        state = ops.sigmoid(output) * ops.tanh(memory)
        return state, [state, memory]


class PeepholeLSTMCell(LSTMCell):
    """The LSTM whose gates see the memory (Gers and Schmidhuber 2000), each unit its own cell's.

    The input and forget gates see ``c<t-1>``, the output gate sees the ``c<t>`` that it lets out, as in the paper and
    in ONNX. `peephole` holds the weights (3, H) of i, f and o; at their start, zeros, it is the plain LSTM.
    """

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the weights of the state and of the memory."""
        super().build(input_shape)
        self.peephole = self.add_weight(shape=(3, self.units), initializer="zeros", name=Tensor.PEEPHOLE)

    def call(self, projected: Any, states: list[Any], training: bool = False) -> tuple[Any, list[Any]]:
        """Shape: projected (B, G * H), states (B, H) each -> the output (B, H) and the next states."""
        before, memory = states
        entering, forget, output, candidate = ops.split(
            projected + product(before, self.recurrent, self.precision), 4, axis=-1
        )
        entering = ops.sigmoid(entering + self.peephole[0] * memory)
        forget = ops.sigmoid(forget + self.peephole[1] * memory)
        memory = forget * memory + entering * ops.tanh(candidate)
        state = ops.sigmoid(output + self.peephole[2] * memory) * ops.tanh(memory)
        return state, [state, memory]


CELLS: dict[str, type[Cell]] = {
    "simple": SimpleCell,
    "simple-relu": SimpleReluCell,
    "simplified-gru": SimplifiedGRUCell,
    "gru": GRUCell,
    "lstm": LSTMCell,
    "peephole": PeepholeLSTMCell,
}


class _RepeatedOrthogonal(keras.initializers.Initializer):
    """An orthogonal square for each gate, side by side: one wide orthogonal matrix would shrink each gate's share."""

    def __init__(self, gates: int) -> None:
        self.gates = gates

    def __call__(self, shape: tuple[int, ...], dtype: Any = None) -> Any:
        square = keras.initializers.Orthogonal()
        return ops.concatenate([square.clone()((shape[0], shape[0]), dtype=dtype) for _ in range(self.gates)], axis=1)

    def get_config(self) -> dict[str, Any]:
        return {"gates": self.gates}


class _GateBias(keras.initializers.Initializer):
    """A value for each gate, zeros if there are none."""

    def __init__(self, values: Sequence[float]) -> None:
        self.values = tuple(values)

    def __call__(self, shape: tuple[int, ...], dtype: Any = None) -> Any:
        values = self.values or (0.0,)
        return ops.repeat(ops.convert_to_tensor(values, dtype=dtype), shape[0] // len(values))

    def get_config(self) -> dict[str, Any]:
        return {"values": self.values}
