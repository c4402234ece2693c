"""The nodes and tensors of an ONNX graph, parsed without ONNX Runtime.

Only the parts of the format (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) that our exporter and ONNX
Runtime's quantizer write are accepted. Everything else is an error: data in other files, functions, nested graphs,
sparse tensors, operators of other domains than ONNX's and ONNX Runtime's.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from typing import Any, NamedTuple

from nertagger.modelfile.protobuf import Field, read_message

OPSET, IR_VERSION = 17, 8
RUNTIME_DOMAIN = "com.microsoft"  # of ONNX Runtime's own operators
DTYPES = {1: "float32", 2: "uint8", 3: "int8", 6: "int32", 7: "int64", 9: "bool", 10: "float16"}
Dimension = int | str
Attribute = int | str | list[int] | list[str]

_BYTES = {"float32": 4, "uint8": 1, "int8": 1, "int32": 4, "int64": 8, "bool": 1, "float16": 2}
_MOST_NODES, _MOST_AXES, _LONGEST_AXIS = 1000, 4, (1 << 31) - 1
_FEW = 8  # the most numbers of a tensor that holds a shape or axes
_QUANTIZER_NOTE = [{"key": ["onnx.infer"], "value": ["onnxruntime.quant"]}]

_MODEL = {
    1: Field("ir_version", "int"),
    2: Field("producer_name", "text"),
    3: Field("producer_version", "text"),
    7: Field("graph"),
    8: Field("opset_import", repeated=True),
    14: Field("metadata_props", repeated=True),
}
_SETS = [{"domain": [""], "version": [OPSET]}, {"domain": [RUNTIME_DOMAIN], "version": [1]}]
_OPERATOR_SET = {1: Field("domain", "text"), 2: Field("version", "int")}
_NOTE = {1: Field("key", "text"), 2: Field("value", "text")}
_GRAPH = {
    1: Field("node", repeated=True),
    2: Field("name", "text"),
    5: Field("initializer", repeated=True),
    11: Field("input", repeated=True),
    12: Field("output", repeated=True),
    13: Field("value_info", repeated=True),
}
_NODE = {
    1: Field("input", "text", repeated=True),
    2: Field("output", "text", repeated=True),
    3: Field("name", "text"),
    4: Field("op_type", "text"),
    5: Field("attribute", repeated=True),
    7: Field("domain", "text"),
}
_ATTRIBUTE = {
    1: Field("name", "text"),
    3: Field("i", "int"),
    4: Field("s", "text"),
    8: Field("ints", "int", repeated=True),
    9: Field("strings", "text", repeated=True),
    20: Field("type", "int"),
}
_ATTRIBUTE_TYPES = {2: "i", 3: "s", 7: "ints", 8: "strings"}
_TENSOR = {
    1: Field("dims", "int", repeated=True),
    2: Field("data_type", "int"),
    4: Field("float_data"),
    5: Field("int32_data", "int", repeated=True),
    8: Field("name", "text"),
    9: Field("raw_data"),
    13: Field("external_data", repeated=True),
    14: Field("data_location", "int"),
}
_PORT = {1: Field("name", "text"), 2: Field("type")}
_TYPE = {1: Field("tensor_type")}
_TENSOR_TYPE = {1: Field("elem_type", "int"), 2: Field("shape")}
_SHAPE = {1: Field("dim", repeated=True)}
_DIMENSION = {1: Field("dim_value", "int"), 2: Field("dim_param", "text")}


class ExternalDataError(ValueError):
    """Weights in other files, through which a graph could make us read any file."""


class Constant(NamedTuple):
    """A constant; `content` are its numbers if it is a short vector of int64, which is a shape or axes."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    content: tuple[int, ...] | None


class Port(NamedTuple):
    """An input or output; free axes have names."""

    name: str
    dtype: str
    shape: tuple[Dimension, ...]


class Node(NamedTuple):
    """An operator, one of ONNX Runtime's own with its domain before its name.

    The names of inputs and outputs that are left out are empty strings.
    """

    operator: str
    inputs: list[str]
    outputs: list[str]
    attributes: dict[str, Attribute]


class Graph(NamedTuple):
    """The computation of a model in ONNX's format."""

    nodes: list[Node]
    tensors: list[Constant]
    inputs: list[Port]
    outputs: list[Port]


