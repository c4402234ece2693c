"""Shape inference for the operators that our exporter writes; any other use of an operator is an error.

In the uses allowed here no free axis is multiplied by another and no constant is expanded to a large array, so that the
time and memory of a graph are bounded by the sizes of its inputs and weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import zip_longest
from typing import Any, NamedTuple

from nertagger.modelfile.onnx_format import DTYPES, RUNTIME_DOMAIN, Dimension
from nertagger.modelfile.values import Use, Value, need


def _same(use: Use) -> list[Value]:
    (value,) = use.given("float32")
    need(use.attribute("axis", -1) == -1, "it is not over the last axis")
    return [Value("float32", value.shape)]


def _arithmetic(use: Use) -> list[Value]:
    first, second = use.given("float32", "float32")
    return [Value("float32", _widest(first.shape, second.shape))]


def _equal(use: Use) -> list[Value]:
    first, second = use.given("int32", "int32")
    return [Value("bool", _widest(first.shape, second.shape))]


def _where(use: Use) -> list[Value]:
    condition, first, second = use.given("bool", "float32", "float32")
    return [Value("float32", _widest(condition.shape, first.shape, second.shape))]


def _widest(*shapes: tuple[Dimension, ...]) -> tuple[Dimension, ...]:
    """Return the shape, one of those given, that all others are broadcast to."""
    columns = zip_longest(*(reversed(shape) for shape in shapes), fillvalue=1)
    axes = [{axis for axis in column if axis != 1} for column in columns]
    need(all(len(axis) <= 1 for axis in axes), f"the shapes {shapes} do not fit")
    result = tuple(next(iter(axis), 1) for axis in reversed(axes))
    need(result in shapes, f"the shapes {shapes} would be multiplied")
    return result


def _product(use: Use) -> list[Value]:
    value, kernel = use.given("float32", "float32")
    need(kernel.is_constant and len(kernel.shape) == 2, "its second input is not a matrix of weights")
    need(len(value.shape) > 1 and value.shape[-1] == kernel.shape[0], f"the shapes {value.shape}, {kernel.shape}")
    return [Value("float32", (*value.shape[:-1], kernel.shape[1]))]


def _gather(use: Use) -> list[Value]:
    table, rows = use.given("float32|uint8|int8", "int32|int64")
    need(len(table.shape) == 2 and not rows.is_constant, f"the shapes {table.shape}, {rows.shape}")
    return [Value(table.dtype, (*rows.shape, table.shape[1]))]


def _concat(use: Use) -> list[Value]:
    parts = use.given(*["float32|int64"] * max(1, len(use.inputs)))
    shapes, axis = [part.shape for part in parts], use.attribute("axis")
    need(len(set(map(len, shapes))) == 1, f"the shapes {shapes}")
    need(-len(shapes[0]) <= axis < len(shapes[0]), f"the axis {axis}")
    axis %= len(shapes[0])
    need(len({(*shape[:axis], *shape[axis + 1 :]) for shape in shapes}) == 1, f"the shapes {shapes}")
    need(all(isinstance(shape[axis], int) for shape in shapes), f"the shapes {shapes}")
    content = sum((part.content for part in parts), ()) if all(part.content is not None for part in parts) else None
    need(len({part.dtype for part in parts}) == 1, "its inputs are of several types")
    need(parts[0].dtype == "float32" or content is not None, "its inputs are of int64")
    joined = sum(shape[axis] for shape in shapes)
    return [Value(parts[0].dtype, (*shapes[0][:axis], joined, *shapes[0][axis + 1 :]), content=content)]


def _transpose(use: Use) -> list[Value]:
    (value,) = use.given("float32|int32")
    order = use.attribute("perm")
    need(sorted(order) == list(range(len(value.shape))), f"the order {order}")
    return [Value(value.dtype, tuple(value.shape[axis] for axis in order))]


def _reshape(use: Use) -> list[Value]:
    value, wanted = use.given("float32", "int64")
    need(wanted.content and wanted.is_constant and len(wanted.content) <= len(value.shape), "its shape is missing")
    need(min(wanted.content) >= -1, f"the shape {wanted.content}")
    shape = [value.shape[i] if size == 0 else size for i, size in enumerate(wanted.content)]
    names = [axis for axis in value.shape if isinstance(axis, str) and axis not in shape]
    known = math.prod(size for size in shape if isinstance(size, int) and size != -1)
    need(known > 0 and value.size % known == 0 and shape.count(-1) <= 1, f"{value.shape} cannot become {shape}")
    left = value.size // known
    need(left == 1 or not names, f"{value.shape} cannot become {shape}")
    rest = "*".join(names) or left
    need(-1 in shape or rest == 1, f"{value.shape} cannot become {shape}")
    return [Value("float32", tuple(rest if axis == -1 else axis for axis in shape))]


def _axes(given: Any, rank: int) -> list[int]:
    axes = list(given or [])
    need(axes and all(type(axis) is int and 0 <= axis < rank for axis in axes), f"the axes {axes}")
    return axes


def _unsqueeze(use: Use) -> list[Value]:
    value, axes = use.given("bool", "int64")
    (axis,) = _axes(axes.content, len(value.shape) + 1)[:1]
    return [Value("bool", (*value.shape[:axis], 1, *value.shape[axis:]))]


def _squeeze(use: Use) -> list[Value]:
    value, axes = use.given("float32", "int64")
    (axis,) = _axes(axes.content, len(value.shape))[:1]
    need(value.shape[axis] == 1, f"the shape {value.shape}")
    return [Value("float32", (*value.shape[:axis], *value.shape[axis + 1 :]))]


def _reduced(value: Value, axis: int, *, dtype: str) -> list[Value]:
    return [Value(dtype, (*value.shape[:axis], *value.shape[axis + 1 :]))]


def _reduce_max(use: Use) -> list[Value]:
    (value,) = use.given("float32")
    need(use.attribute("keepdims") == 0, "it keeps the reduced axis")
    (axis,) = _axes(use.attribute("axes"), len(value.shape))[:1]
    return _reduced(value, axis, dtype="float32")


def _reduce_sum(use: Use) -> list[Value]:
    value, axes = use.given("int32", "int64")
    need(use.attribute("keepdims") == 0, "it keeps the reduced axis")
    (axis,) = _axes(axes.content, len(value.shape))[:1]
    return _reduced(value, axis, dtype="int32")


def _arg_max(use: Use) -> list[Value]:
    (value,) = use.given("float32")
    need(use.attribute("keepdims") == 0, "it keeps the reduced axis")
    (axis,) = _axes([use.attribute("axis")], len(value.shape))
    return _reduced(value, axis, dtype="int64")


def _slice(use: Use) -> list[Value]:
    value, starts, stops, axes = use.given("float32", "int64", "int64", "int64")
    need(axes.content in ((0,), (len(value.shape) - 1,)), "it is not of the first or the last axis")
    need(starts.content and stops.content, "its bounds")
    (axis,), start, stop = axes.content, starts.content[0], stops.content[0]
    size = value.shape[axis]
    need(all(type(number) is int for number in (start, stop, size)) and 0 <= start < stop <= size, "its bounds")
    return [Value("float32", (*value.shape[:axis], stop - start, *value.shape[axis + 1 :]))]


def _clip(use: Use) -> list[Value]:
    value, low, high = use.given("float32", "float32", "float32")
    need(low.is_constant and high.is_constant and low.shape == high.shape == (), "its bounds")
    return [Value("float32", value.shape)]


def _shape(use: Use) -> list[Value]:
    (value,) = use.given("float32")
    start, stop = use.attribute("start"), use.attribute("end")
    need(0 <= start < stop <= len(value.shape), f"the axes {start} to {stop}")
    return [Value("int64", (stop - start,), content=value.shape[start:stop])]


def _expand(use: Use) -> list[Value]:
    value, wanted = use.given("float32|int64", "int64")
    need(value.is_constant and wanted.content, "its shape")
    grown = [new for old, new in zip_longest(value.shape, wanted.content) if old != new]
    is_vector = len(grown) == 1 and len(value.shape) == len(wanted.content) and isinstance(grown[0], str)
    need(set(value.shape) == {1} or is_vector, "it expands more than one number along more than the batch")
    return [Value(value.dtype, wanted.content)]


def _cast(use: Use) -> list[Value]:
    (value,) = use.given("float16|int32|bool")
    dtype = DTYPES.get(use.attribute("to"), "")
    need((value.dtype, dtype) in {("float16", "float32"), ("int32", "bool"), ("bool", "int32")}, f"it is to {dtype}")
    return [Value(dtype, value.shape, value.is_constant)]


def _dequantize(use: Use) -> list[Value]:
    value, scale, zero = use.given("int8|uint8", "float32", "int8|uint8", at_least=2)
    need(scale.is_constant and (zero is None or zero.is_constant), "its scale is not a weight")
    axis = use.attribute("axis", 1)
    fits = not scale.shape or (0 <= axis < len(value.shape) and scale.shape == (value.shape[axis],))
    need(fits and (zero is None or zero.shape == scale.shape), f"the shapes {value.shape}, {scale.shape}")
    return [Value("float32", value.shape, value.is_constant)]


def _convolution(use: Use) -> list[Value]:
    value, filters, bias = use.given("float32", "float32", "float32")
    need(filters.is_constant and bias.is_constant and len(filters.shape) == len(value.shape) == 3, "its filters")
    units, size, width = filters.shape
    need(value.shape[1] == size and bias.shape == (units,), f"the shapes {value.shape}, {filters.shape}")
    pads = use.attribute("pads")
    need(len(pads) == 2 and min(pads) >= 0 and sum(pads) == width - 1, f"the padding {pads}")
    return [Value("float32", (value.shape[0], units, value.shape[2]))]


_GATES = {"RNN": 1, "GRU": 3, "LSTM": 4}


def _recurrent(use: Use) -> list[Value]:
    kinds = ["float32"] * 4 + ["int32"] + ["float32"] * {"LSTM": 3}.get(use.operator, 1)
    value, kernel, recurrent, bias, lengths, *others = use.given(*kinds, at_least=4)
    direction, units = use.attribute("direction", "forward"), use.attribute("hidden_size")
    need(direction in ("forward", "reverse", "bidirectional") and units > 0, f"{direction} of {units} units")
    count, gates = (2 if direction == "bidirectional" else 1), _GATES[use.operator] * units
    need(len(value.shape) == 3, f"the shape {value.shape}")
    steps, batch, width = value.shape
    state = (count, batch, units)
    fits = [
        kernel.shape == (count, gates, width),
        recurrent.shape == (count, gates, units),
        bias.shape == (count, 2 * gates),
        kernel.is_constant and recurrent.is_constant and bias.is_constant,
        lengths is None or lengths.shape == (batch,),
        all(other is None or other.shape == state for other in others[:2]),
        all(other is None or other.shape == (count, 3 * units) for other in others[2:]),
        use.operator == "RNN" or "activations" not in use.attributes,
        use.attribute("activations", ["Relu"] * count) == ["Relu"] * count,
    ]
    need(all(fits), "its weights do not fit one another")
    states = [Value("float32", state)] * (2 if use.operator == "LSTM" else 1)
    return [Value("float32", (steps, count, batch, units)), *states]


def _int8_lstm(use: Use) -> list[Value]:
    kinds = ["float32", "int8", "int8", "float32", "int32", *["float32"] * 3, *["float32", "int8"] * 2]
    value, kernel, recurrent, bias, lengths, states, cells, peepholes, *scales = use.given(*kinds, at_least=5)
    units = use.attribute("hidden_size")
    need(units > 0 and len(value.shape) == 3, f"{units} units of the shape {value.shape}")
    count = {"forward": 1, "reverse": 1, "bidirectional": 2}[use.attribute("direction")]
    steps, batch, width = value.shape
    fits = [
        kernel.shape == (count, width, 4 * units),
        recurrent.shape == (count, units, 4 * units),
        bias.shape == (count, 8 * units),
        lengths.shape == (batch,),
        states is None and peepholes is None,
        cells is not None and cells.shape == (count, batch, units),
        all(scale is not None and scale.shape == (count, 4 * units) for scale in scales),
        all(weight is not None and weight.is_constant for weight in (kernel, recurrent, bias, *scales)),
    ]
    need(all(fits), "its weights do not fit one another")
    state = Value("float32", (count, batch, units))
    return [Value("float32", (steps, count, batch, units)), state, state]


class Rule(NamedTuple):
    """The results of an operator by its inputs, and the attributes that it may have."""

    results: Callable[[Use], list[Value]]
    attributes: frozenset[str] = frozenset()


RULES: Mapping[str, Rule] = {
    **dict.fromkeys(["Relu", "Tanh", "Identity"], Rule(_same)),
    **dict.fromkeys(["LogSoftmax", "Softmax"], Rule(_same, frozenset({"axis"}))),
    **dict.fromkeys(["Add", "Mul"], Rule(_arithmetic)),
    **dict.fromkeys(["RNN", "GRU", "LSTM"], Rule(_recurrent, frozenset({"hidden_size", "direction", "activations"}))),
    "ArgMax": Rule(_arg_max, frozenset({"axis", "keepdims"})),
    "Cast": Rule(_cast, frozenset({"to"})),
    "Clip": Rule(_clip),
    "Concat": Rule(_concat, frozenset({"axis"})),
    "Conv": Rule(_convolution, frozenset({"pads"})),
    "DequantizeLinear": Rule(_dequantize, frozenset({"axis"})),
    "Equal": Rule(_equal),
    "Expand": Rule(_expand),
    "Gather": Rule(_gather),
    "MatMul": Rule(_product),
    "ReduceMax": Rule(_reduce_max, frozenset({"axes", "keepdims"})),
    "ReduceSum": Rule(_reduce_sum, frozenset({"keepdims"})),
    "Reshape": Rule(_reshape),
    "Shape": Rule(_shape, frozenset({"start", "end"})),
    "Slice": Rule(_slice),
    "Squeeze": Rule(_squeeze),
    "Transpose": Rule(_transpose, frozenset({"perm"})),
    "Unsqueeze": Rule(_unsqueeze),
    "Where": Rule(_where),
    f"{RUNTIME_DOMAIN}.DynamicQuantizeLSTM": Rule(_int8_lstm, frozenset({"hidden_size", "direction"})),
}
