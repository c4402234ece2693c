"""A language model as features of a tagger in training: frozen, its states computed once, or fine-tuned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import onnx

from nertagger.config.language_model import DIRECTIONS, LanguageModelConfig
from nertagger.errors import ConfigError
from nertagger.export.language_model import export_contexts
from nertagger.features.contextual import contextual_inputs
from nertagger.features.vocabulary import Vocabulary
from nertagger.modelfile.graphs import check_graph
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Layer, Member, NetworkGraph, Tensor, VocabularyKey, tensor_name
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
        config: what it is.
        symbols: its V ids.
        weights: of what reads in it, by direction and name, such as ``forward/layer0/kernel``.
    """

    config: LanguageModelConfig
    symbols: Vocabulary
    weights: Weights

    @property
    def width(self) -> int:
        """The width of its states, both directions together."""
        return 2 * self.config.units

    def graph(self, weights: Weights) -> bytes:
        """The graph of a tagger with this language model; fine-tuned weights, if there are, are below ``context/``."""
        tuned = below(weights, Layer.CONTEXT)
        return export_contexts(self.config, tuned or self.weights, scale=CONTEXT_SCALE)

    def encoder(self) -> ContextEncoder:
        """What gives the states of its own weights, as a tagger would run it."""
        vocabulary = compact_json_member({VocabularyKey.CONTEXT: self.symbols.items})
        members = {Member.VOCABULARY: vocabulary, Member.CONTEXT: self.graph({})}
        return ContextEncoder(ModelFile.in_memory(members, name="the language model"))


def load_language(path: str) -> Language:
    """The language model in a file, for features.

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
    """Raises ModelFileError if the weights in a file are not those of the network that its settings describe."""
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
    """What a run's batches get of the language model, of sentences by their numbers."""

    def add(self, sentences: Sequence[Sequence[str]]) -> None:
        """Give these sentences the next numbers; none of them is empty."""

    def __call__(self, members: Sequence[int], lowered: Sequence[bool]) -> dict[str, np.ndarray]:
        """A batch's arrays of context; `lowered` says of each sentence whether it comes in lower case."""


class FineTunedSource:
    """What a language model that is trained too reads."""

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
    """States that are computed once.

    Args:
        contexts: what computes them.
        lower_case: whether any sentence is asked for in lower case.
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
    """The sentences as they are, and in lower case."""
    return sentences, [[word.lower() for word in words] for words in sentences]


def compute_states(
    contexts: Contexts, sentences: Sequence[Sequence[str]], *, progress: Progress | None = None
) -> list[np.ndarray]:
    """The states of each sentence, float16 (T, D): they are within -1 and 1, and half precision is fine enough.

    Args:
        contexts: what computes them.
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
    """The states of sentences that are tagged again and again, each computed once."""

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
    """States (T, D) of B sentences as one batch, float32 (T, B, D), zeros behind a sentence's end."""
    batch = np.zeros((max(map(len, states)), len(states), states[0].shape[1]), np.float32)
    for column, one in enumerate(states):
        batch[: len(one), column] = one
    return batch
