"""Encoders by the name that the configuration gives them."""

from __future__ import annotations

from collections.abc import Callable

from nertagger import english
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.reader import read_model
from nertagger.modelfile.schema import ENGLISH
from nertagger.training.encoder.encoder import Encoder

ENGLISH_FAST = f"{ENGLISH}-fast"
"""The name of the English encoder of one smaller layer."""
_PACKAGED: dict[str, Callable[[], ModelFile]] = {ENGLISH: english.encoder, ENGLISH_FAST: english.fast}


def find_encoder(source: str) -> Encoder:
    """Return an encoder in the package, or that in a file, ``NAME.enc`` or ``NAME.ner``.

    Raises:
        ModelFileError: if the file cannot be read.
    """
    return Encoder.of(_PACKAGED[source]() if source in _PACKAGED else read_model(source))
