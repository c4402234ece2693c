"""From emissions to entities with their confidence, for each kind of output layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from nertagger.runtime.decoding import Spans, Transitions, forward_backward, viterbi
from nertagger.runtime.model_file import ModelFile
from nertagger.text.document import Span
from nertagger.text.schemes import OUTSIDE, read_spans


class Prediction(NamedTuple):
    """An entity of a sentence and the model's probability that exactly these tokens are an entity of this label."""

    span: Span
    confidence: float


def read_tags(vocabulary: dict[str, object], model: ModelFile) -> tuple[str, ...]:
    """The K tags of a vocabulary.

    Raises:
        ModelFileError: if they are not distinct BIOES tags, ``O`` first.
    """
    tags = vocabulary.get("tags")
    if not isinstance(tags, list) or not tags or tags[0] != OUTSIDE or len(set(map(str, tags))) != len(tags):
        raise model.error(f"vocabulary.json has the tags {str(tags)[:60]}, expected distinct BIOES tags, O first")
    for tag in tags:
        if not isinstance(tag, str) or (tag != OUTSIDE and (tag[:2] not in {"B-", "I-", "E-", "S-"} or not tag[2:])):
            raise model.error(f"vocabulary.json has the tag {tag!r}, expected O or one of B- I- E- S- and a label")
    return tuple(tags)


class Output(Protocol):
    """The output layer's part in decoding a batch of emissions (T, B, K) with lengths (B,)."""

    def paths(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """The best tag sequence of each sentence, (T, B)."""

    def posteriors(
        self, emissions: np.ndarray, lengths: np.ndarray, paths: np.ndarray, spans: Sequence[Sequence[Span]]
    ) -> np.ndarray:
        """The probability of each span of each sentence, in order, (N,)."""


class Decoder:
    """From emissions (T, B, K) and lengths (B,) to each sentence's entities, with their probabilities or without."""

    def __init__(self, output: Output, tags: Sequence[str]) -> None:
        self._output, self._tags = output, tags

    def spans(self, emissions: np.ndarray, lengths: np.ndarray) -> list[list[Span]]:
        """The entities of the best tag sequences, in a third of the time that `predictions` takes."""
        return _spans_of_paths(self._output.paths(emissions, lengths), lengths, self._tags)

    def predictions(self, emissions: np.ndarray, lengths: np.ndarray) -> list[list[Prediction]]:
        """The entities of the best tag sequences, each with its exact posterior."""
        paths = self._output.paths(emissions, lengths)
        spans = _spans_of_paths(paths, lengths, self._tags)
        posteriors = iter(self._output.posteriors(emissions, lengths, paths, spans).tolist())
        return [[Prediction(span, next(posteriors)) for span in found] for found in spans]


def open_decoder(model: ModelFile, vocabulary: dict[str, object], tags: Sequence[str]) -> Decoder:
    """The decoder of a model with these K tags.

    Raises:
        ModelFileError: if the output is of no known kind, or the CRF's numbers are not those of K tags.
    """
    output = vocabulary.get("output")
    if output == "softmax":
        return Decoder(SoftmaxOutput(), tags)
    if output != "crf":
        raise model.error(f"vocabulary.json has the output {output!r}, expected crf or softmax")
    K = len(tags)
    numbers = []
    for name, shape in (("crf/transitions", (K, K)), ("crf/start", (K,)), ("crf/end", (K,))):
        tensor = model.tensors.get(name)
        if tensor is None or tensor.shape != shape or tensor.dtype != np.float32 or not np.isfinite(tensor).all():
            got = "missing" if tensor is None else f"{tensor.dtype} of shape {tensor.shape}"
            raise model.error(f"weights.safetensors: {name} is {got}, expected finite float32 of shape {shape}")
        numbers.append(tensor)
    return Decoder(CrfOutput(Transitions.masked(tags, *numbers)), tags)


class CrfOutput:
    """Tag sequences scored as a whole; a span's probability is its posterior, summed over all that stands around."""

    def __init__(self, transitions: Transitions) -> None:
        self._transitions = transitions

    def paths(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        return viterbi(emissions, lengths, self._transitions)

    def posteriors(
        self, emissions: np.ndarray, lengths: np.ndarray, paths: np.ndarray, spans: Sequence[Sequence[Span]]
    ) -> np.ndarray:
        busy = [b for b, found in enumerate(spans) if found]  # the sums are only needed where there is an entity
        if not busy:
            return np.zeros(0)
        lattice = forward_backward(emissions[:, busy], lengths[busy], self._transitions)
        columns = _columns([spans[b] for b in busy])
        return lattice.span_posteriors(paths[: lengths[busy].max(), busy], columns)


class SoftmaxOutput:
    """A tag for each token by itself; sequences that are not proper are read by conlleval's rules.

    Tokens are independent here, so the probability that exactly these tags stand at an entity's tokens is the product
    of theirs. Emissions are log-probabilities.
    """

    def paths(self, emissions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        paths: np.ndarray = emissions.argmax(axis=-1)
        return paths

    def posteriors(
        self, emissions: np.ndarray, lengths: np.ndarray, paths: np.ndarray, spans: Sequence[Sequence[Span]]
    ) -> np.ndarray:
        best = np.take_along_axis(emissions, paths[..., None], axis=-1)[..., 0].astype(np.float64)  # (T, B)
        best[np.arange(len(best))[:, None] >= lengths] = 0  # padding may hold anything
        sums = np.vstack([np.zeros(best.shape[1]), best.cumsum(axis=0)])
        sentences, firsts, lasts = _columns(spans)
        posteriors: np.ndarray = np.exp(sums[lasts + 1, sentences] - sums[firsts, sentences])
        return posteriors


def _spans_of_paths(paths: np.ndarray, lengths: np.ndarray, tags: Sequence[str]) -> list[list[Span]]:
    spans = []
    for path, length in zip(paths.T, lengths.tolist(), strict=True):
        inside = path[:length]
        spans.append(read_spans([tags[k] for k in inside.tolist()]) if inside.any() else [])
    return spans


def _columns(spans: Sequence[Sequence[Span]]) -> Spans:
    rows = [(b, span.first, span.stop - 1) for b, found in enumerate(spans) for span in found]
    return Spans(*np.array(rows, dtype=np.intp).reshape(-1, 3).T)
