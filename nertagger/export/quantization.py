"""A model file with weights as 8-bit integers, less than half the size.

Weights of recurrent layers and pretrained vectors are rounded here, with one scale per row, and tables of trained
embeddings by ONNX Runtime; the keys by which words are found are cut to half their bits. Vectors that have 8 bits
already, those of an encoder, and their keys stay as they are. The float weights beside the graphs are left out: the
result is for tagging alone.

Everything is computed in float32, so that emissions depend on the sentence alone, as those of the float model do. ONNX
Runtime also has an LSTM that rounds its inputs; its emissions depend on the rest of the batch.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import safetensors.numpy
from onnx import helper, numpy_helper

from nertagger.features.vectors.stored import LEAST_SCALE, SCALES_PER_OCTAVE, scale_of
from nertagger.features.word_index import upper_halves
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Layer, Member, Tensor, tensor_name
from nertagger.runtime.session import onnx_runtime
from nertagger.runtime.tagger import Tagger

_KEPT = (
    tensor_name(Layer.CRF, ""),
    Tensor.VECTOR_SCALES,
    Tensor.WORD_VECTORS,
    Tensor.WORD_KEYS,
    Tensor.TAG_COUNTS,
    Tensor.TAG_KEYS,
    Tensor.GAZETTEER,
    Tensor.SENTENCE_KEYS,
)  # how the names of these tensors begin
_GREATEST = 127


def int8_members(model: ModelFile) -> dict[str, bytes]:
    """Return the members of the same model with int8 weights; metrics and card are still those of `model`.

    Raises:
        ModelFileError: if a graph is already quantized or cannot be, or the file is not a tagger that runs.
    """
    Tagger(model)
    _check_finite(model)
    if Tensor.WORD_SCALES in model.tensors or b"DequantizeLinear" in bytes(model.members[Member.NETWORK]):
        raise model.error("has int8 weights already; there is no smaller form")
    members = {name: bytes(content) for name, content in model.members.items()}
    for member in (Member.NETWORK, Member.CONTEXT):
        if member in members:
            members[member] = _with_small_recurrence(members[member])
    members[Member.WORDS] = _quantized(model, Member.WORDS, ["Gather"])
    members[Member.WEIGHTS] = safetensors.numpy.save(_int8_tensors(model))
    return members


def _check_finite(model: ModelFile) -> None:
    """Raise ModelFileError if a weight is not finite, which no 8-bit integer can represent."""
    for member in model.members:
        if member.endswith(".onnx"):
            weights = onnx.load_from_string(bytes(model.members[member])).graph.initializer
            if not all(np.isfinite(numpy_helper.to_array(tensor)).all() for tensor in weights):
                raise model.error(f"{member} has weights that are not finite")
    if not all(np.isfinite(tensor).all() for name, tensor in model.tensors.items() if name == Tensor.WORD_VECTORS):
        raise model.tensor_error(f"{Tensor.WORD_VECTORS} has numbers that are not finite")


def quantize_rows(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return vectors (V, D) as int8 (V, D) and codes of scales uint8 (V,): ``vectors ~ scale_of(codes) * numbers``.

    A scale is the smallest available one for which the greatest number of the row is at most 127.
    """
    largest = np.abs(table).max(axis=1, initial=0).astype(np.float32)
    octaves = np.log2(np.maximum(largest / _GREATEST, np.float32(2.0**LEAST_SCALE)))
    codes = np.ceil(SCALES_PER_OCTAVE * (octaves - LEAST_SCALE)).astype(np.uint8)
    numbers = np.rint(table.astype(np.float32) / scale_of(codes[:, None]))
    return numbers.clip(-_GREATEST, _GREATEST).astype(np.int8), codes


def _int8_tensors(model: ModelFile) -> dict[str, np.ndarray]:
    tensors = {name: np.array(tensor) for name, tensor in model.tensors.items() if name.startswith(_KEPT)}
    if Tensor.WORD_VECTORS in tensors and Tensor.VECTOR_SCALES not in tensors:
        tensors[Tensor.WORD_VECTORS], tensors[Tensor.WORD_SCALES] = quantize_rows(tensors[Tensor.WORD_VECTORS])
        tensors[Tensor.WORD_KEYS] = upper_halves(tensors[Tensor.WORD_KEYS])
    return tensors


def _with_small_recurrence(content: bytes) -> bytes:
    """Return the graph with the weights of its recurrent nodes in int8, with one scale per unit of each gate."""
    graph = (whole := onnx.load_from_string(content)).graph
    weights = {tensor.name: tensor for tensor in graph.initializer}
    recurrent = [node for node in graph.node if node.op_type in ("RNN", "GRU", "LSTM")]
    for name in dict.fromkeys(name for node in recurrent for name in node.input[1:3]):
        table = numpy_helper.to_array(weights[name])  # (directions, G H, D)
        scales = np.maximum(np.abs(table).max(axis=(0, 2)) / _GREATEST, np.finfo(np.float32).tiny).astype(np.float32)
        numbers = np.rint(table / scales[None, :, None]).clip(-_GREATEST, _GREATEST).astype(np.int8)
        graph.initializer.remove(weights[name])
        parts = {f"{name}_int8": numbers, f"{name}_scales": scales}
        graph.initializer.extend(numpy_helper.from_array(array, key) for key, array in parts.items())
        graph.node.insert(0, helper.make_node("DequantizeLinear", [*parts], [name], axis=1))
    restored: bytes = whole.SerializeToString()
    return restored


def _quantized(model: ModelFile, member: str, operators: Sequence[str]) -> bytes:
    """Return the graph with the weights of these operators in int8."""
    onnx_runtime()  # imported first, without telemetry
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with TemporaryDirectory(prefix="nertagger-") as folder:
        source, target = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
        source.write_bytes(model.members[member])
        try:
            with _silence():
                quantize_dynamic(
                    source, target, op_types_to_quantize=[*operators], per_channel=True, weight_type=QuantType.QInt8
                )
        except Exception as error:  # of ONNX, whose errors have no class of their own
            raise model.error(f"{member} cannot be quantized: {error}") from error
        return target.read_bytes()


@contextmanager
def _silence() -> Iterator[None]:
    """Suppress ONNX Runtime's advice to developers, which it gives through the root logger."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
