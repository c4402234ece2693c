"""Graphs that nertagger could not have written are rejected, those that it writes are accepted."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.resources import files
from itertools import pairwise

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from nertagger.errors import ModelFileError
from nertagger.modelfile.graphs import check_graph
from nertagger.modelfile.schema import Member
from nertagger.modelfile.writer import write_model
from nertagger.runtime import Tagger

INT, FLOAT = TensorProto.INT32, TensorProto.FLOAT


def network(*nodes: onnx.NodeProto, weights: dict[str, np.ndarray] | None = None, width: int = 9) -> onnx.ModelProto:
    """Return a network of these nodes, or an Identity, from words (T, B, 9) to emissions."""
    tensors = [numpy_helper.from_array(np.asarray(array), name) for name, array in (weights or {}).items()]
    graph = helper.make_graph(
        list(nodes) or [helper.make_node("Identity", ["words"], ["emissions"])],
        "graph",
        [helper.make_tensor_value_info("words", FLOAT, ["T", "B", width]), info("lengths", "B")],
        [helper.make_tensor_value_info("emissions", FLOAT, ["T", "B", width])],
        tensors,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def info(name: str, *shape: int | str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, INT, shape)


def loop() -> onnx.ModelProto:
    body = helper.make_graph(
        [helper.make_node("Identity", ["go"], ["go_on"])],
        "body",
        [helper.make_tensor_value_info("i", TensorProto.INT64, []), helper.make_tensor_value_info("go", 9, [])],
        [helper.make_tensor_value_info("go_on", 9, [])],
    )
    weights = {"n": np.array(2**62), "yes": np.array(True)}
    steps = helper.make_node("Loop", ["n", "yes"], [], body=body)
    steps.output.append("emissions")
    return network(steps, weights=weights)


def with_tensor(change: Callable[[onnx.TensorProto], object]) -> onnx.ModelProto:
    model = network(
        helper.make_node("Add", ["words", "bias"], ["emissions"]), weights={"bias": np.zeros(9, np.float32)}
    )
    change(model.graph.initializer[0])
    return model


def outside(tensor: onnx.TensorProto) -> None:
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="offset", value="0")
    tensor.external_data.add(value="/etc/passwd", key="location")


def with_model(change: Callable[[onnx.ModelProto], object]) -> onnx.ModelProto:
    model = network()
    change(model)
    return model


def sparse(model: onnx.ModelProto) -> None:
    values = numpy_helper.from_array(np.ones(1, np.float32), "sparse")
    places = numpy_helper.from_array(np.zeros(1, np.int64), "places")
    model.graph.sparse_initializer.append(helper.make_sparse_tensor(values, places, [10**6]))


def node(kind: str, *inputs: str, **attributes: object) -> onnx.NodeProto:
    return helper.make_node(kind, list(inputs), ["emissions"], **attributes)


def chain(count: int, operator: str, *others: str) -> list[onnx.NodeProto]:
    names = ["words", *(f"v{i}" for i in range(count - 1)), "emissions"]
    return [helper.make_node(operator, [a, *others], [b]) for a, b in pairwise(names)]


def doubled(count: int) -> list[onnx.NodeProto]:
    names = ["words", *(f"v{i}" for i in range(count - 1)), "emissions"]
    return [helper.make_node("Concat", [a, a], [b], axis=2) for a, b in pairwise(names)]


SQUARE = {"kernel": np.zeros((9, 9), np.float32)}
HOSTILE = {
    "loop": loop(),
    "constant of shape": network(node("ConstantOfShape", "n"), weights={"n": np.array([2**30])}),
    "constant node": network(node("Constant", value=numpy_helper.from_array(np.zeros(1, np.float32)))),
    "range": network(node("Range", "a", "b", "c"), weights={"a": np.array(0), "b": np.array(2**40), "c": np.array(1)}),
    "tile": network(node("Tile", "words", "n"), weights={"n": np.array([1, 1, 2**20])}),
    "random": network(node("RandomNormal", shape=[1, 1, 9])),
    "other domain": network(helper.make_node("Gelu", ["words"], ["emissions"], domain="com.microsoft")),
    "data in other files": with_tensor(outside),
    "data location alone": with_tensor(lambda tensor: setattr(tensor, "data_location", 1)),
    "data in segments": with_tensor(lambda tensor: tensor.segment.CopyFrom(TensorProto.Segment(begin=0, end=9))),
    "another size of data": with_tensor(lambda tensor: tensor.dims.__setitem__(0, 10**9)),
    "negative size": with_tensor(lambda tensor: tensor.dims.__setitem__(0, -9)),
    "strings": with_tensor(lambda tensor: setattr(tensor, "data_type", TensorProto.STRING)),
    "another type": with_tensor(lambda tensor: setattr(tensor, "data_type", 16)),
    "functions": with_model(
        lambda model: model.functions.append(
            helper.make_function("own", "F", ["a"], ["b"], [node("Identity", "a")], [helper.make_opsetid("", 17)])
        )
    ),
    "sparse": with_model(sparse),
    "training": with_model(lambda model: model.training_info.add()),
    "metadata": with_model(lambda model: model.metadata_props.add(key="ort_config", value="{}")),
    "second operator set": with_model(lambda model: model.opset_import.add(domain="own", version=1)),
    "another operator set": with_model(lambda model: setattr(model.opset_import[0], "version", 99)),
    "another format": with_model(lambda model: setattr(model, "ir_version", 99)),
    "no output": with_model(lambda model: model.graph.ClearField("output")),
    "output of nothing": with_model(lambda model: setattr(model.graph.output[0], "name", "nothing")),
    "input twice": with_model(lambda model: model.graph.input.append(model.graph.input[0])),
    "two axes of one name": network(node("Identity", "square")),
    "name with an escape": with_model(lambda model: setattr(model.graph, "name", "\x1b[2J")),
    "circle": network(helper.make_node("Relu", ["emissions"], ["b"]), node("Relu", "b")),
    "given twice": network(node("Relu", "words"), node("Tanh", "words")),
    "doubled again and again": network(*doubled(40)),
    "multiplied by one another": network(
        helper.make_node("Add", ["a", "b"], ["c"]),
        node("Add", "words", "c"),
        weights={"a": np.zeros((10**4, 1), np.float32), "b": np.zeros((1, 10**4), np.float32)},
    ),
    "a weight used again and again": network(*chain(100, "MatMul", "kernel"), weights=SQUARE),
    "too many nodes": network(*chain(2_000, "Relu")),
    "product of two inputs": network(node("MatMul", "words", "words")),
    "padding without end": network(
        node("Conv", "words", "filters", "bias", pads=[2**30, 0]),
        weights={"filters": np.zeros((9, 9, 1), np.float32), "bias": np.zeros(9, np.float32)},
    ),
    "expanded": network(node("Expand", "one", "n"), weights={"one": np.zeros(1, np.float32), "n": np.array([2**30])}),
    "reshaped to nothing": network(node("Reshape", "words", "n"), weights={"n": np.array([0, 0, 0, 7])}),
    "an attribute of another type": network(node("Transpose", "words", perm="abc")),
    "an attribute that is a graph": network(node("Identity", "words", body=network().graph)),
    "integers": network(helper.make_node("Transpose", ["lengths"], ["emissions"], perm=[0])),
    "a part along an axis of free size": network(
        node("Slice", "words", "first", "stop", "axis"),
        weights={"first": np.array([0]), "stop": np.array([1]), "axis": np.array([1])},
    ),
    "bounds that vary": network(node("Clip", "words", "words", "words")),
    "an 8-bit LSTM of ONNX": network(node("DynamicQuantizeLSTM", "words", hidden_size=9)),
    "an 8-bit LSTM of other units": network(
        helper.make_node(
            "DynamicQuantizeLSTM",
            ["words", "w", "r", "b", "lengths", "", "", "", "s", "z", "s", "z"],
            ["emissions"],
            hidden_size=10**9,
            direction="forward",
            domain="com.microsoft",
        ),
        weights={
            "w": np.zeros((1, 9, 8), np.int8),
            "r": np.zeros((1, 2, 8), np.int8),
            "b": np.zeros((1, 16), np.float32),
            "s": np.ones((1, 8), np.float32),
            "z": np.zeros((1, 8), np.int8),
        },
    ),
    "a recurrent node without its weights": network(node("LSTM", "words", "words", "words", "words", hidden_size=9)),
    "a recurrent node of other units": network(
        node("LSTM", "words", "w", "r", "b", hidden_size=10**9),
        weights={
            "w": np.zeros((1, 8, 9), np.float32),
            "r": np.zeros((1, 8, 2), np.float32),
            "b": np.zeros((1, 16), np.float32),
        },
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_foreign_graphs_are_rejected_immediately(name, tmp_path, good_members):
    path = tmp_path / "m.ner"
    write_model(path, good_members | {"network.onnx": HOSTILE[name].SerializeToString()})
    began = time.process_time()
    with pytest.raises(ModelFileError, match=r"^.*m\.ner: network\.onnx ") as caught:
        Tagger.load(path)
    assert time.process_time() - began < 2
    assert "\n" not in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff" * 20,
        b"\x08\x08" * 100_000,  # the version, repeated
        b"\x3a\x00" * 2,  # two graphs, which other parsers merge
        b"\x0b\x0c",  # a group
        b"\x3a\xff\xff\xff\xff\x0f",  # longer than the file
        b"\x08" + b"\x80" * 11 + b"\x01",  # a number that never ends
        b"\x3a\x04\x0a\x02\x12\x00",
    ],
)
def test_bytes_that_are_not_a_graph(content):
    with pytest.raises(ValueError, match=r"expected|it is|it has|its ") as caught:
        check_graph(memoryview(content))
    assert "\n" not in str(caught.value)


def test_external_data_is_rejected_in_any_order_of_fields(tmp_path, good_members):
    message = with_tensor(outside).SerializeToString()
    assert b"\x0a\x08location\x12" in message
    swapped = message.replace(b"\x0a\x08location\x12\x0b/etc/passwd", b"\x12\x0b/etc/passwd\x0a\x08location")
    assert len(swapped) == len(message)
    assert swapped != message
    write_model(tmp_path / "m.ner", good_members | {"network.onnx": swapped})
    with pytest.raises(ModelFileError, match=r"network\.onnx keeps its weights in other files"):
        Tagger.load(tmp_path / "m.ner")


def test_the_graph_of_the_date_normalizer_is_accepted():
    content = files("nertagger.dates").joinpath(Member.DATES).read_bytes()
    (output,) = check_graph(memoryview(content)).outputs
    assert output.shape == (11, "B", 14)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38, -1e9])
def test_emissions_that_are_not_finite_are_an_error(value, tmp_path, good_members):
    path = tmp_path / "m.ner"
    adding = network(node("Add", "words", "bias"), weights={"bias": np.array([0] * 8 + [value], np.float32)})
    write_model(path, good_members | {"network.onnx": adding.SerializeToString()})
    with pytest.raises(ModelFileError, match=r"network\.onnx gives emissions that are not finite, or beyond"):
        Tagger.load(path)("Paris")


def test_word_vectors_that_are_not_finite_are_an_error(tmp_path, good_members):
    words = onnx.load_from_string(good_members["words.onnx"])
    table = numpy_helper.to_array(words.graph.initializer[0]).copy()
    table[0] = np.nan
    words.graph.initializer[0].CopyFrom(numpy_helper.from_array(table, words.graph.initializer[0].name))
    write_model(tmp_path / "m.ner", good_members | {"words.onnx": words.SerializeToString()})
    tagger = Tagger.load(tmp_path / "m.ner")
    with pytest.raises(ModelFileError, match=r"words\.onnx gives words that are not finite"):
        tagger("unknown")
