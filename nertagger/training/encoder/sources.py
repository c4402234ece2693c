"""Encoders by the name that the configuration gives them."""

from __future__ import annotations

from nertagger import english
from nertagger.modelfile.reader import read_model
from nertagger.modelfile.schema import ENGLISH
from nertagger.training.encoder.encoder import Encoder


def find_encoder(source: str) -> Encoder:
    """Return the encoder in the package, or that in a file, ``NAME.enc`` or ``NAME.ner``.

    Raises:
        ModelFileError: if the file cannot be read.
    """
    return Encoder.of(english.encoder() if source == ENGLISH else read_model(source))
