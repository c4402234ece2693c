"""The recurrent cells: one time step, on inputs that are already projected.

The projection ``x W + b`` of all steps at once is one large matrix product outside the loop (see `recurrent`), so a
cell adds only what depends on the state before. Shapes: B rows, H hidden units, G gates of a cell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from nertagger.config import Precision
from nertagger.modelfile.schema import Tensor as TensorName
from nertagger.network.tensors import Shape, Tensor


def product(left: Tensor, right: Tensor, precision: Precision) -> Tensor:
    """Return the matrix product of float32 tensors. Shape: (..., D), (D, E) -> (..., E).

    In bfloat16, both are first rounded to a mantissa of 8 bits; a CPU with AVX512-BF16 or AMX is faster at that.
    Gradients of the steps of a loop are summed in float32.
    """
    if precision == "float32":
        return ops.matmul(left, right)
    return ops.cast(ops.matmul(ops.cast(left, precision), ops.cast(right, precision)), "float32")


class Cell(keras.layers.Layer):
    """One step of a recurrent layer; the subclasses differ in their gates and states.

    Args:
        units: H, the width of the state.
        precision: the precision of the matrix product, see `product`.
    """

    gates = 1
    states = 1
    initial_bias: tuple[float, ...] = ()  # of each gate; empty for zeros
    memory_bias: tuple[float, ...] = ()  # of each gate, as a multiple of ``log(memory - 1)``

    def __init__(self, units: int, *, precision: Precision = "float32", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if units < 1:
            raise ValueError(
                f"Received an invalid value for argument `units`, expected a positive integer, got {units}."
            )
        self.units, self.precision = units, precision
        self.state_size = [units] * self.states
        self.output_size = units

    def build(self, projected_shape: Shape) -> None:
        """Create the recurrent weights, (H, G * H)."""
        shape = (self.units, self.gates * self.units)
        self.recurrent = self.add_weight(
            shape=shape, initializer=RepeatedOrthogonal(self.gates), name=TensorName.RECURRENT
        )

    @classmethod
    def bias_initializer(cls, memory: float = 0.0) -> keras.initializers.Initializer:
        """Return the initializer of the bias of the projected input.

        Args:
            memory: the number of steps, above 1, after which the untrained cell keeps 1 / e of its state: its gates
                start with ``log(memory - 1)`` in favour of keeping (Tallec and Ollivier 2018). 0 for the cell's usual
                bias. A cell without gates ignores it.
        """
        if not memory:
            return _GateBias(cls.initial_bias)
        return _GateBias(tuple(factor * math.log(memory - 1) for factor in cls.memory_bias))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to rebuild this cell."""
        return {**super().get_config(), "units": self.units, "precision": self.precision}


class SimpleCell(Cell):
    """``a<t> = tanh(x<t> Wax + a<t-1> Waa + ba)``."""

    def call(self, projected: Tensor, states: list[Tensor], training: bool = False) -> tuple[Tensor, list[Tensor]]:
        """Return the output and the next states. Shape: projected (B, G * H), states (B, H) each -> (B, H) each."""
        state = ops.tanh(projected + product(states[0], self.recurrent, self.precision))
        return state, [state]


class SimpleReluCell(Cell):
    """``a<t> = max(0, x<t> Wax + a<t-1> Waa + ba)``, which never saturates and is not bounded."""

    def call(self, projected: Tensor, states: list[Tensor], training: bool = False) -> tuple[Tensor, list[Tensor]]:
        """Return the output and the next states. Shape: projected (B, G * H), states (B, H) each -> (B, H) each."""
        state = ops.relu(projected + product(states[0], self.recurrent, self.precision))
        return state, [state]


class SimplifiedGRUCell(Cell):
    """The gated recurrent unit without its reset gate; gates in the order update, candidate.

    ``c<t> = Gu * tanh(x Wcx + c<t-1> Wcc + bc) + (1 - Gu) * c<t-1>``, with a sigmoid gate Gu of ``x<t>`` and
    ``c<t-1>``.
    """

    gates = 2
    memory_bias = (-1.0, 0.0)

    def call(self, projected: Tensor, states: list[Tensor], training: bool = False) -> tuple[Tensor, list[Tensor]]:
        """Return the output and the next states. Shape: projected (B, G * H), states (B, H) each -> (B, H) each."""
        before = states[0]
        update, candidate = ops.split(projected + product(before, self.recurrent, self.precision), 2, axis=-1)
        state = before + ops.sigmoid(update) * (ops.tanh(candidate) - before)
        return state, [state]


