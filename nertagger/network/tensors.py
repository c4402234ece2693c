"""The types of network functions."""

from __future__ import annotations

import keras

Tensor = keras.KerasTensor
"""A tensor of the backend in use.

Keras has no common class for the tensors of TensorFlow, JAX and PyTorch. For the type checker, this name stands for all
of them and for variables; no value is ever tested against it.
"""

Shape = tuple[int | None, ...]
"""The shape of an input of a layer; None for a dimension of variable size."""
