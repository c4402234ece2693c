"""How much more, or less, likely every entity must be taken to be, for the best F1 on the dev split.

A tagger that is trained on likelihood finds too few entities where the training text has fewer of them than the text to
be tagged, or where annotators left some out. One number for each label, added to the score of each of its entities,
sets that right (Minkov et al. 2006, "NER systems that suit user's preferences"). At the best F1, an entity is worth
finding if it is right more often than F1 / 2 (Lipton et al. 2014). Numbers that fit a small dev split alone would do
harm, so one number for all labels is taken only if what it gains is 1.5 times its standard error, and another one for a
label, of which there are many to choose from, only if it is 2.5 times.

Sentences are decoded anew only where a number can change what is found in them, and the numbers of a label are tried on
the sentences that are wrong in it first: the time does not grow with the square of the number of labels.
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
_WRONG = 7  # sentences: fewer that gain, however much, cannot be 2.5 standard errors
_READINGS = 50  # how many times the dev split may be decoded for the biases of labels
_ROUNDING, _SAME = 0.01, 1e-9  # nats: so much more may change a sentence too; scores that differ by less are equal
Biases = tuple[float, ...]


class Outcome(NamedTuple):
    """The entities found with some biases, and how many are right.

    Attributes:
        biases: L numbers, one a label, in nats.
        spans: the spans of each of N sentences.
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


class _Reach(NamedTuple):
    """What a label's bias may change of a outcome, (N, L) each.

    Attributes:
        present: whether the sentence has an entity of the label.
        lost: how much lower than the best score that with another entity of the label is, in nats.
        wrong: whether the entities of the label are not those of the gold standard.
    """

    present: np.ndarray
    lost: np.ndarray
    wrong: np.ndarray

    def changed(self, label: int, rise: float) -> np.ndarray:
        """The sentences, bool (N,), that so much more for a label may change.

        An entity more loses what it adds elsewhere; two that are only worth it together are not seen.
        """
        column = self.lost[:, label] <= rise + _ROUNDING if rise > 0 else self.present[:, label]
        changes: np.ndarray = column
        return changes


