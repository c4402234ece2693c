"""Contextual embeddings: the states of a language model at each token, through ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from nertagger.features.contextual import contextual_inputs
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import ContextGraph, Member, VocabularyKey
from nertagger.runtime.language_model.model import read_symbols
from nertagger.runtime.session import Session


class Contexts(Protocol):
    """Computes the states of a language model for sentences that are not empty."""

    def __call__(self, sentences: Sequence[Sequence[str]]) -> np.ndarray:
        """Return float32 (T, B, D): forward states after a token's last character, backward before its first."""


class ContextEncoder:
    """The language model of a tagger; safe to share between threads.

    Attributes:
        width: D, of both directions together.
    """

    def __init__(self, model: ModelFile) -> None:
        """Open the graph; raises ModelFileError if it is invalid or the vocabulary lists no symbols."""
        self._symbols = read_symbols(model.vocabulary, model, key=VocabularyKey.CONTEXT)
        self._session = Session(model, Member.CONTEXT)
        shape = self._session.output_shape
        if set(self._session.inputs) != set(ContextGraph.INPUTS) or len(shape) != 3 or shape[2] is None:
            raise model.error(f"{Member.CONTEXT} gives states of shape {shape}, expected (tokens, sentences, D)")
        self.width: int = shape[2]

    def __call__(self, sentences: Sequence[Sequence[str]]) -> np.ndarray:
        """See `Contexts`."""
        return self._session.run(contextual_inputs(sentences, self._symbols))


def open_contexts(model: ModelFile) -> ContextEncoder | None:
    """Return the language model of a tagger, or None if it has none."""
    return ContextEncoder(model) if Member.CONTEXT in model.members else None