class GRUCell(Cell):
    """The gated recurrent unit (Cho et al. 2014); gates in the order update, reset, candidate.

    ``c<t> = Gu * tanh(x Wcx + (Gr * c<t-1>) Wcc + bc) + (1 - Gu) * c<t-1>``, with sigmoid gates Gu and Gr of ``x<t>``
    and ``c<t-1>``. The course calls the reset gate Gr the relevance gate.
    """

    gates = 3
    memory_bias = (-1.0, 0.0, 0.0)

    def call(self, projected: Tensor, states: list[Tensor], training: bool = False) -> tuple[Tensor, list[Tensor]]:
        """Return the output and the next states. Shape: projected (B, G * H), states (B, H) each -> (B, H) each."""
        before, units = states[0], self.units
        gates = ops.sigmoid(projected[:, : 2 * units] + product(before, self.recurrent[:, : 2 * units], self.precision))
        update, reset = ops.split(gates, 2, axis=-1)
        candidate = ops.tanh(
            projected[:, 2 * units :] + product(reset * before, self.recurrent[:, 2 * units :], self.precision)
        )
        state = before + update * (candidate - before)
        return state, [state]


class LSTMCell(Cell):
    """The long short-term memory (Hochreiter and Schmidhuber 1997; Gers et al. 2000); gates in the order i, f, o, c.

    ``c<t> = Gf * c<t-1> + Gi * tanh(x Wcx + a<t-1> Wca + bc)`` and ``a<t> = Go * tanh(c<t>)``. The bias of the forget
    gate starts at 1, so that gradients do not vanish in the first steps of training (Jozefowicz et al. 2015).
    """

    gates = 4
    states = 2
    initial_bias, memory_bias = (0.0, 1.0, 0.0, 0.0), (-1.0, 1.0, 0.0, 0.0)

    def call(self, projected: Tensor, states: list[Tensor], training: bool = False) -> tuple[Tensor, list[Tensor]]:
        """Return the output and the next states. Shape: projected (B, G * H), states (B, H) each -> (B, H) each."""
        before, memory = states
        gates = projected + product(before, self.recurrent, self.precision)
        entering, forget, output, candidate = ops.split(gates, 4, axis=-1)
        memory = ops.sigmoid(forget) * memory + ops.sigmoid(entering) * ops.tanh(candidate)
        state = ops.sigmoid(output) * ops.tanh(memory)
        return state, [state, memory]


class PeepholeLSTMCell(LSTMCell):
    """The LSTM whose gates also depend on the memory of their own unit (Gers and Schmidhuber 2000).

    The input and forget gates depend on ``c<t-1>``, the output gate on ``c<t>``, as in the paper and in ONNX. The
    weights `peephole`, (3, H) of i, f and o, start at zero, where the cell is the plain LSTM.
    """

    def build(self, projected_shape: Shape) -> None:
        """Create the recurrent weights and those of the memory."""
        super().build(projected_shape)
        self.peephole = self.add_weight(shape=(3, self.units), initializer="zeros", name=TensorName.PEEPHOLE)

    def call(self, projected: Tensor, states: list[Tensor], training: bool = False) -> tuple[Tensor, list[Tensor]]:
        """Return the output and the next states. Shape: projected (B, G * H), states (B, H) each -> (B, H) each."""
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


class RepeatedOrthogonal(keras.initializers.Initializer):
    """An orthogonal square for each gate, side by side: one wide orthogonal matrix would shrink each gate's weights."""

    def __init__(self, gates: int) -> None:
        self.gates = gates

    def __call__(self, shape: tuple[int, ...], dtype: Any = None) -> Tensor:
        square = keras.initializers.Orthogonal()
        return ops.concatenate([square.clone()((shape[0], shape[0]), dtype=dtype) for _ in range(self.gates)], axis=1)

    def get_config(self) -> dict[str, Any]:
        return {"gates": self.gates}


class _GateBias(keras.initializers.Initializer):
    """One value for each gate; zeros if there are no values."""

    def __init__(self, values: Sequence[float]) -> None:
        self.values = tuple(values)

    def __call__(self, shape: tuple[int, ...], dtype: Any = None) -> Tensor:
        values = self.values or (0.0,)
        return ops.repeat(ops.convert_to_tensor(values, dtype=dtype), shape[0] // len(values))

    def get_config(self) -> dict[str, Any]:
        return {"values": self.values}
