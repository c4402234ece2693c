"""One epoch of training by one call of `keras.Model.fit`, with checks and reports after every step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import keras
import numpy as np

from nertagger.config import TrainingConfig
from nertagger.errors import TrainingError
from nertagger.features import Batch
from nertagger.modelfile.schema import NetworkGraph
from nertagger.training.loop.weights import weight_name
from nertagger.training.loop.workers import ALONE, Workers

_ROUNDING = 1e-2  # nats per token: a negative log-likelihood is below zero only by rounding in float32
_EXPLODED = 1e3  # nats per token; an untrained network has the logarithm of the number of tags


def make_optimizer(
    config: TrainingConfig, *, factor: Callable[[str], float] | None = None, workers: Workers = ALONE
) -> keras.optimizers.Optimizer:
    """Return the optimizer, which clips the norm of all gradients together, or each value.

    Args:
        config: the optimizer and its settings.
        factor: returns what the learning rate of a weight is multiplied by, given its name; None for 1.
        workers: the processes whose gradients are summed.
    """
    clipping = {"norm": {"global_clipnorm": config.clip_at}, "value": {"clipvalue": config.clip_at}, "none": {}}
    common: dict[str, Any] = {"learning_rate": config.learning_rate, **clipping[config.clip]}
    kinds = {"adam": keras.optimizers.Adam, "adamw": keras.optimizers.AdamW, "sgd": keras.optimizers.SGD}
    kind: Any = kinds[config.optimizer] if factor is None else _with_factors(kinds[config.optimizer], factor)
    kind = kind if workers.count == 1 else _summing(kind, workers)
    own: dict[str, dict[str, Any]] = {
        "adam": {},
        "adamw": {"weight_decay": config.weight_decay},
        "sgd": {"momentum": 0.9, "weight_decay": config.weight_decay or None},
    }
    made: keras.optimizers.Optimizer = kind(**common, **own[config.optimizer])
    return made


def _with_factors(kind: Any, factor: Callable[[str], float]) -> Any:
    """Return a class of optimizers whose learning rate is multiplied by a factor for each variable."""

    class WithFactors(kind):  # type: ignore[misc]
        def build(self, variables: Sequence[keras.Variable]) -> None:
            super().build(variables)
            self.factors = [factor(weight_name(variable)) for variable in variables]

        def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
            place = self._get_variable_index(variable)  # TensorFlow passes its own variables, without the path
            super().update_step(gradient, variable, learning_rate * self.factors[place])

    return WithFactors


def _summing(kind: Any, workers: Workers) -> Any:
    """Return a class of optimizers that apply, and clip, the sums of the gradients of all processes."""

    class Summing(kind):  # type: ignore[misc]
        def apply(self, grads: Sequence[Any], trainable_variables: Sequence[Any]) -> None:
            shapes = [tuple(variable.shape) for variable in trainable_variables]
            super().apply(workers.sum_gradients(grads, shapes), trainable_variables)

    return Summing


class AfterStep(keras.callbacks.Callback):
    """Checks the loss and reports after every step.

    Args:
        report: called with the number of steps done in this call and the loss of the last one; True stops the epoch.
        place: where the run is, for error messages.
        workers: the processes whose parts of the loss are summed, and which stop together, a step later.
    """

    def __init__(self, report: Callable[[int, float], bool], *, place: str, workers: Workers = ALONE) -> None:
        super().__init__()
        self._report, self._place, self._workers, self._is_asked = report, place, workers, False

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Report the loss of the step; raise TrainingError if it is not finite, far too high or below zero."""
        loss, asked = self._workers.sum(float((logs or {})["loss"]), self._is_asked)
        self.model.reset_metrics()  # Keras' mean would weigh each step by the rows of its first input
        if not -_ROUNDING <= loss <= _EXPLODED:  # nor is NaN
            raise TrainingError(
                f"the loss is {loss:g} at {self._place}, step {batch + 1}: training has diverged; "
                "lower training.learning_rate or training.clip_at and train anew"
            )
        self._is_asked = self._report(batch + 1, loss)
        if asked or (self._is_asked and self._workers.count == 1):
            self.model.stop_training = True


def run_epoch(
    network: keras.Model,
    batches: Callable[[], Iterator[Batch]],
    *,
    steps: int,
    example: Batch,
    after: AfterStep,
    are_parts: bool = False,
) -> None:
    """Do one step for each batch.

    Args:
        network: compiled.
        batches: makes the batches, of any lengths; may be called more than once.
        steps: how many there are.
        example: one batch, for the names and types of its arrays.
        after: called after every step.
        are_parts: whether the batches are the parts of one process, whose loss is weighted with their share.
    """
    network.stop_training = False
    count = None if keras.backend.backend() == "tensorflow" else steps  # TensorFlow's stream knows its length
    stream = _stream(batches, steps, example, are_parts=are_parts)
    network.fit(stream, steps_per_epoch=count, epochs=1, verbose=0, shuffle=False, callbacks=[after])


def _inputs(batch: Batch) -> tuple[dict[str, np.ndarray], np.ndarray]:
    return {**batch.words, **batch.context, "index": batch.index, NetworkGraph.LENGTHS: batch.lengths}, batch.tags


def _stream(batches: Callable[[], Iterator[Batch]], steps: int, example: Batch, *, are_parts: bool) -> Any:
    """Return the batches in the form that `fit` takes under this backend.

    TensorFlow would infer fixed shapes from the first batches and fail at the first one of another length, so all
    dimensions are declared variable but the widths of vectors and states.
    """
    if keras.backend.backend() != "tensorflow":
        return (_inputs(batch) for batch in batches())  # Keras knows generators, not other iterators
    import tensorflow as tf

    def spec(array: np.ndarray) -> tf.TensorSpec:
        has_width = np.issubdtype(array.dtype, np.floating)
        shape = (*(None,) * (array.ndim - 1), array.shape[-1] if has_width else None)
        return tf.TensorSpec(shape, array.dtype)

    def values(batch: Batch) -> tuple[Any, ...]:
        return (*_inputs(batch), batch.share) if are_parts else _inputs(batch)

    inputs, tags = _inputs(example)
    signature: tuple[Any, ...] = {name: spec(array) for name, array in inputs.items()}, spec(tags)
    signature += (tf.TensorSpec((), tf.float32),) if are_parts else ()
    stream = tf.data.Dataset.from_generator(lambda: map(values, batches()), output_signature=signature)
    options = tf.data.Options()
    options.autotune.enabled = False  # its thread sleeps up to a second before it lets go of the stream
    return stream.apply(tf.data.experimental.assert_cardinality(steps)).prefetch(4).with_options(options)
