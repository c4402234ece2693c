"""Batches of masked words: sentences of like length, tokens that are hidden, and what they are to be filled with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nertagger.config import EncoderConfig
from nertagger.features import Features, VectorTable
from nertagger.features.batches import word_inputs
from nertagger.features.shapes import word_shape
from nertagger.modelfile.schema import NetworkGraph
from nertagger.network.encoder import COUNTED, INDEX, MASKED, PLACES, TARGETS
from nertagger.training.pretraining.text import EncodedText

_STEP, _WIDE_STEP, _WIDE_FROM = 4, 8, 32  # lengths that sentences are padded to: multiples of 4, above 32 of 8
_MOST_HELD_OUT = 10_000  # sentences
_FILL = 256  # masked tokens come in multiples of this many: a backend that compiles for shapes compiles less often

Inputs = dict[str, np.ndarray]


@dataclass(frozen=True)
class Targets:
    """What masked words are filled with: frequent forms as such, others by their shape.

    Attributes:
        of_forms: the target of each form, int32.
        count: how many targets there are.
    """

    of_forms: np.ndarray
    count: int

    @classmethod
    def of(cls, forms: Sequence[str], counts: np.ndarray, *, frequent: int, shapes: int) -> Targets:
        """Return the targets of forms in the order of their frequency."""
        frequent = min(frequent, len(forms))
        rarer = [word_shape(form) for form in forms[frequent:]]
        amounts: Counter[str] = Counter()
        for shape, count in zip(rarer, counts[frequent:].tolist(), strict=True):
            amounts[shape] += count
        numbers = {shape: i for i, (shape, _) in enumerate(amounts.most_common(shapes), frequent + 1)}
        of_rarer = np.fromiter((numbers.get(shape, frequent) for shape in rarer), np.int32, len(rarer))
        return cls(np.concatenate([np.arange(frequent, dtype=np.int32), of_rarer]), frequent + 1 + len(numbers))


class MaskedText:
    """A text whose words are masked anew in each epoch.

    Args:
        config: the settings of the run.
        text: the text.
        features: encode its forms as inputs of the word encoder.
        vectors: the table of their vectors; None without vectors.

    Attributes:
        steps_per_epoch: the number of batches in which every sentence is once, but those held out.
    """

    def __init__(
        self, config: EncoderConfig, text: EncodedText, features: Features, vectors: VectorTable | None
    ) -> None:
        self._config, self._text, self._vectors = config.masked, text, vectors
        self._seed = config.training.seed
        self.targets = Targets.of(
            text.forms, text.counts, frequent=config.masked.targets, shapes=config.masked.shape_targets
        )
        self._inputs = features.encode(text.forms)
        self._starts = np.concatenate([[0], np.cumsum(text.lengths, dtype=np.int64)])[:-1]
        self._rows = _padded_length(text.lengths)
        order = np.random.default_rng((self._seed, 0)).permutation(len(text.lengths))
        held_out = min(int(config.masked.held_out * len(order)), _MOST_HELD_OUT)
        self._held_out, self._members = np.sort(order[:held_out]), np.sort(order[held_out:])
        self.steps_per_epoch = len(self._groups(np.random.default_rng(0), self._members))

    @property
    def steps(self) -> int:
        """Return the number of steps of the whole stage."""
        return max(1, round(self._config.passes * self.steps_per_epoch))

    def batches(self, done: int) -> Iterator[tuple[Inputs, int]]:
        """Yield the inputs of each step after the first `done`, without end, and the number of its tokens."""
        epoch, skipped = divmod(done, self.steps_per_epoch)
        while True:
            groups = self._groups(np.random.default_rng((self._seed, 1, epoch)), self._members)
            for step in range(skipped, len(groups)):
                rng = np.random.default_rng((self._seed, 2, epoch, step))
                yield self._batch(groups[step], rng), int(self._text.lengths[groups[step]].sum())
            epoch, skipped = epoch + 1, 0

    def held_out(self) -> Iterator[Inputs]:
        """Yield the batches of the sentences that are held out, always masked alike."""
        if len(self._held_out):
            for step, group in enumerate(self._groups(np.random.default_rng(0), self._held_out)):
                yield self._batch(group, np.random.default_rng((self._seed, 3, step)))

    def _groups(self, rng: np.random.Generator, members: np.ndarray) -> list[np.ndarray]:
        """Return the sentences in batches of one padded length each, in random order.

        What does not fill a batch is padded to the next length with longer sentences; the last batch may be small.
        """
        groups: list[np.ndarray] = []
        rest = np.zeros(0, np.int64)
        rows = self._rows[members]
        for length in np.unique(rows).tolist():
            pool = np.concatenate([rest, members[rows == length]])
            pool = pool[rng.permutation(len(pool))]
            size = max(1, self._config.batch_tokens // length)
            full = len(pool) // size * size
            groups += np.split(pool[:full], full // size) if full else []
            rest = pool[full:]
        groups += [rest] if len(rest) else []
        return [groups[i] for i in rng.permutation(len(groups))]

    def _batch(self, group: np.ndarray, rng: np.random.Generator) -> Inputs:
        """Return the inputs of a batch, with some of its tokens masked, at least one."""
        lengths = self._text.lengths[group]
        shape = (int(_padded_length(lengths).max()), len(group))  # (T, B)
        time = np.arange(shape[0])[:, None]
        inside = time < lengths  # (T, B)
        forms = self._text.ids[np.where(inside, self._starts[group] + time, 0)]
        masked = (rng.random(shape) < self._config.mask) & inside
        if not masked.any():
            masked[0, 0] = True
        places = np.flatnonzero(masked)
        filled = np.zeros(-(-len(places) // _FILL) * _FILL, np.int32)
        counted = np.zeros(len(filled), np.float32)
        filled[: len(places)], counted[: len(places)] = places, 1.0
        distinct, index = np.unique(np.where(inside, forms, forms[0, 0]), return_inverse=True)
        return {
            **word_inputs(self._inputs, distinct, vectors=self._vectors),
            INDEX: index.reshape(shape).astype(np.int32),
            NetworkGraph.LENGTHS: lengths,
            MASKED: masked.astype(np.float32),
            PLACES: filled,
            TARGETS: self.targets.of_forms[forms.reshape(-1)[filled]],
            COUNTED: counted,
        }


def _padded_length(lengths: np.ndarray) -> np.ndarray:
    """Return the lengths that sentences of these lengths are padded to."""
    short, long = (-(-lengths // step) * step for step in (_STEP, _WIDE_STEP))
    return np.where(lengths <= _WIDE_FROM, short, long)
