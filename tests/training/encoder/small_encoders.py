"""Encoders small enough to be made by hand."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from safetensors.numpy import save

from nertagger.config import EncoderConfig
from nertagger.features import Features, WordIndex
from nertagger.modelfile.model_file import ModelFile
from nertagger.runtime.encoder.contents import weight_shapes
from nertagger.training.encoder.encoder import Encoder

WORDS = ["anna", "met", "bo", "in", "oslo", ".", "lives", "new", "york", "paris", "and", "saw", "wolf", "the", "river"]
SETTINGS = {
    "characters": {"size": 3, "units": 4},
    "shapes": {"size": 2},
    "network": {"layers": 2, "units": 5},
}
CARD = "# An encoder\n\n- Licence: CC0\n"


def encoder_members(*, words: list[str] = WORDS, settings: dict[str, Any] = SETTINGS) -> dict[str, bytes]:
    """Return the members of an encoder with random weights, and the vector (n, -n) / 10 for the nth word."""
    config = EncoderConfig.from_values(settings)
    alphabet, shapes = "abeimnos", ["xx", "Xxx", "x"]
    vocabulary = {"characters": list(alphabet), "max_length": config.characters.max_length, "shapes": shapes}
    index, order = WordIndex.build(words)
    numbers = np.concatenate([[0], order + 1]).astype(np.int8)
    rng = np.random.default_rng(1)
    wanted = weight_shapes(config, Features.from_dict(vocabulary), width=2)
    tensors = {
        "word_vectors": np.stack([numbers, -numbers], axis=1),
        "vector_scales": np.full(2, 0.1, np.float32),
        "word_keys": index.keys,
        **{name: rng.normal(size=shape).astype(np.float16) for name, shape in wanted.items()},
    }
    return {
        "config.toml": config.to_toml().encode(),
        "vocabulary.json": json.dumps(vocabulary).encode(),
        "metrics.json": b"{}",
        "README.md": CARD.encode(),
        "weights.safetensors": save(tensors),
    }


def small_encoder(**options: Any) -> Encoder:
    """Return an encoder of `encoder_members`."""
    return Encoder.of(ModelFile.in_memory(encoder_members(**options), name="small.enc"))
