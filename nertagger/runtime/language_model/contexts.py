"""What a language model knows of each token in its sentence, through ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from nertagger.features.contextual import context_inputs
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import ContextGraph, Member, VocabularyKey
from nertagger.runtime.language_model.model import read_symbols
from nertagger.runtime.session import Session


class Contexts(Protocol):
    """Gives the states of a language model for sentences, none of them empty."""

    def __call__(self, sentences: Sequence[Sequence[str]]) -> np.ndarray:
        """Float32 (T, B, D): forward after a token's last character, backward before its first, side by side."""


class ContextEncoder:
    """The language model of a tagger; safe to share between threads.

    Attributes:
        width: D, both directions together.
    """

    def __init__(self, model: ModelFile) -> None:
        """Raises ModelFileError if the graph and the vocabulary do not fit each other."""
        self._symbols = read_symbols(model.vocabulary, model, key=VocabularyKey.CONTEXT)
        self._session = Session(model, Member.CONTEXT)
        shape = self._session.output_shape
        if set(self._session.inputs) != set(ContextGraph.INPUTS) or len(shape) != 3 or shape[2] is None:
            raise model.error(f"{Member.CONTEXT} gives states of shape {shape}, expected (tokens, sentences, D)")
        self.width: int = shape[2]

    def __call__(self, sentences: Sequence[Sequence[str]]) -> np.ndarray:
        """See `Contexts`."""
        return self._session.run(context_inputs(sentences, self._symbols))


def open_contexts(model: ModelFile) -> ContextEncoder | None:
    """The language model of a tagger, or None if it has none."""
    return ContextEncoder(model) if Member.CONTEXT in model.members else None
