"""The check that a graph is one that our exporter could have written, done before ONNX Runtime sees it.

A graph is a program, possibly from an untrusted source. One that passes this check is a fixed sequence of operators
with all weights in the file, which bound the cost of a token.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from nertagger.modelfile.onnx_format import Graph, Node, Port, read_graph
from nertagger.modelfile.operators import RULES
from nertagger.modelfile.values import Use, Value, need

_MOST_USES = 11  # of one weight: the steps of the decoder of dates
_LARGE = 1 << 18  # numbers; a larger weight may be used once only
# The most numbers computed at each position of the free axes, beside those in proportion to the output.
_WIDEST = 1 << 16


class Signature(NamedTuple):
    """The names, dtypes and shapes of the inputs and outputs of a graph."""

    inputs: list[Port]
    outputs: list[Port]


def check_graph(content: memoryview) -> Signature:
    """Return the inputs and outputs of a graph in ONNX's format.

    Raises:
        ValueError: in one line, if our exporter could not have written it.
    """
    graph = read_graph(content)
    values = _given(graph)
    work = 0
    for node in graph.nodes:
        work += _run(node, values)
    _check_uses(graph, values)
    outputs = [_output(port, values) for port in graph.outputs]
    need(outputs, "it has no output")
    widths = sum(values[port.name].size for port in outputs)
    need(work <= _WIDEST + 4 * widths, f"it computes {work:,} numbers at each position for an output of {widths:,}")
    return Signature(graph.inputs, outputs)


def _given(graph: Graph) -> dict[str, Value]:
    """Return the values that exist before the first node: inputs and weights."""
    names = [*(port.name for port in graph.inputs), *(tensor.name for tensor in graph.tensors)]
    need(all(names) and len(set(names)) == len(names), "it has a name more than once")
    weights = {one.name: Value(one.dtype, one.shape, is_constant=True, content=one.content) for one in graph.tensors}
    return {port.name: Value(port.dtype, port.shape) for port in graph.inputs} | weights


def _run(node: Node, values: dict[str, Value]) -> int:
    """Add the outputs of a node to the values; returns how many numbers it computes per position of the free axes."""
    place = f"its node {node.operator!r:.30}"
    rule = RULES.get(node.operator)
    if rule is None or not set(node.attributes) <= rule.attributes:
        raise ValueError(f"{place} {sorted(node.attributes)!r:.60} is not one that nertagger writes")
    for name in node.inputs:
        need(not name or name in values, f"{place} reads {name!r:.60}, which no node before it outputs")
    use = Use(node.operator, [values[name] if name else None for name in node.inputs], node.attributes)
    try:
        results = rule.results(use)
    except (ValueError, TypeError) as error:  # an attribute may be of another type than the rule expects
        raise ValueError(f"{place} is not used as nertagger uses it: {error}") from None
    need(any(node.outputs) and len(node.outputs) <= len(results), f"{place} has {len(node.outputs)} outputs")
    for name, value in zip(node.outputs, results, strict=False):
        free = [axis for axis in value.shape if isinstance(axis, str)]
        need(not name or name not in values, f"{place} outputs {name!r:.60}, which exists already")
        need(len(set(free)) == len(free), f"{place} outputs the shape {value.shape!r:.60}")
        if name:
            values[name] = value
    return 0 if results[0].is_constant else sum(result.size for result in results)


def _check_uses(graph: Graph, values: dict[str, Value]) -> None:
    """Raise ValueError if weights are used so often that a small file would take much time."""
    for name, count in Counter(name for node in graph.nodes for name in node.inputs if name).items():
        most = 1 if values[name].size > _LARGE else _MOST_USES
        need(count <= most or not values[name].is_constant, f"it uses {name!r:.60} {count} times")


def _output(port: Port, values: dict[str, Value]) -> Port:
    value = values.get(port.name)
    need(value is not None, f"no node computes its output {port.name!r:.60}")
    assert value is not None
    need(value.dtype == port.dtype == "float32", f"its output {port.name!r:.60} is {value.dtype}, expected float32")
    return Port(port.name, value.dtype, value.shape)
