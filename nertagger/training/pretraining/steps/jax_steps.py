"""Steps compiled for JAX, once for each shape of inputs, which are filled up so that there are few shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from nertagger.modelfile.schema import WordsGraph
from nertagger.network.encoder import INDEX, TAGS
from nertagger.training.language_model.steps.forward import clip_by_norm
from nertagger.training.pretraining.steps.forward import Evaluation, Model, Step, averaged

_WORDS, _TOKENS = 256, 8  # words and time steps come in multiples of these
_OF_WORDS = (WordsGraph.VECTORS, WordsGraph.CHARACTERS, WordsGraph.SHAPES)


def make_steps(model: Model, example: Mapping[str, np.ndarray]) -> tuple[Step, Evaluation]:
    """Return the functions for one step of training and one of evaluation; see `steps.make_steps`."""
    import jax  # here, so that this module can be imported without it

    others = [*model.encoder.non_trainable_variables, *model.head.non_trainable_variables]
    states = [variable for optimizer in model.optimizers for variable in optimizer.variables]
    sizes = [len(group) for group in model.groups]

    def loss_of(values: Any, other_values: Any, inputs: Any, training: bool) -> Any:
        mapping = [*zip(model.variables, values, strict=True), *zip(others, other_values, strict=True)]
        with keras.StatelessScope(state_mapping=mapping) as scope:
            loss = model.loss(inputs, training=training)
        return loss, [scope.get_current_value(variable) for variable in others]

    def update(values: Any, other_values: Any, state_values: Any, averages: Any, inputs: Any, decay: Any) -> Any:
        (loss, other_values), gradients = jax.value_and_grad(loss_of, has_aux=True)(values, other_values, inputs, True)
        gradients = clip_by_norm(gradients, model.clip_at)
        new: list[Any] = []
        new_states: list[Any] = []
        for optimizer, size in zip(model.optimizers, sizes, strict=True):
            own, state_values = state_values[: len(optimizer.variables)], state_values[len(optimizer.variables) :]
            part = slice(len(new), len(new) + size)
            changed, own = optimizer.stateless_apply(own, gradients[part], values[part])
            new, new_states = [*new, *changed], [*new_states, *own]
        averages = [averaged(average, value, decay) for average, value in zip(averages, new, strict=True)]
        return loss, (new, other_values, new_states, averages)

    compiled = jax.jit(update)
    compiled_evaluation = jax.jit(lambda values, other_values, inputs: loss_of(values, other_values, inputs, False)[0])

    def train(inputs: Mapping[str, np.ndarray], decay: float) -> Any:
        groups = (model.variables, others, states, list(model.averages))
        loss, updated = compiled(*map(_values, groups), _filled_up(inputs), decay)
        for variables, values in zip(groups, updated, strict=True):
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)
        return loss

    def evaluate(inputs: Mapping[str, np.ndarray]) -> Any:
        return compiled_evaluation(_values(model.variables), _values(others), _filled_up(inputs))

    return train, evaluate


def _values(variables: list[Any]) -> list[Any]:
    return [variable.value for variable in variables]


def _filled_up(inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the inputs with more words and time steps, which no sentence uses."""
    found = dict(inputs)
    for name in _OF_WORDS:
        if name in inputs:
            found[name] = _longer(inputs[name], _WORDS)
    if TAGS in inputs:  # batches of masked words have few lengths, and places that depend on them
        found |= {name: _longer(inputs[name], _TOKENS) for name in (INDEX, TAGS)}
    if WordsGraph.CHARACTERS in inputs:
        found[WordsGraph.CHARACTERS] = _longer(found[WordsGraph.CHARACTERS].T, _TOKENS).T
    return found


def _longer(array: np.ndarray, multiple: int) -> np.ndarray:
    extra = -len(array) % multiple
    return np.pad(array, [(0, extra), *[(0, 0)] * (array.ndim - 1)])
