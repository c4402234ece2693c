"""Contextual embeddings of a tagger in training, by a language model that is frozen or fine-tuned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import onnx

from nertagger.config.language_model import LanguageModelConfig
from nertagger.errors import ConfigError
from nertagger.export.language_model import export_contexts
from nertagger.features.contextual import contextual_inputs
from nertagger.features.vocabulary import Vocabulary
from nertagger.modelfile.graphs import check_graph
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import DIRECTIONS, Layer, Member, NetworkGraph, Tensor, VocabularyKey, tensor_name
from nertagger.modelfile.tensors import below
from nertagger.modelfile.writer import compact_json_member
from nertagger.network.language_model import CONTEXT_SCALE
from nertagger.runtime.batching import length_batches
from nertagger.runtime.language_model.contexts import ContextEncoder, Contexts
from nertagger.runtime.language_model.model import LanguageModel
from nertagger.training.loop.weights import Weights

_TOKENS_PER_RUN = 1024
_READER = f"/{Layer.READER}/"  # in the names of the weights that read, where a tagger's have nothing

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Language:
    """A character language model of both directions.

    Attributes:
        config: its settings.
        symbols: its V symbols.
        weights: the weights of its embeddings and recurrent layers by direction and name: ``forward/layer0/kernel``.
    """

    config: LanguageModelConfig
    symbols: Vocabulary
    weights: Weights

    @property
    def width(self) -> int:
        """Return the width of the states of both directions together."""
        return 2 * self.config.units

    def graph(self, weights: Weights) -> bytes:
        """Return the graph of a tagger's contextual embeddings, with the fine-tuned weights among `weights` if any."""
        tuned = below(weights, Layer.CONTEXT)
        return export_contexts(self.config, tuned or self.weights, scale=CONTEXT_SCALE)

    def encoder(self) -> ContextEncoder:
        """Return an encoder with its own weights, as a tagger runs it."""
        vocabulary = compact_json_member({VocabularyKey.CONTEXT: self.symbols.items})
        members = {Member.VOCABULARY: vocabulary, Member.CONTEXT: self.graph({})}
        return ContextEncoder(ModelFile.in_memory(members, name="the language model"))


def load_language(path: str) -> Language:
    """Load the language model in a file, for features.

    Raises:
        ModelFileError: if it cannot be read.
        ConfigError: if it is not one of characters in both directions.
    """
    model = LanguageModel.load(path)
    if model.level != "characters" or model.directions != DIRECTIONS:
        raise ConfigError(
            f"features.language_model: {path} is a model of {model.level}, {' and '.join(model.directions)}; "
            "expected one of characters in both directions"
        )
    config = LanguageModelConfig.from_stored(model.model.text(Member.CONFIG), source=f"{path}: {Member.CONFIG}")
    weights = {n.replace(_READER, "/"): np.array(w) for n, w in model.model.tensors.items() if _READER in n}
    language = Language(config, model.symbols, weights)
    _check_weights(language, model.model)
    return language


def _check_weights(language: Language, model: ModelFile) -> None:
    """Raise ModelFileError if the weights in a file are not those of the network that its settings describe."""
    shape = (len(language.symbols), language.config.size)
    tables = [language.weights.get(tensor_name(name, Layer.TABLE, Tensor.EMBEDDINGS)) for name in DIRECTIONS]
    if any(table is None or table.shape != shape for table in tables):
        raise model.error(f"{Member.WEIGHTS} lacks the tables of shape {shape} that {Member.CONFIG} describes")
    try:
        check_graph(memoryview(language.graph({})))
    except (KeyError, IndexError, TypeError, ValueError, onnx.checker.ValidationError) as error:
        problem = f"{error}".splitlines()[:1] or [""]
        raise model.error(f"{Member.WEIGHTS} does not fit {Member.CONFIG}: {problem[0]}") from None