def read_graph(content: memoryview) -> Graph:
    """Return the graph in a file.

    Raises:
        ExternalDataError: if it has weights in other files.
        ValueError: if our exporter would not have written it so for any other reason.
    """
    model = read_message(content, _MODEL)
    sets = [{"domain": [""], **read_message(one, _OPERATOR_SET)} for one in model.get("opset_import", [])]
    if model.get("ir_version") != [IR_VERSION] or sets not in (_SETS[:1], _SETS):
        raise ValueError(f"expected operators of set {OPSET} and format {IR_VERSION}")
    notes = [read_message(note, _NOTE) for note in model.get("metadata_props", [])]
    if notes not in ([], _QUANTIZER_NOTE):
        raise ValueError("it has metadata that nertagger does not write")
    graph = read_message(_one(model, "graph"), _GRAPH)
    if len(graph.get("node", [])) > _MOST_NODES:
        raise ValueError(f"it has {len(graph['node'])} nodes, expected at most {_MOST_NODES}")
    for port in graph.get("value_info", []):
        _read_port(port)
    return Graph(
        [_read_node(node) for node in graph.get("node", [])],
        [_read_tensor(tensor) for tensor in graph.get("initializer", [])],
        [_read_port(port) for port in graph.get("input", [])],
        [_read_port(port) for port in graph.get("output", [])],
    )


def _one(message: dict[str, list[Any]], name: str) -> Any:
    """Return the value of a field that is required."""
    if name not in message:
        raise ValueError(f"it lacks {name}")
    return message[name][0]


def _read_node(content: memoryview) -> Node:
    message = read_message(content, _NODE)
    pairs = [_read_attribute(attribute) for attribute in message.get("attribute", [])]
    if len(dict(pairs)) < len(pairs):
        raise ValueError("it has an attribute more than once")
    domain = message.get("domain", [""])[0]
    operator = f"{domain}.{_one(message, 'op_type')}".removeprefix(".")
    return Node(operator, message.get("input", []), message.get("output", []), dict(pairs))


def _read_attribute(content: memoryview) -> tuple[str, Attribute]:
    message = read_message(content, _ATTRIBUTE)
    name, kind = _one(message, "name"), _ATTRIBUTE_TYPES.get(_one(message, "type"), "")
    if not kind or not {"name", "type"} <= set(message) <= {"name", "type", kind}:
        raise ValueError(f"its attribute {name!r:.60} has a type that nertagger does not write")
    value: Attribute = message.get(kind, []) if kind in ("ints", "strings") else _one(message, kind)
    return name, value


def _read_tensor(content: memoryview) -> Constant:
    message = read_message(content, _TENSOR)
    name, dtype = _one(message, "name"), _dtype(_one(message, "data_type"))
    shape = tuple(message.get("dims", []))
    _check_shape(shape)
    if message.get("data_location", [0]) != [0] or "external_data" in message:
        raise ExternalDataError
    given = {"raw_data", "float_data", "int32_data"} & set(message)
    size = math.prod(shape)
    if given == {"raw_data"} or (given == {"float_data"} and dtype == "float32"):
        is_whole = len(message[given.pop()][0]) == size * _BYTES[dtype]
    else:
        is_whole = given == {"int32_data"} and dtype in ("int8", "uint8") and len(message["int32_data"]) == size
    if not is_whole:
        raise ValueError(f"{name!r:.60} is not {size} numbers of {dtype}")
    few = dtype == "int64" and len(shape) == 1 and size <= _FEW
    return Constant(name, dtype, shape, struct.unpack(f"<{size}q", message["raw_data"][0]) if few else None)


def _read_port(content: memoryview) -> Port:
    message = read_message(content, _PORT)
    kind = read_message(_one(read_message(_one(message, "type"), _TYPE), "tensor_type"), _TENSOR_TYPE)
    dimensions = read_message(kind["shape"][0], _SHAPE).get("dim", []) if "shape" in kind else []
    shape = tuple(_read_dimension(dimension) for dimension in dimensions)
    _check_shape(shape)
    return Port(_one(message, "name"), _dtype(_one(kind, "elem_type")), shape)


def _read_dimension(content: memoryview) -> Dimension:
    message = read_message(content, _DIMENSION)
    values: list[Dimension] = [value for found in message.values() for value in found]
    if len(values) != 1 or values == [""]:
        raise ValueError("it has an axis with neither one size nor one name")
    return values[0]


def _check_shape(shape: Sequence[Dimension]) -> None:
    names = [axis for axis in shape if isinstance(axis, str)]
    sizes = [axis for axis in shape if isinstance(axis, int)]
    if len(shape) > _MOST_AXES or len(set(names)) < len(names) or not all(0 < axis <= _LONGEST_AXIS for axis in sizes):
        raise ValueError(f"it has the shape {list(shape)!r:.60}")


def _dtype(number: int) -> str:
    if number not in DTYPES:
        raise ValueError(f"it has numbers of type {number}, which nertagger does not write")
    return DTYPES[number]
