"""Sampling from a language model: one symbol after another, each drawn from the softmax given those before."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nertagger.errors import DataError
from nertagger.features.symbols import END_ID, Line, encode_lines
from nertagger.features.vocabulary import UNKNOWN
from nertagger.modelfile.schema import BACKWARD
from nertagger.runtime.language_model.model import LanguageModel
from nertagger.text.arguments import check_whole

UNKNOWN_SYMBOL = "\N{REPLACEMENT CHARACTER}"


def sample(
    model: LanguageModel,
    rng: np.random.Generator,
    *,
    start: Line = "",
    temperature: float = 1.0,
    top_k: int = 0,
    length: int = 200,
    unknown: bool = False,
    direction: str = "",
) -> list[str]:
    """Return a sampled line of at most `length` symbols, including those of `start`.

    Args:
        model: the language model.
        rng: the random number generator; the same state gives the same line.
        start: how the line begins; for a backward model, how it ends.
        temperature: the divisor of the scores; less than 1 favours probable symbols, more than 1 rare ones.
        top_k: sample from the k most probable symbols; 0 for all.
        length: the greatest number of symbols.
        unknown: whether the unknown symbol may be drawn, as `UNKNOWN_SYMBOL`.
        direction: ``forward`` or ``backward``; "" for the first that the model has.

    Raises:
        DataError: if `temperature`, `top_k` or `length` is out of bounds.
        NerTaggerError: if the model lacks the direction.
    """
    if not 0 < temperature < np.inf:
        raise DataError(f"temperature: got {temperature}, expected a finite number above 0; top_k 1 draws the best")
    check_whole("top_k", top_k, least=0)
    check_whole("length", length, least=1)
    network = model.network(direction)
    is_backward = network.name == BACKWARD
    line = list(start)[-length:] if is_backward else list(start)[:length]
    given = line[::-1] if is_backward else line
    ids = np.array([END_ID, *encode_lines([given], model.symbols)[:-1]], np.int32)
    state = network.start(1)
    drawn: list[str] = []
    while len(line) + len(drawn) < length:
        log_probabilities, state = network.read(ids[:, None], state)
        number = draw(log_probabilities[-1, 0], rng, temperature=temperature, top_k=top_k, unknown=unknown)
        if number == END_ID:
            break
        drawn.append(model.symbols.items[number - 1] if number != UNKNOWN else UNKNOWN_SYMBOL)
        ids = np.array([number], np.int32)
    return drawn[::-1] + line if is_backward else line + drawn


def samples(model: LanguageModel, *, seed: int, count: int, **options: object) -> Iterator[str]:
    """Yield `count` sampled lines as text, from one seed; options as for `sample`."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        line = sample(model, rng, **options)  # type: ignore[arg-type]
        yield (" " if model.level == "words" else "").join(line)


def draw(
    log_probabilities: np.ndarray, rng: np.random.Generator, *, temperature: float, top_k: int, unknown: bool
) -> int:
    """Return an id drawn from ``softmax(log_probabilities / temperature)``, (V,), among the `top_k` most probable."""
    scores = log_probabilities.astype(np.float64)
    if not unknown:
        scores[UNKNOWN] = -np.inf
    if 0 < top_k < len(scores):
        kept = np.argsort(-scores, kind="stable")[:top_k]
        scores[np.setdiff1d(np.arange(len(scores)), kept)] = -np.inf
    with np.errstate(over="ignore"):  # at a temperature near 0, only the most probable symbols are left
        probabilities = np.exp((scores - scores.max()) / temperature)
    return int(rng.choice(len(scores), p=probabilities / probabilities.sum()))
