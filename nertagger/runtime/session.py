"""ONNX Runtime sessions over the graphs of a model file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import numpy as np
import onnxruntime as ort

from nertagger.errors import ModelFileError
from nertagger.modelfile.graphs import Signature, check_graph
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.onnx_format import Dimension, ExternalDataError, Port
from nertagger.runtime.per_process import PerProcess

_MAX_DEFAULT_THREADS = 4
_GREATEST = 1e6  # of what a graph gives, the root of the mean square; no network that was trained comes near


def default_threads() -> int:
    """How many batches run at a time unless told: as many as this process may use processors, at most 4.

    One thread runs one batch. Threads that share a batch wait for one another at each of its time steps: on two
    processors they took 1.1 times the time of a single thread, and twice its processor time. What Python does for a
    batch takes about as long as running it, so that more than 4 wait for Python.
    """
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(available, _MAX_DEFAULT_THREADS)


class Session:
    """One graph of a model file, ready to run on the CPU.

    Attributes:
        inputs: the shape of each input by name, with None for a free dimension.
        output_shapes: that of each output.
    """

    def __init__(self, model: ModelFile, member: str) -> None:
        """Raises ModelFileError if the graph is not one that nertagger could have written."""
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
        """An error that names the file and the graph."""
        return self._model.error(f"{self._member} {problem}")

    def run(self, inputs: Mapping[str, np.ndarray]) -> np.ndarray:
        """The graph's first output.

        Raises:
            ModelFileError: if the graph does not fit its own inputs, or gives what is no number.
        """
        return self.run_all(inputs)[0]

    def run_all(self, inputs: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        """All outputs of the graph; raises ModelFileError as `run`."""
        try:
            results: list[np.ndarray] = self._session().run(None, {name: inputs[name] for name in self.inputs})
        except Exception as error:
            raise self._error(error) from error
        self._check(inputs, results)
        return results

    def _check(self, inputs: Mapping[str, np.ndarray], results: Sequence[np.ndarray]) -> None:
        """Raises ModelFileError unless the results are finite numbers of the shapes that the inputs lead to."""
        axes: dict[Dimension, int] = {}
        for port in self._signature.inputs:
            axes |= dict(zip(port.shape, inputs[port.name].shape, strict=True))
        for port, result in zip(self._signature.outputs, results, strict=True):
            shape = tuple(axis if isinstance(axis, int) else axes.get(axis) for axis in port.shape)
            if result.dtype != np.float32 or result.shape != shape:
                got = f"{result.dtype} of shape {result.shape}"
                raise self.error(f"gives {port.name} as {got}, expected float32 of shape {shape}")
            if result.size and not _mean_square(result) <= _GREATEST**2:  # nor is NaN
                raise self._model.error(
                    f"{self._member} gives {port.name} that are not finite, or beyond {_GREATEST:g}"
                )

    def _open(self) -> ort.InferenceSession:
        content = bytes(self._model.members[self._member])
        try:
            return ort.InferenceSession(content, _options(), providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime's errors have no class of their own
            raise self._error(error) from error

    def _error(self, error: Exception) -> ModelFileError:
        first_line = next(iter(str(error).splitlines()), type(error).__name__)
        return self.error(f"does not run: {first_line}")


def check_member(model: ModelFile, member: str) -> Signature:
    """What a graph of a model file takes and gives; raises ModelFileError if it is not one that nertagger writes."""
    try:
        return check_graph(model.members[member])
    except ExternalDataError:
        raise model.error(f"{member} keeps its weights in other files, which a model file must not") from None
    except ValueError as error:
        problem = f"{member} does not run: it is not a graph that nertagger writes ({error})"
        raise model.error(problem) from None


def _options() -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1  # see default_threads
    options.log_severity_level = 4  # what matters comes as an exception
    options.enable_mem_pattern = False  # plans memory for shapes that come again; ours seldom do
    return options


def _shape(port: Port) -> tuple[int | None, ...]:
    return tuple(axis if isinstance(axis, int) else None for axis in port.shape)


def _mean_square(numbers: np.ndarray) -> float:
    """The mean of the squares, in one pass and without a copy; not finite if any number is not."""
    flat = numbers.reshape(-1)
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.dot(flat, flat)) / len(flat)
