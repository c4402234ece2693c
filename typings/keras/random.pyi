from collections.abc import Sequence

from keras import KerasTensor

class SeedGenerator:
    def __init__(self, seed: int | None = ...) -> None: ...

def uniform(shape: Sequence[int], *, seed: SeedGenerator) -> KerasTensor: ...
