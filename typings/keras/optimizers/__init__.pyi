from collections.abc import Sequence
from typing import Any

from keras import KerasTensor, Variable

from . import schedules as schedules

class Optimizer:
    learning_rate: Any
    variables: list[Variable]
    def __init__(
        self,
        learning_rate: float | schedules.LearningRateSchedule = ...,
        *,
        weight_decay: float | None = ...,
        clipvalue: float | None = ...,
        global_clipnorm: float | None = ...,
    ) -> None: ...
    def build(self, variables: Sequence[Variable]) -> None: ...
    def apply(self, grads: Sequence[KerasTensor], trainable_variables: Sequence[Variable] | None = ...) -> None: ...
    def stateless_apply(
        self, optimizer_variables: Any, grads: Any, trainable_variables: Any
    ) -> tuple[list[KerasTensor], list[KerasTensor]]: ...

class Adam(Optimizer): ...
class AdamW(Optimizer): ...

class SGD(Optimizer):
    def __init__(
        self,
        learning_rate: float | schedules.LearningRateSchedule = ...,
        *,
        momentum: float = ...,
        weight_decay: float | None = ...,
        clipvalue: float | None = ...,
        global_clipnorm: float | None = ...,
    ) -> None: ...
