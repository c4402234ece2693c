"""ONNX Runtime sessions for the graphs of a model file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from nertagger.errors import ModelFileError
from nertagger.modelfile.graphs import Signature, check_graph
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.onnx_format import Dimension, ExternalDataError, Port
from nertagger.per_process import PerProcess

_MAX_DEFAULT_THREADS = 4
_DISABLE_TELEMETRY = "ORT_DISABLE_TELEMETRY"
_GREATEST = 1e6  # the greatest root mean square of an output; no trained network comes near it


def default_threads() -> int:
    """Return the default number of batches that run at a time: one per processor available to this process, at most 4.

    One thread runs one batch. Threads that share a batch wait for each other at each time step: on two processors they
    took 1.1 times the time of a single thread, and twice its processor time. Python's part of a batch takes about as
    long as running it, so that with more than 4 threads some would wait for Python.
    """
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(available, _MAX_DEFAULT_THREADS)


@cache
def onnx_runtime() -> Any:
    """Import ONNX Runtime with its telemetry off, and return the module.

    Official builds, on Linux and macOS too since 2026, send usage data to Microsoft and write a file into the folder of
    temporary files unless this environment variable is set while they are imported. A value that the user has set is
    left alone.
    """
    is_unset = _DISABLE_TELEMETRY not in os.environ
    if is_unset:
        os.environ[_DISABLE_TELEMETRY] = "1"
    try:
        import onnxruntime
    finally:
        if is_unset:
            del os.environ[_DISABLE_TELEMETRY]
    return onnxruntime


class Session:
    """One graph of a model file, ready to run on the CPU.

    Attributes:
        inputs: the shape of each input by name, with None for a free dimension.
        output_shapes: the shape of each output.
    """

    def __init__(self, model: ModelFile, member: str) -> None:
        """Open a graph; raises ModelFileError if nertagger could not have written it."""
        self._model, self._member = model, member
        self._signature = check_member(model, member)
        self._session = PerProcess(self._open)
        self._session()
        self.inputs = {port.name: _shape(port) for port in self._signature.inputs}
        self.output_shapes = [_shape(port) for port in self._signature.outputs]

    @property
    def output_shape(self) -> tuple[int | None, ...]:
        """The shape of the first output."""
        return self.output_shapes[0]

    def error(self, problem: str) -> ModelFileError:
        """Return an error that names the file and the graph."""
        return self._model.error(f"{self._member} {problem}")

    def run(self, inputs: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the first output of the graph.

        Raises:
            ModelFileError: if the graph fails, or its output is not finite.
        """
        return self.run_all(inputs)[0]

    def run_all(self, inputs: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        """Return all outputs of the graph; raises ModelFileError as `run`."""
        try:
            results: list[np.ndarray] = self._session().run(None, {name: inputs[name] for name in self.inputs})
        except Exception as error:
            raise self._error(error) from error
        self._check(inputs, results)
        return results

    def _check(self, inputs: Mapping[str, np.ndarray], results: Sequence[np.ndarray]) -> None:
        """Raise ModelFileError unless the results are finite and have the shapes that the inputs imply."""
        axes: dict[Dimension, int] = {}
        for port in self._signature.inputs:
            axes |= dict(zip(port.shape, inputs[port.name].shape, strict=True))
        for port, result in zip(self._signature.outputs, results, strict=True):
            shape = tuple(axis if isinstance(axis, int) else axes.get(axis) for axis in port.shape)
            if result.dtype != np.float32 or result.shape != shape:
                got = f"{result.dtype} of shape {result.shape}"
                raise self.error(f"gives {port.name} as {got}, expected float32 of shape {shape}")
            if result.size and not _mean_square(result) <= _GREATEST**2:  # false for NaN too
                raise self._model.error(
                    f"{self._member} gives {port.name} that are not finite, or beyond {_GREATEST:g}"
                )

    def _open(self) -> Any:
        content = bytes(self._model.members[self._member])
        try:
            return onnx_runtime().InferenceSession(content, _options(), providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime's errors have no class of their own
            raise self._error(error) from error

    def _error(self, error: Exception) -> ModelFileError:
        first_line = next(iter(str(error).splitlines()), type(error).__name__)
        return self.error(f"does not run: {first_line}")


def check_member(model: ModelFile, member: str) -> Signature:
    """Return the inputs and outputs of a graph; raises ModelFileError if nertagger could not have written it."""
    try:
        return check_graph(model.members[member])
    except ExternalDataError:
        raise model.error(f"{member} keeps its weights in other files, which a model file must not") from None
    except ValueError as error:
        problem = f"{member} does not run: it is not a graph that nertagger writes ({error})"
        raise model.error(problem) from None


def _options() -> Any:
    options = onnx_runtime().SessionOptions()
    options.intra_op_num_threads = 1  # see default_threads
    options.log_severity_level = 4  # errors come as exceptions
    options.enable_mem_pattern = False  # plans memory for recurring shapes, which are rare here
    return options


def _shape(port: Port) -> tuple[int | None, ...]:
    return tuple(axis if isinstance(axis, int) else None for axis in port.shape)


def _mean_square(numbers: np.ndarray) -> float:
    """Return the mean of the squares, in one pass and without a copy; not finite if any number is not."""
    flat = numbers.reshape(-1)
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.dot(flat, flat)) / len(flat)
