"""The entity bias: numbers added to the scores of the entities of each label, for the best F1 on the dev split.

A tagger that is trained on likelihood finds too few entities if the training text has fewer of them than the text to be
tagged, or if annotators missed some. A bias for each label, added to the score of each of its entities, corrects this
(Minkov et al. 2006, "NER systems that suit user's preferences"). At the best F1, an entity is worth predicting if it is
correct with a probability above F1 / 2 (Lipton et al. 2014). To avoid overfitting a small dev split, a common bias of
all labels is accepted only if its gain is at least 1.5 times its standard error, and one of a single label, as there
are many labels to choose from, only if its gain is 2.5 times.

Only sentences whose entities a bias can change are decoded again, and the biases of a label are first tried on the
sentences with errors in this label, so that the time does not grow with the square of the number of labels.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from nertagger.decoding.predictions import Decoder
from nertagger.runtime.engine import Emissions
from nertagger.text.document import Span

logger = logging.getLogger(__name__)
_VALUES = (-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5)  # nats
_ERRORS, _ERRORS_OF_LABEL = 1.5, 2.5
_WRONG = 7  # sentences: any gain in fewer is below 2.5 standard errors
_DECODINGS = 50  # how many times the dev split may be decoded for the biases of labels
_ROUNDING, _SAME = 0.01, 1e-9  # nats: tolerance of changes; the difference below which scores are equal
Biases = tuple[float, ...]


class BiasOutcome(NamedTuple):
    """The predicted entities under some biases, and how many are correct.

    Attributes:
        biases: L numbers, one per label, in nats.
        spans: the spans of each of N sentences.
        found, correct: (N,) the numbers of predicted and of correct entities in each sentence.
    """

    biases: Biases
    spans: list[list[Span]]
    found: np.ndarray
    correct: np.ndarray


def bias_directions(tags: Sequence[str], labels: Sequence[str], *, crf: bool) -> np.ndarray:
    """Return what is added to the score of each of K BIOES tags per nat of a label's bias, float32 (L, K).

    A CRF scores whole sequences, in which each entity has one B or S. A softmax tags each token by itself, so that the
    bias must be added to all tokens of an entity.
    """
    prefixes = "BS" if crf else "BIES"
    return np.array([[tag[0] in prefixes and tag[2:] == label for tag in tags] for label in labels], dtype=np.float32)


def describe_bias(biases: Mapping[str, float]) -> str:
    """Return a description of the biases, in nats; empty if all are zero.

    >>> describe_bias({"LOC": 0.5, "ORG": 0.0, "PER": -1.0})
    'entity scores LOC +0.5, PER -1 nats'
    """
    parts = [f"{label} {bias:+g}" for label, bias in biases.items() if bias]
    return f"entity scores {', '.join(parts)} nats" if parts else ""


class _Reach(NamedTuple):
    """The sentences of an outcome that the bias of a label may change, (N, L) each.

    Attributes:
        present: whether an entity of the label is predicted in the sentence.
        lost: how much lower than the best score that with one more entity of the label is, in nats.
        wrong: whether the predicted entities of the label differ from the gold ones.
    """

    present: np.ndarray
    lost: np.ndarray
    wrong: np.ndarray

    def changed(self, label: int, rise: float) -> np.ndarray:
        """Return the sentences, bool (N,), that a change of a label's bias by `rise` nats may change.

        Pairs of additional entities of which each alone lowers the score are not considered.
        """
        column = self.lost[:, label] <= rise + _ROUNDING if rise > 0 else self.present[:, label]
        changes: np.ndarray = column
        return changes


class BiasSearch:
    """Searches for the biases with the best F1 on the dev split.

    Args:
        decoder: the decoder of the network that is scored.
        emissions: the emissions of the dev sentences.
        gold: the entities of each of N sentences.
        labels: the L labels.
        directions: see `bias_directions`.
    """

    def __init__(
        self,
        decoder: Decoder,
        emissions: Sequence[Emissions],
        gold: Sequence[set[Span]],
        labels: Sequence[str],
        directions: np.ndarray,
    ) -> None:
        self._decoder, self._emissions, self._gold, self._directions = decoder, emissions, gold, directions
        self._gold_size = sum(map(len, gold))
        self._numbers = {label: number for number, label in enumerate(labels)}
        self._tokens_read = 0

    def none(self) -> BiasOutcome:
        """Return the outcome without any bias."""
        nothing = np.zeros(len(self._gold), dtype=np.intp)
        empty = BiasOutcome((0.0,) * len(self._directions), [[]] * len(self._gold), nothing, nothing)
        return self._read(empty.biases, np.ones(len(self._gold), dtype=bool), empty)

    def common(self, start: BiasOutcome) -> BiasOutcome:
        """Return the best outcome with one bias for all labels; `start` has equal biases too."""
        is_busy = start.found > 0
        line = [(value,) * len(start.biases) for value in _VALUES]
        outcomes = self._along(line, start, lower=is_busy, higher=np.ones(len(self._gold), dtype=bool))
        return self._best(start, outcomes, errors=_ERRORS)

    def by_label(self, start: BiasOutcome, *, report: Callable[[int, int], None] | None = None) -> BiasOutcome:
        """Return the best outcome when the biases of the labels are changed one after another.

        Args:
            start: the outcome to begin with.
            report: called with the number of labels done, and of all.
        """
        best, reach = start, self._reach(start)
        labels = len(start.biases)
        most = self._tokens_read + _DECODINGS * sum(int(lengths.sum()) for _, _, lengths in self._emissions)
        for label in range(labels):
            if self._tokens_read > most:
                logger.warning("entity bias: the search was ended after %d of %d labels", label, labels)
                break
            found = self._of_label(label, best, reach)
            reach = reach if found is best else self._reach(found)
            best = found
            if report is not None:
                report(label + 1, labels)
        return best

    def _of_label(self, label: int, start: BiasOutcome, reach: _Reach) -> BiasOutcome:
        """Return the best outcome with another bias for one label.

        Only sentences with errors in the label can gain from another bias: these are decoded first, with all values,
        and the others only with values whose gain is large enough.
        """
        wrong = reach.wrong[:, label]
        if wrong.sum() < _WRONG:
            return start
        line = [(*start.biases[:label], value, *start.biases[label + 1 :]) for value in _VALUES]
        changed = [reach.changed(label, value - start.biases[label]) for value in _VALUES]
        upper_bounds = self._along(line, start, lower=wrong & changed[0], higher=wrong & changed[-1])
        if self._best(start, upper_bounds, errors=_ERRORS_OF_LABEL) is start:
            return start
        here = line.index(start.biases)
        others = [only & ~wrong for only in changed]
        found = [
            *self._completed(start, upper_bounds[:here][::-1], others[:here][::-1]),
            *self._completed(start, upper_bounds[here + 1 :], others[here + 1 :]),
        ]
        best = self._best(start, found, errors=_ERRORS_OF_LABEL)
        exact = self._read(best.biases, np.ones_like(wrong), best)
        return self._best(start, [exact], errors=_ERRORS_OF_LABEL)

    def _completed(
        self, start: BiasOutcome, outcomes: Sequence[BiasOutcome], others: Sequence[np.ndarray]
    ) -> Iterator[BiasOutcome]:
        """Yield outcomes with biases ever further from `start`, after decoding the `others`, bool (N,), of each.

        They end where the others have lost as much as the rest of the outcomes may gain: their loss only grows.
        """
        gains = [self._gains(outcome, start).sum() for outcome in outcomes]
        for number, (outcome, only) in enumerate(zip(outcomes, others, strict=True)):
            whole = self._read(outcome.biases, only, outcome)
            yield whole
            lost = self._gains(whole, start).sum() - gains[number]
            if max(gains[number + 1 :], default=0.0) + lost <= 0:
                return

    def _best(self, start: BiasOutcome, outcomes: Sequence[BiasOutcome], *, errors: float) -> BiasOutcome:
        """Return the outcome with the best F1 among those better than `start` by this many standard errors."""
        return max((r for r in outcomes if self._gain(r, start) > errors), key=self._f1, default=start)

    def _along(
        self, line: Sequence[Biases], start: BiasOutcome, *, lower: np.ndarray, higher: np.ndarray
    ) -> list[BiasOutcome]:
        """Return the outcomes with biases in rising order.

        Args:
            line: the biases.
            start: the outcome with one of them.
            lower, higher: bool (N,), the sentences that lower and higher biases may change.
        """
        here, last = line.index(start.biases), len(line) - 1
        outcomes = {here: start}
        if here > 0:
            outcomes[0] = self._read(line[0], lower, start)
            self._fill(0, here, line, outcomes)
        if here < last:
            outcomes[last] = self._read(line[last], higher, start)
            self._fill(here, last, line, outcomes)
        return [outcomes[number] for number in range(len(line))]

    def _fill(self, low: int, high: int, line: Sequence[Biases], outcomes: dict[int, BiasOutcome]) -> None:
        """Add the outcomes with biases between two others.

        The number of entities rises with the bias. A sentence with the same entities at both ends has them in between
        too, because no other sequence gains more, so that only the other sentences are decoded.
        """
        middle = (low + high) // 2
        if middle == low:
            return
        ends = outcomes[low], outcomes[high]
        unequal = np.array([a != b for a, b in zip(*(end.spans for end in ends), strict=True)], dtype=bool)
        outcomes[middle] = self._read(line[middle], unequal, ends[0])
        self._fill(low, middle, line, outcomes)
        self._fill(middle, high, line, outcomes)

    def _reach(self, outcome: BiasOutcome) -> _Reach:
        """Return the sentences of an outcome that the bias of each label may change."""
        shape = len(self._gold), len(self._directions)
        reach = _Reach(np.zeros(shape, dtype=bool), np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=bool))
        for number, (gold, spans) in enumerate(zip(self._gold, outcome.spans, strict=True)):
            for label, _, _ in spans:
                reach.present[number, self._numbers[label]] = True
            for label, _, _ in gold.symmetric_difference(spans):
                if label in self._numbers:  # the dev split may have labels that the training split lacks
                    reach.wrong[number, self._numbers[label]] = True
        for numbers, scores, lengths in self._emissions:
            self._tokens_read += 2 * int(lengths.sum())
            losses = self._decoder.losses(scores + self._shift(outcome.biases), lengths)
            losses = np.where(losses > _SAME, losses, np.inf).min(axis=0)  # (B, K), without the best sequence itself
            for row, favoured in enumerate(self._directions > 0):
                reach.lost[numbers, row] = losses[:, favoured].min(axis=-1)
        return reach

    def _read(self, biases: Biases, only: np.ndarray, rest: BiasOutcome) -> BiasOutcome:
        """Return the outcome with these biases: sentences in `only`, bool (N,), decoded, and others as in `rest`."""
        spans, found, correct = rest.spans.copy(), rest.found.copy(), rest.correct.copy()
        for numbers, scores, lengths in self._emissions:
            columns = np.flatnonzero(only[numbers])
            if not len(columns):
                continue
            few = lengths[columns]
            self._tokens_read += int(few.sum())
            decoded = self._decoder.spans(scores[: few.max(), columns] + self._shift(biases), few)
            for number, here in zip(numbers[columns].tolist(), decoded, strict=True):
                spans[number] = here
                found[number], correct[number] = len(here), len(self._gold[number].intersection(here))
        return BiasOutcome(biases, spans, found, correct)

    def _shift(self, biases: Biases) -> np.ndarray:
        """Return what the biases add to the score of each tag, (K,)."""
        shift: np.ndarray = np.array(biases, dtype=np.float32) @ self._directions
        return shift

    def _f1(self, outcome: BiasOutcome) -> float:
        return 2 * float(outcome.correct.sum()) / max(self._gold_size + float(outcome.found.sum()), 1.0)

    def _gain(self, outcome: BiasOutcome, before: BiasOutcome) -> float:
        """Return the gain in F1 in standard errors, with sentences as independent; 0 if nothing changes."""
        gains = self._gains(outcome, before)
        error = float(np.sqrt(np.square(gains).sum()))
        return float(gains.sum()) / error if error else 0.0

    def _gains(self, outcome: BiasOutcome, before: BiasOutcome) -> np.ndarray:
        """Return the gain in F1 by each sentence, times the number of gold and predicted entities, (N,)."""
        gains: np.ndarray = 2 * (outcome.correct - before.correct) - self._f1(before) * (outcome.found - before.found)
        return gains
