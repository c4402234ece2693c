"""Text made up by a language model: one symbol after the other, each drawn from the softmax of those before."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nertagger.errors import NerTaggerError
from nertagger.features.symbols import END_ID, Line, encode_lines
from nertagger.features.vocabulary import UNKNOWN
from nertagger.modelfile.schema import BACKWARD
from nertagger.runtime.language_model.model import LanguageModel

UNKNOWN_SYMBOL = "\N{REPLACEMENT CHARACTER}"


def sample(
    model: LanguageModel,
    generator: np.random.Generator,
    *,
    start: Line = "",
    temperature: float = 1.0,
    top_k: int = 0,
    length: int = 200,
    unknown: bool = False,
    direction: str = "",
) -> list[str]:
    """A line of at most `length` symbols, those of `start` included, up to its end.

    Args:
        model: what draws.
        generator: the source of chance; the same state gives the same line.
        start: how the line begins; of a backward model, how it ends.
        temperature: what scores are divided by: below 1 for the probable, above 1 for the rare.
        top_k: draw among the k most probable symbols; 0 among all.
        length: the most symbols.
        unknown: whether the unknown symbol may be drawn, as `UNKNOWN_SYMBOL`.
        direction: ``forward`` or ``backward``; "" for the first that the model has.

    Raises:
        NerTaggerError: if temperature, top_k or length are out of their bounds.
    """
    if not temperature > 0 or top_k < 0 or length < 1:
        raise NerTaggerError(
            f"got temperature {temperature}, top_k {top_k} and length {length}, expected more than 0, from 0 and from 1"
        )
    network = model.steps(direction)
    is_backward = network.name == BACKWARD
    line = list(start)[-length:] if is_backward else list(start)[:length]
    given = line[::-1] if is_backward else line
    ids = np.array([END_ID, *encode_lines([given], model.symbols)[:-1]], np.int32)
    state = network.start(1)
    drawn: list[str] = []
    while len(line) + len(drawn) < length:
        log_probabilities, state = network.read(ids[:, None], state)
        number = draw(log_probabilities[-1, 0], generator, temperature=temperature, top_k=top_k, unknown=unknown)
        if number == END_ID:
            break
        drawn.append(model.symbols.items[number - 1] if number != UNKNOWN else UNKNOWN_SYMBOL)
        ids = np.array([number], np.int32)
    return drawn[::-1] + line if is_backward else line + drawn


def samples(model: LanguageModel, *, seed: int, count: int, **options: object) -> Iterator[str]:
    """`count` lines as text, from one seed; options as for `sample`."""
    generator = np.random.default_rng(seed)
    for _ in range(count):
        line = sample(model, generator, **options)  # type: ignore[arg-type]
        yield (" " if model.level == "words" else "").join(line)


def draw(
    log_probabilities: np.ndarray, generator: np.random.Generator, *, temperature: float, top_k: int, unknown: bool
) -> int:
    """An id drawn from ``softmax(log_probabilities / temperature)``, (V,), over the `top_k` most probable ids."""
    scores = log_probabilities.astype(np.float64) / temperature
    if not unknown:
        scores[UNKNOWN] = -np.inf
    if 0 < top_k < len(scores):
        kept = np.argsort(-scores, kind="stable")[:top_k]
        scores[np.setdiff1d(np.arange(len(scores)), kept)] = -np.inf
    probabilities = np.exp(scores - scores.max())
    return int(generator.choice(len(scores), p=probabilities / probabilities.sum()))