class ContextStore(Protocol):
    """Inputs from the language model for batches of sentences, which are given by their numbers."""

    def add(self, sentences: Sequence[Sequence[str]]) -> None:
        """Give these sentences, none of them empty, the next numbers."""

    def __call__(self, members: Sequence[int], lowered: Sequence[bool]) -> dict[str, np.ndarray]:
        """Return the arrays for a batch; `lowered` says for each sentence whether it is in lower case."""


class FineTunedSource:
    """The inputs of a language model that is fine-tuned."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._forms: list[list[Sequence[str]]] = [[], []]

    def add(self, sentences: Sequence[Sequence[str]]) -> None:
        """See `ContextStore`."""
        for known, form in zip(self._forms, _forms(sentences), strict=True):
            known.extend(form)

    def __call__(self, members: Sequence[int], lowered: Sequence[bool]) -> dict[str, np.ndarray]:
        """See `ContextStore`."""
        words = [self._forms[lower][i] for i, lower in zip(members, lowered, strict=True)]
        return contextual_inputs(words, self._language.symbols)


class FrozenSource:
    """States that are computed once, by a frozen language model.

    Args:
        contexts: computes them.
        lower_case: whether any sentence is needed in lower case.
    """

    def __init__(self, contexts: Contexts, *, lower_case: bool) -> None:
        self._contexts = contexts
        self._states: list[list[np.ndarray]] = [[], []] if lower_case else [[]]

    def add(self, sentences: Sequence[Sequence[str]]) -> None:
        """See `ContextStore`."""
        for known, form in zip(self._states, _forms(sentences), strict=False):
            known.extend(compute_states(self._contexts, form))

    def __call__(self, members: Sequence[int], lowered: Sequence[bool]) -> dict[str, np.ndarray]:
        """See `ContextStore`."""
        return {
            NetworkGraph.CONTEXT: _padded([self._states[lower][i] for i, lower in zip(members, lowered, strict=True)])
        }


def _forms(sentences: Sequence[Sequence[str]]) -> tuple[Sequence[Sequence[str]], Sequence[Sequence[str]]]:
    """Return the sentences as they are, and in lower case."""
    return sentences, [[word.lower() for word in words] for words in sentences]


def compute_states(
    contexts: Contexts, sentences: Sequence[Sequence[str]], *, progress: Progress | None = None
) -> list[np.ndarray]:
    """Return the states of each sentence, float16 (T, D), since they are between -1 and 1.

    Args:
        contexts: computes them.
        sentences: none of them empty.
        progress: called with the number of tokens done.
    """
    lengths = np.fromiter(map(len, sentences), np.int64, len(sentences))
    found: list[np.ndarray] = [np.zeros((0, 0))] * len(sentences)
    done = 0
    for members in length_batches(lengths, budget=_TOKENS_PER_RUN):
        states = contexts([sentences[i] for i in members.tolist()])
        for column, i in enumerate(members.tolist()):
            found[i] = states[: lengths[i], column].astype(np.float16)
        done += int(lengths[members].sum())
        if progress is not None:
            progress(done)
    return found


class RememberedContexts:
    """States of sentences that are tagged repeatedly, computed once each."""

    def __init__(self, contexts: Contexts) -> None:
        self._contexts = contexts
        self._states: dict[tuple[str, ...], np.ndarray] = {}

    def __call__(self, sentences: Sequence[Sequence[str]]) -> np.ndarray:
        """See `Contexts`."""
        keys = [tuple(words) for words in sentences]
        if not all(key in self._states for key in keys):
            self._states.update(_by_sentence(keys, self._contexts(sentences)))
        return _padded([self._states[key] for key in keys])


def _by_sentence(keys: Sequence[tuple[str, ...]], states: np.ndarray) -> Iterator[tuple[tuple[str, ...], np.ndarray]]:
    for column, key in enumerate(keys):
        yield key, states[: len(key), column].copy()


def _padded(states: Sequence[np.ndarray]) -> np.ndarray:
    """Return states (T, D) of B sentences as one batch, float32 (T, B, D), zeros after the end of a sentence."""
    batch = np.zeros((max(map(len, states)), len(states), states[0].shape[1]), np.float32)
    for column, one in enumerate(states):
        batch[: len(one), column] = one
    return batch
