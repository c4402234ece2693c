from __future__ import annotations

import json

import numpy as np
import pytest
from safetensors.numpy import load, save

from nertagger.modelfile.tensors import read_tensors, write_tensors

TENSORS = {
    "b/float": np.arange(6, dtype=np.float32).reshape(2, 3),
    "a/half": np.linspace(0, 1, 5, dtype=np.float16),
    "empty": np.zeros((0, 4), np.float32),
    "scalar": np.array(7, np.int32),
}


def made(header: object, data: bytes = b"") -> memoryview:
    content = json.dumps(header).encode()
    return memoryview(len(content).to_bytes(8, "little") + content + data)


def entry(dtype="F32", shape=(2,), offsets=(0, 8)) -> dict:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


def test_files_of_the_safetensors_package_are_read_without_copies():
    content = memoryview(save(TENSORS, metadata={"made": "here"}))
    tensors = read_tensors(content)
    assert set(tensors) == set(TENSORS)
    for name, expected in TENSORS.items():
        assert tensors[name].dtype == expected.dtype
        np.testing.assert_array_equal(tensors[name], expected)
    assert not tensors["b/float"].flags.owndata
    assert not tensors["b/float"].flags.writeable


def test_written_tensors_are_read_here_and_by_the_safetensors_package():
    strided = TENSORS | {"strided": np.arange(12).reshape(3, 4).T, "é": np.array([-1], np.int8)}
    content = write_tensors(strided)
    for tensors in (read_tensors(memoryview(content)), load(content)):
        assert set(tensors) == set(strided)
        for name, expected in strided.items():
            assert tensors[name].dtype == expected.dtype
            np.testing.assert_array_equal(tensors[name], expected)
    assert read_tensors(memoryview(content))["strided"].flags.aligned
    assert write_tensors(dict(reversed(strided.items()))) == content


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (memoryview(b""), "does not fit"),
        (memoryview(b"\xff" * 8), "does not fit"),
        (memoryview(b"\x02\0\0\0\0\0\0\0{]"), "not JSON"),
        (made([1]), "not an object"),
        (made({"x": 1}), "expected two integers"),
        (made({"x": entry(offsets=[0])}, b"\0" * 8), "expected two integers"),
        (made({"x": entry(offsets=["a", "b"])}, b"\0" * 8), "expected two integers"),
        (made({"x": entry(dtype="BF16")}, b"\0" * 8), "dtype 'BF16'"),
        (made({"x": entry(dtype=[])}, b"\0" * 8), "dtype"),
        (made({"x": entry(shape=[3])}, b"\0" * 8), "does not lie at"),
        (made({"x": entry(shape=[-2])}, b"\0" * 8), "expected a list of sizes"),
        (made({"x": entry(shape="ab")}, b"\0" * 8), "expected a list of sizes"),
        (made({"x": entry(shape=[True, 2])}, b"\0" * 8), "expected a list of sizes"),
        (made({"x": entry(shape=[2**40, 2**40])}, b"\0" * 8), "does not lie at"),
        (made({"x": entry()}, b"\0" * 4), "does not lie at"),
        (made({"x": entry()}, b"\0" * 12), "its tensors cover 8"),
        (made({"x": entry(), "y": entry(offsets=[4, 12])}, b"\0" * 12), "does not lie at"),
        (made({"x": entry(offsets=[-8, 0])}, b"\0" * 8), "does not lie at"),
        (made({"x": entry(offsets=[0.0, 8.0])}, b"\0" * 8), "expected two integers"),
    ],
)
def test_headers_that_contradict_the_data(content, message):
    with pytest.raises(ValueError, match=message):
        read_tensors(content)
