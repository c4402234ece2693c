"""Processes that train one network together: each takes its part of every batch, and their gradients are summed.

Keras 3 does not train under TensorFlow's `MultiWorkerMirroredStrategy` (keras-team/keras, issue 20585). The strategy
connects the processes here, and the collective operation beneath it sums what they have computed. All processes start
from the same weights and apply the same sums, so that their networks stay equal, bit by bit.
"""

from __future__ import annotations

import itertools
import json
import math
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from nertagger.errors import ConfigError, TrainingError
from nertagger.training.loop.seeds import share_cores

_GROUP, _GRADIENTS, _NUMBERS, _TEXTS = 20585, 1, 2, 100  # by which TensorFlow tells groups and operations apart


@dataclass(frozen=True)
class Workers:
    """The processes of a training, as one of them sees them.

    Attributes:
        rank: the number of this one, from 0; the first one alone writes files.
        count: the number of all.
        strategy: what connects them; None for a single one.
        options: those of the command that starts this one, for the command that resumes the run.
    """

    rank: int = 0
    count: int = 1
    strategy: Any = None
    options: str = ""
    _keys: Iterator[int] = field(default_factory=lambda: itertools.count(_TEXTS), repr=False)

    @property
    def is_first(self) -> bool:
        """Whether this process writes the files."""
        return self.rank == 0

    def sum(self, *numbers: float) -> list[float]:
        """Return the sum of each number over all processes, in float32."""
        if self.count == 1:
            return list(numbers)
        summed: list[float] = self._reduce(np.array(numbers, np.float32), _NUMBERS + len(numbers)).numpy().tolist()
        return summed

    def from_first(self, compute: Callable[[], Any]) -> Any:
        """Return the JSON values that the first process computes, in all of them."""
        if self.count == 1:
            return compute()
        content = json.dumps(compute()).encode() if self.is_first else b""
        size = int(self.sum(len(content))[0])
        text = np.zeros(size, np.float32)
        text[: len(content)] = np.frombuffer(content, np.uint8)
        # Each text has a key of its own, since an operation must always have the same shape.
        return json.loads(self._reduce(text, next(self._keys)).numpy().astype(np.uint8).tobytes())

    def sum_gradients(self, gradients: Sequence[Any], shapes: Sequence[Sequence[int]]) -> list[Any]:
        """Return the sum of each gradient over all processes, by one message for all of them; None stays None.

        Args:
            gradients: one for each variable, None for those that the loss does not depend on.
            shapes: those of the variables.
        """
        import tensorflow as tf

        places = [place for place, gradient in enumerate(gradients) if gradient is not None]
        flat = tf.concat([tf.reshape(tf.convert_to_tensor(gradients[place]), [-1]) for place in places], 0)
        parts = tf.split(self._reduce(flat, _GRADIENTS), [math.prod(shapes[place]) for place in places])
        sums: list[Any] = [None] * len(gradients)
        for place, part in zip(places, parts, strict=True):
            sums[place] = tf.reshape(part, shapes[place])
        return sums

    @contextmanager
    def expected(self) -> Iterator[None]:
        """Turn the errors of a block that are due to another process into one that says so.

        Raises:
            TrainingError: if another process has stopped, or cannot be reached.
        """
        if self.count == 1:
            yield
            return
        from tensorflow import errors

        kinds = (errors.UnavailableError, errors.CancelledError, errors.AbortedError, errors.DeadlineExceededError)
        try:
            yield
        except (*kinds, errors.InternalError) as error:
            raise TrainingError(
                f"process {self.rank + 1} of {self.count}: another one has stopped or cannot be reached "
                f"({type(error).__name__}); look there for the reason, then start all of them again with --resume"
            ) from error

    def _reduce(self, tensor: Any, key: int) -> Any:
        import tensorflow as tf

        with tf.device("/CPU:0"):
            return tf.raw_ops.CollectiveReduceV2(
                input=tensor,
                group_size=self.count,
                group_key=_GROUP,
                instance_key=key,
                ordering_token=[],
                merge_op="Add",
                final_op="Id",
                communication_hint="ring",
            )


ALONE = Workers()


def connect(addresses: Sequence[str], rank: int) -> Workers:
    """Connect this process with the others of a training, and wait for them; before TensorFlow computes anything.

    Args:
        addresses: the ``host:port`` of each process, the same list in all of them.
        rank: the number of this one in the list, from 0.

    Raises:
        ConfigError: if Keras runs on another backend than TensorFlow, or TensorFlow is in use already.
        TrainingError: if another process cannot be reached.
    """
    if keras.backend.backend() != "tensorflow":
        raise ConfigError("training over several processes needs Keras' backend TensorFlow; unset KERAS_BACKEND")
    import tensorflow as tf

    share_cores()
    cluster = tf.train.ClusterSpec({"worker": list(addresses)})
    resolver = tf.distribute.cluster_resolver.SimpleClusterResolver(
        cluster, task_type="worker", task_id=rank, rpc_layer="grpc"
    )
    workers = Workers(rank, len(addresses))
    with workers.expected(), _interruptible():
        try:
            strategy = tf.distribute.MultiWorkerMirroredStrategy(resolver)
        except RuntimeError as error:
            problem = "TensorFlow is already in use in this process"
            raise ConfigError(f"{problem}; connect it with others before anything is computed") from error
    return Workers(rank, len(addresses), strategy, f" --workers {','.join(addresses)} --worker {rank + 1}")


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end this process while TensorFlow waits for others, and Python's own handler cannot run."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
