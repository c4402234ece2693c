"""The encoder in training with its heads, under any backend of Keras."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np

from nertagger.network.encoder import EncoderNetwork, MaskedWordHead, TaggingHead
from nertagger.network.tensors import Tensor
from nertagger.training.loop.weights import Weights, get_weights, set_weights, to_numpy, weight_name
from nertagger.training.pretraining.steps import Evaluation, Model, Step, make_steps
from nertagger.training.pretraining.weights import encoder_weights, tagger_weights

Head = MaskedWordHead | TaggingHead


class _Averages(keras.layers.Layer):
    """The running averages of variables, on the device that these are on."""

    def __init__(self, variables: list[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.values = [
            self.add_weight(shape=variable.shape, initializer="zeros", trainable=False, name=f"average{i}")
            for i, variable in enumerate(variables)
        ]
        self.restart(variables)

    def restart(self, variables: list[Any]) -> None:
        """Begin anew with the values that the variables have now."""
        for average, variable in zip(self.values, variables, strict=True):
            average.assign(variable.value)


class Learner:
    """An encoder and its heads with their optimizers.

    A step trains the encoder and one head by Adam (Kingma and Ba 2015). The average of each is that of all weights so
    far, exponentially weighted, and less so in the first steps (see `WeightAverage`).

    Args:
        encoder: the encoder.
        heads: its heads by name.
        average: the decay of the running average.
        clip_at: the greatest norm of the gradient.
    """

    def __init__(
        self,
        encoder: EncoderNetwork,
        heads: Mapping[str, Head],
        *,
        average: float,
        clip_at: float,
    ) -> None:
        self.encoder, self.heads = encoder, dict(heads)
        self.average, self.clip_at = average, clip_at
        encoder.build()
        for head in heads.values():
            head.build((None, None, encoder.width))
        self._parts: dict[str, Any] = {"": encoder, **heads}
        self._optimizers = {name: _optimizer(part) for name, part in self._parts.items()}
        self._averages = {name: _Averages(part.trainable_variables) for name, part in self._parts.items()}
        self._steps: dict[str, tuple[Step, Evaluation]] = {}

    @property
    def variables(self) -> list[Any]:
        """All variables that decide how training continues, including those of random number generators."""
        networks = [variable for part in self._parts.values() for variable in part.variables]
        optimizers = [variable for optimizer in self._optimizers.values() for variable in optimizer.variables]
        return [*networks, *optimizers, *(value for averages in self._averages.values() for value in averages.values)]

    def start(self, weights: Weights, heads: Mapping[str, Weights]) -> None:
        """Set the weights of the encoder, given as those of a tagger, and of heads; others stay random."""
        set_weights(self.encoder, encoder_weights(weights, like=get_weights(self.encoder)))
        for name in self.heads.keys() & heads.keys():
            set_weights(self.heads[name], heads[name])
        for name, averages in self._averages.items():
            averages.restart(self._parts[name].trainable_variables)

    @property
    def weights(self) -> Weights:
        """The averages of the encoder's weights, as those of a tagger."""
        return tagger_weights(self._averaged_weights(""))

    @property
    def head_weights(self) -> dict[str, Weights]:
        """The averages of the weights of each head."""
        return {name: self._averaged_weights(name) for name in self.heads}

    def train(self, head: str, inputs: Mapping[str, np.ndarray], *, step: int, rates: tuple[float, float]) -> Tensor:
        """Do one step; return its loss, still on the device.

        Args:
            head: the name of the head.
            inputs: a batch.
            step: the number of the step, from 0.
            rates: the learning rates of the head and of the encoder.
        """
        train, _ = self._compiled(head, inputs)
        self._optimizers[head].learning_rate, self._optimizers[""].learning_rate = rates
        return train(inputs, min(self.average, (1 + step) / (10 + step)))

    def held_out_losses(self, head: str, batches: Iterable[Mapping[str, np.ndarray]]) -> list[float]:
        """Return the loss of each batch under the averages of all weights."""
        losses: list[float] = []
        with self._with_averages():
            for inputs in batches:
                _, evaluate = self._compiled(head, inputs)
                losses.append(float(keras.ops.convert_to_numpy(evaluate(inputs))))
        return losses

    def _averaged_weights(self, part: str) -> Weights:
        pairs = zip(self._parts[part].trainable_variables, self._averages[part].values, strict=True)
        return {weight_name(variable): to_numpy(average) for variable, average in pairs}

    @contextmanager
    def _with_averages(self) -> Iterator[None]:
        """Give all variables their averages while the block runs."""
        pairs = [
            pair
            for name, part in self._parts.items()
            for pair in zip(part.trainable_variables, self._averages[name].values, strict=True)
        ]
        kept = [to_numpy(variable) for variable, _ in pairs]
        for variable, average in pairs:
            variable.assign(average.value)
        try:
            yield
        finally:
            for (variable, _), value in zip(pairs, kept, strict=True):
                variable.assign(value)

    def _compiled(self, head: str, inputs: Mapping[str, np.ndarray]) -> tuple[Step, Evaluation]:
        if head not in self._steps:
            optimizers = self._optimizers[""], self._optimizers[head]
            averages = [*self._averages[""].values, *self._averages[head].values]
            model = Model(self.encoder, self.heads[head], optimizers, averages, self.clip_at)
            self._steps[head] = make_steps(model, inputs)
        return self._steps[head]


def _optimizer(part: Any) -> keras.optimizers.Optimizer:
    optimizer = keras.optimizers.Adam()
    optimizer.build(part.trainable_variables)
    return optimizer
