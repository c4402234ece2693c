"""How much more, or less, likely every entity must be taken to be, for the best F1 on the dev split.

A tagger that is trained on likelihood finds too few entities where the training text has fewer of them than the text to
be tagged, or where annotators left some out. One number for each label, added to the score of each of its entities,
sets that right (Minkov et al. 2006, "NER systems that suit user's preferences"). At the best F1, an entity is worth
finding if it is right more often than F1 / 2 (Lipton et al. 2014). Numbers that fit a small dev split alone would do
harm, so one number for all labels is taken only if what it gains is 1.5 times its standard error, and another one for a
label, of which there are many to choose from, only if it is 2.5 times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from nertagger.runtime.engine import Emissions
from nertagger.runtime.predictions import Decoder
from nertagger.text.document import Span

_VALUES = (-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5)  # nats
_ERRORS, _ERRORS_OF_LABEL = 1.5, 2.5
Biases = tuple[float, ...]


class Reading(NamedTuple):
    """The entities found with some biases, and how many are right.

    Attributes:
        biases: L numbers, one a label, in nats.
        spans: of each of N sentences.
        found, correct: (N,) how many in each sentence.
    """

    biases: Biases
    spans: list[list[Span]]
    found: np.ndarray
    correct: np.ndarray


def bias_directions(tags: Sequence[str], labels: Sequence[str], *, crf: bool) -> np.ndarray:
    """What one nat for a label's entities is for each of K BIOES tags, float32 (L, K).

    In a sequence that is scored as a whole each entity has one B or S. Where each token is tagged by itself, all of an
    entity's tokens must be favoured, or it would lose its inside.
    """
    prefixes = "BS" if crf else "BIES"
    return np.array([[tag[0] in prefixes and tag[2:] == label for tag in tags] for label in labels], dtype=np.float32)


def describe_bias(biases: Mapping[str, float]) -> str:
    """Words for the biases in nats, empty if there is none.

    >>> describe_bias({"LOC": 0.5, "ORG": 0.0, "PER": -1.0})
    'entity scores LOC +0.5, PER -1 nats'
    """
    parts = [f"{label} {bias:+g}" for label, bias in biases.items() if bias]
    return f"entity scores {', '.join(parts)} nats" if parts else ""


class BiasSearch:
    """Looks for the biases under which the dev split's entities are found best.

    Args:
        decoder: of the network that is judged.
        emissions: what it says of the dev sentences.
        gold: the entities of each of N sentences.
        directions: see `bias_directions`.
    """

    def __init__(
        self, decoder: Decoder, emissions: Sequence[Emissions], gold: Sequence[set[Span]], directions: np.ndarray
    ) -> None:
        self._decoder, self._emissions, self._gold, self._directions = decoder, emissions, gold, directions

    def none(self) -> Reading:
        """What is found without any bias."""
        return self._read((0.0,) * len(self._directions))

    def common(self, start: Reading) -> Reading:
        """The best reading with one bias for all labels."""
        labels = len(start.biases)
        return self._best(start, [(value,) * labels for value in _VALUES], errors=_ERRORS)

    def by_label(self, start: Reading) -> Reading:
        """The best reading that changes one label after the other."""
        best = start
        for label in range(len(start.biases)):
            before, after = best.biases[:label], best.biases[label + 1 :]
            best = self._best(best, [(*before, value, *after) for value in _VALUES], errors=_ERRORS_OF_LABEL)
        return best

    def _best(self, start: Reading, line: Sequence[Biases], *, errors: float) -> Reading:
        """The reading with the best F1 on a line of rising biases that is better than `start` by so many errors."""
        candidates = [reading for reading in self._along(line) if self._gain(reading, start) > errors]
        return max(candidates, key=self._f1, default=start)

    def _along(self, line: Sequence[Biases]) -> list[Reading]:
        """The readings on a line of rising biases.

        The number of entities rises with them. A sentence with the same entities at both ends has them in between too:
        no other reading gains more than this one does. So only the others are read in between.
        """
        lowest, highest = self._read(line[0]), self._read(line[-1])
        unequal = np.array([a != b for a, b in zip(lowest.spans, highest.spans, strict=True)], dtype=bool)
        return [lowest, *(self._read(biases, only=unequal, rest=lowest) for biases in line[1:-1]), highest]

    def _read(self, biases: Biases, *, only: np.ndarray | None = None, rest: Reading | None = None) -> Reading:
        """What is found with these biases; of sentences outside `only`, (N,) bool, what `rest` has."""
        sentences = len(self._gold)
        spans = [list[Span]()] * sentences if rest is None else rest.spans.copy()
        shift = np.array(biases, dtype=np.float32) @ self._directions  # (K,)
        for numbers, scores, lengths in self._emissions:
            columns = np.arange(len(numbers)) if only is None else np.flatnonzero(only[numbers])
            if len(columns):
                few = lengths[columns]
                found = self._decoder.spans(scores[: few.max(), columns] + shift, few)
                for sentence, here in zip(numbers[columns].tolist(), found, strict=True):
                    spans[sentence] = here
        correct = [len(gold.intersection(found)) for gold, found in zip(self._gold, spans, strict=True)]
        return Reading(biases, spans, np.array([len(found) for found in spans]), np.array(correct))

    def _f1(self, reading: Reading) -> float:
        return 2 * float(reading.correct.sum()) / max(self._gold_size + float(reading.found.sum()), 1.0)

    @property
    def _gold_size(self) -> int:
        return sum(map(len, self._gold))

    def _gain(self, reading: Reading, before: Reading) -> float:
        """The gain in F1, in its standard errors, sentences being independent; 0 if nothing changes."""
        f1 = self._f1(before)
        gains = 2 * (reading.correct - before.correct) - f1 * (reading.found - before.found)  # (N,), times gold + found
        error = float(np.sqrt(np.square(gains).sum()))
        return float(gains.sum()) / error if error else 0.0