class BiasSearch:
    """Looks for the biases under which the dev split's entities are found best.

    Args:
        decoder: the decoder of the network that is scored.
        emissions: what it says of the dev sentences.
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

    def none(self) -> Outcome:
        """What is found without any bias."""
        nothing = np.zeros(len(self._gold), dtype=np.intp)
        empty = Outcome((0.0,) * len(self._directions), [[]] * len(self._gold), nothing, nothing)
        return self._read(empty.biases, np.ones(len(self._gold), dtype=bool), empty)

    def common(self, start: Outcome) -> Outcome:
        """The best outcome with one bias for all labels; `start` is one with the same for all."""
        is_busy = start.found > 0
        line = [(value,) * len(start.biases) for value in _VALUES]
        outcomes = self._along(line, start, lower=is_busy, higher=np.ones(len(self._gold), dtype=bool))
        return self._best(start, outcomes, errors=_ERRORS)

    def by_label(self, start: Outcome, *, report: Callable[[int, int], None] | None = None) -> Outcome:
        """The best outcome that changes one label after the other.

        Args:
            start: the outcome to begin with.
            report: called with the number of labels done, and of all.
        """
        best, reach = start, self._reach(start)
        labels = len(start.biases)
        most = self._tokens_read + _READINGS * sum(int(lengths.sum()) for _, _, lengths in self._emissions)
        for label in range(labels):
            if self._tokens_read > most:
                logger.warning("entity bias: %d of %d labels were looked at, then the search was ended", label, labels)
                break
            found = self._of_label(label, best, reach)
            reach = reach if found is best else self._reach(found)
            best = found
            if report is not None:
                report(label + 1, labels)
        return best

    def _of_label(self, label: int, start: Outcome, reach: _Reach) -> Outcome:
        """The best outcome with another bias for one label.

        Only where a sentence is wrong in the label can it gain by such a bias: these are decoded first, with all of its
        values, and the others only with values that may be worth it.
        """
        wrong = reach.wrong[:, label]
        if wrong.sum() < _WRONG:
            return start
        line = [(*start.biases[:label], value, *start.biases[label + 1 :]) for value in _VALUES]
        changed = [reach.changed(label, value - start.biases[label]) for value in _VALUES]
        hoped = self._along(line, start, lower=wrong & changed[0], higher=wrong & changed[-1])
        if self._best(start, hoped, errors=_ERRORS_OF_LABEL) is start:
            return start
        here = line.index(start.biases)
        others = [only & ~wrong for only in changed]
        found = [
            *self._completed(start, hoped[:here][::-1], others[:here][::-1]),
            *self._completed(start, hoped[here + 1 :], others[here + 1 :]),
        ]
        best = self._best(start, found, errors=_ERRORS_OF_LABEL)
        exact = self._read(best.biases, np.ones_like(wrong), best)
        return self._best(start, [exact], errors=_ERRORS_OF_LABEL)

    def _completed(
        self, start: Outcome, outcomes: Sequence[Outcome], others: Sequence[np.ndarray]
    ) -> Iterator[Outcome]:
        """Readings on a line that leads away from `start`, with the sentences, bool (N,), that are still to be decoded.

        They end where the other sentences have lost what the rest of the line may gain: they will not lose less.
        """
        gains = [self._gains(outcome, start).sum() for outcome in outcomes]
        for number, (outcome, only) in enumerate(zip(outcomes, others, strict=True)):
            whole = self._read(outcome.biases, only, outcome)
            yield whole
            lost = self._gains(whole, start).sum() - gains[number]
            if max(gains[number + 1 :], default=0.0) + lost <= 0:
                return

    def _best(self, start: Outcome, outcomes: Sequence[Outcome], *, errors: float) -> Outcome:
        """The outcome with the best F1 of those that are better than `start` by so many errors, the first of equals."""
        return max((r for r in outcomes if self._gain(r, start) > errors), key=self._f1, default=start)

    def _along(self, line: Sequence[Biases], start: Outcome, *, lower: np.ndarray, higher: np.ndarray) -> list[Outcome]:
        """The outcomes on a line of rising biases that `start` is on.

        Args:
            line: the biases.
            start: a outcome with one of these.
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

    def _fill(self, low: int, high: int, line: Sequence[Biases], outcomes: dict[int, Outcome]) -> None:
        """Add the outcomes between two on a line of rising biases.

        The number of entities rises with them. A sentence with the same entities at both ends has them in between too:
        no other sequence gains more than this one does. So only the others are decoded in between.
        """
        middle = (low + high) // 2
        if middle == low:
            return
        ends = outcomes[low], outcomes[high]
        unequal = np.array([a != b for a, b in zip(*(end.spans for end in ends), strict=True)], dtype=bool)
        outcomes[middle] = self._read(line[middle], unequal, ends[0])
        self._fill(low, middle, line, outcomes)
        self._fill(middle, high, line, outcomes)

    def _reach(self, outcome: Outcome) -> _Reach:
        """What a label's bias may change of a outcome."""
        shape = len(self._gold), len(self._directions)
        reach = _Reach(np.zeros(shape, dtype=bool), np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=bool))
        for number, (gold, spans) in enumerate(zip(self._gold, outcome.spans, strict=True)):
            for label, _, _ in spans:
                reach.present[number, self._numbers[label]] = True
            for label, _, _ in gold.symmetric_difference(spans):
                if label in self._numbers:  # the dev split may have labels that training has not
                    reach.wrong[number, self._numbers[label]] = True
        for numbers, scores, lengths in self._emissions:
            self._tokens_read += 2 * int(lengths.sum())
            losses = self._decoder.losses(scores + self._shift(outcome.biases), lengths)
            losses = np.where(losses > _SAME, losses, np.inf).min(axis=0)  # (B, K), but for the best sequence itself
            for row, favoured in enumerate(self._directions > 0):
                reach.lost[numbers, row] = losses[:, favoured].min(axis=-1)
        return reach

    def _read(self, biases: Biases, only: np.ndarray, rest: Outcome) -> Outcome:
        """What is found with these biases in the sentences of `only`, (N,) bool; the others have what `rest` has."""
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
        return Outcome(biases, spans, found, correct)

    def _shift(self, biases: Biases) -> np.ndarray:
        """What the biases add to the score of each tag, (K,)."""
        shift: np.ndarray = np.array(biases, dtype=np.float32) @ self._directions
        return shift

    def _f1(self, outcome: Outcome) -> float:
        return 2 * float(outcome.correct.sum()) / max(self._gold_size + float(outcome.found.sum()), 1.0)

    def _gain(self, outcome: Outcome, before: Outcome) -> float:
        """The gain in F1, in its standard errors, sentences being independent; 0 if nothing changes."""
        gains = self._gains(outcome, before)
        error = float(np.sqrt(np.square(gains).sum()))
        return float(gains.sum()) / error if error else 0.0

    def _gains(self, outcome: Outcome, before: Outcome) -> np.ndarray:
        """What each sentence adds to F1, times the number of gold and found entities, (N,)."""
        gains: np.ndarray = 2 * (outcome.correct - before.correct) - self._f1(before) * (outcome.found - before.found)
        return gains
