"""Encoders by the name that the configuration gives them."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from nertagger.errors import ConfigError
from nertagger.modelfile.reader import read_model
from nertagger.training.encoder.encoder import Encoder

ENGLISH = "english"
"""The name of the encoder in the package."""
_MODULE = "nertagger.english"


def has_english() -> bool:
    """Return whether the package holds an English encoder."""
    return find_spec(_MODULE) is not None


def find_encoder(source: str) -> Encoder:
    """Return the encoder in the package, or that in a file, ``NAME.enc`` or ``NAME.ner``.

    Raises:
        ConfigError: if the package holds none.
        ModelFileError: if the file cannot be read.
    """
    if source != ENGLISH:
        return Encoder.of(read_model(source))
    if not has_english():
        raise ConfigError('encoder.source = "english": there is no English encoder in this package; name a file')
    return Encoder.of(import_module(_MODULE).encoder())
