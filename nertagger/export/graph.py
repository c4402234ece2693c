"""An ONNX graph that is built node by node, and the layers that several exported networks share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from nertagger.modelfile.onnx_format import RUNTIME_DOMAIN
from nertagger.modelfile.schema import Tensor, tensor_name

NamedArrays = Mapping[str, np.ndarray]
"""The weights of a network by name, such as ``stack/layer0_forward/kernel``."""

_OPSET, _IR_VERSION = 17, 8  # old enough for every ONNX Runtime that setup.cfg allows
_DOMAINS = {"": _OPSET, RUNTIME_DOMAIN: 1}  # of operators, with their versions


class GraphBuilder:
    """Inputs, constants and nodes of a graph; the methods that add one return the name of its value."""

    def __init__(self) -> None:
        self._inputs: list[onnx.ValueInfoProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._nodes: list[onnx.NodeProto] = []

    def int_input(self, name: str, *shape: int | str) -> str:
        """Add an int32 input, unless it is there; a dimension of variable size is given by a name."""
        return self._input(helper.make_tensor_value_info(name, TensorProto.INT32, shape))

    def float_input(self, name: str, *shape: int | str) -> str:
        """Add a float32 input, unless it is there; a dimension of variable size is given by a name."""
        return self._input(float_value(name, *shape))

    def constant(self, value: np.ndarray) -> str:
        """Add a constant."""
        name = f"constant{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def node(self, operator: str, *inputs: str, output: str = "", **attributes: object) -> str:
        """Add a node with one output; its name is made up if none is given."""
        name = output or self.next_name()
        self.add(operator, inputs, [name], **attributes)
        return name

    def add(self, operator: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: object) -> None:
        """Add a node with any number of outputs; optional inputs and outputs that are left out have empty names."""
        self._nodes.append(helper.make_node(operator, list(inputs), list(outputs), **attributes))

    def next_name(self, number: int = 0) -> str:
        """Return a unique name for an output of the node that is added next."""
        return f"value{len(self._nodes)}_{number}"

    def part(self, value: str, first: int, stop: int, *, axis: int) -> str:
        """Add the part of a value from `first` to before `stop` along an axis."""
        return self.node("Slice", value, *(self.constant(np.array([bound])) for bound in (first, stop, axis)))

    def dense(self, weights: NamedArrays, layer: str, value: str, *, output: str = "") -> str:
        """Add a dense layer without activation. Shape: (..., D) -> (..., units)."""
        product = self.node("MatMul", value, self.constant(weights[tensor_name(layer, Tensor.KERNEL)]))
        return self.node("Add", product, self.constant(weights[tensor_name(layer, Tensor.BIAS)]), output=output)

    def embedding(self, weights: NamedArrays, layer: str, ids: str) -> str:
        """Add the look-up of embeddings. Shape: (...) -> (..., D)."""
        return self.node("Gather", self.constant(weights[tensor_name(layer, Tensor.EMBEDDINGS)]), ids)

    def _input(self, value: onnx.ValueInfoProto) -> str:
        if value.name not in (known.name for known in self._inputs):
            self._inputs.append(value)
        return str(value.name)

    def to_bytes(self, *outputs: onnx.ValueInfoProto) -> bytes:
        """Return the serialized model after ONNX has checked it; equal graphs give equal bytes."""
        graph = helper.make_graph(self._nodes, "nertagger", self._inputs, list(outputs), self._constants)
        domains = sorted({node.domain for node in self._nodes} | {""})
        opsets = [helper.make_opsetid(domain, _DOMAINS[domain]) for domain in domains]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION, producer_name="nertagger")
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString(deterministic=True))


def float_value(name: str, *shape: int | str) -> onnx.ValueInfoProto:
    """Return the declaration of a float32 value; a dimension of variable size is given by a name."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
