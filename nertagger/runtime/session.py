"""ONNX Runtime sessions over the graphs of a model file."""

from __future__ import annotations

import os
from collections.abc import Mapping

import numpy as np
import onnxruntime as ort

from nertagger.errors import ModelFileError
from nertagger.runtime.model_file import ModelFile
from nertagger.runtime.per_process import PerProcess

_MAX_DEFAULT_THREADS = 4
# The key and value of a tensor whose data lie in another file (onnx.proto, TensorProto.external_data): a field of
# eight bytes "location", then the next field. Whoever loads such a graph reads any file that it names.
_EXTERNAL_DATA = b"\x0a\x08location\x12"


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
        output_shape: that of the first output.
    """

    def __init__(self, model: ModelFile, member: str) -> None:
        """Raises ModelFileError if the graph cannot be loaded or reads other files."""
        self._model, self._member = model, member
        self._session = PerProcess(self._open)
        self.inputs = {node.name: _shape(node.shape) for node in self._session().get_inputs()}
        self.output_shape = _shape(self._session().get_outputs()[0].shape)

    def run(self, inputs: Mapping[str, np.ndarray]) -> np.ndarray:
        """The graph's first output.

        Raises:
            ModelFileError: if the graph does not fit its own inputs.
        """
        return self.run_all(inputs)[0]

    def run_all(self, inputs: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        """All outputs of the graph; raises ModelFileError as `run`."""
        try:
            results = self._session().run(None, {name: inputs[name] for name in self.inputs})
        except Exception as error:
            raise self._error(error) from error
        return [np.asarray(result) for result in results]

    def _open(self) -> ort.InferenceSession:
        content = bytes(self._model.members[self._member])
        if _EXTERNAL_DATA in content:
            raise self._model.error(f"{self._member} keeps its weights in other files, which a model file must not")
        try:
            return ort.InferenceSession(content, _options(), providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime's errors have no class of their own
            raise self._error(error) from error

    def _error(self, error: Exception) -> ModelFileError:
        first_line = next(iter(str(error).splitlines()), type(error).__name__)
        return self._model.error(f"{self._member} does not run: {first_line}")


def _options() -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1  # see default_threads
    options.log_severity_level = 4  # what matters comes as an exception
    options.enable_mem_pattern = False  # plans memory for shapes that come again; ours seldom do
    return options


def _shape(shape: list[int | str | None]) -> tuple[int | None, ...]:
    return tuple(size if isinstance(size, int) else None for size in shape)
