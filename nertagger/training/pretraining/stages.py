"""The stages of a run: what each trains, on which batches, at which learning rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count, islice
from typing import NamedTuple, Protocol

import numpy as np

from nertagger.config import AnnotatedConfig, EncoderConfig
from nertagger.decoding.transitions import legal_transitions
from nertagger.features import Batch, EncodedCorpus
from nertagger.modelfile.schema import NetworkGraph
from nertagger.network.encoder import INDEX, TAGS, EncoderNetwork, MaskedWordHead, TaggingHead
from nertagger.training.pretraining.data import PretrainingData
from nertagger.training.pretraining.learner import Head
from nertagger.training.pretraining.masking import Inputs, MaskedText

MASKED_WORDS, ANNOTATED = "masked words", "annotated"
"""The names of the stages; the first is that of a head too."""


class Task(NamedTuple):
    """A step of training.

    Attributes:
        head: the name of the head that it trains.
        inputs: the batch.
        tokens: how many tokens there are in it.
    """

    head: str
    inputs: Inputs
    tokens: int


class Rates(NamedTuple):
    """The learning rates of a head and of the encoder."""

    head: float
    encoder: float


class Stage(Protocol):
    """A part of a run with a network, a schedule and a checkpoint of its own."""

    name: str
    steps: int
    average: float
    evaluate_every: int

    def network(self) -> EncoderNetwork:
        """Return a new encoder with the dropout of this stage, not built."""

    def heads(self) -> dict[str, Head]:
        """Return new heads by name, not built."""

    def tasks(self, done: int) -> Iterator[Task]:
        """Yield the steps after the first `done`."""

    def rates(self, step: int) -> Rates:
        """Return the learning rates of a step, counted from 0."""

    def held_out(self) -> Iterator[Inputs]:
        """Yield the batches of masked words that the loss is reported on; there may be none."""


class MaskedStage:
    """The first stage: masked words are filled in."""

    name = MASKED_WORDS

    def __init__(self, config: EncoderConfig, data: PretrainingData, text: MaskedText) -> None:
        self._config, self._data, self._text = config, data, text
        self.steps = text.steps
        self.average, self.evaluate_every = config.masked.average, config.masked.evaluate_every

    def network(self) -> EncoderNetwork:
        """Return a new encoder."""
        return EncoderNetwork(self._config, sizes=self._data.sizes, dropout=self._config.masked.dropout, name="encoder")

    def heads(self) -> dict[str, Head]:
        """Return the head that fills in masked words."""
        return {MASKED_WORDS: masked_head(self._config, self._text)}

    def tasks(self, done: int) -> Iterator[Task]:
        """Yield the steps after the first `done`."""
        for inputs, tokens in islice(self._text.batches(done), self.steps - done):
            yield Task(MASKED_WORDS, inputs, tokens)

    def rates(self, step: int) -> Rates:
        """Return the learning rate of a step: a short rise, then a linear fall to zero."""
        masked = self._config.masked
        rate = masked.learning_rate * _rise(step, masked.warm_up, self.steps) * (1 - step / self.steps)
        return Rates(rate, rate)

    def held_out(self) -> Iterator[Inputs]:
        """Yield the batches of the sentences that are held out."""
        return self._text.held_out()


class AnnotatedStage:
    """The second stage: a head for each annotated corpus, and now and then masked words."""

    name = ANNOTATED

    def __init__(self, config: EncoderConfig, data: PretrainingData, text: MaskedText | None) -> None:
        self._config, self._data, self._text = config, data, text
        self._corpora = [data.encoded(corpus) for corpus in data.corpora]
        self._masked_every = config.annotated.masked_every if text is not None else 0
        masked = config.annotated.steps // self._masked_every if self._masked_every else 0
        self.steps = config.annotated.steps + masked
        self.average, self.evaluate_every = config.annotated.average, config.annotated.evaluate_every

    def network(self) -> EncoderNetwork:
        """Return a new encoder."""
        annotated = self._config.annotated
        return EncoderNetwork(
            self._config,
            sizes=self._data.sizes,
            dropout=annotated.dropout,
            word_dropout_rate=annotated.word_dropout,
            name="encoder",
        )

    def heads(self) -> dict[str, Head]:
        """Return a head for each corpus, and that of masked words if there are such steps."""
        dense = self._config.annotated.dense
        heads: dict[str, Head] = {
            corpus.name: TaggingHead(legal_transitions(corpus.tags), dense=dense, name=f"head{i}")
            for i, corpus in enumerate(self._data.corpora)
        }
        return heads | ({MASKED_WORDS: masked_head(self._config, self._text)} if self._masked_every else {})

    def tasks(self, done: int) -> Iterator[Task]:
        """Yield the steps after the first `done`."""
        order = self._order()
        counts = np.bincount(order[:done] + 1, minlength=len(self._corpora) + 1).tolist()
        batches = [self._batches(number, count) for number, count in enumerate(counts[1:])]
        masked = self._text.batches(counts[0]) if self._text is not None else iter(())
        for number in order[done:].tolist():
            if number < 0:
                inputs, tokens = next(masked)
                yield Task(MASKED_WORDS, inputs, tokens)
            else:
                batch = next(batches[number])
                yield Task(self._data.corpora[number].name, _inputs(batch), int(batch.lengths.sum()))

    def rates(self, step: int) -> Rates:
        """Return the learning rates of a step: a short rise, and a linear fall to zero in the second half."""
        annotated = self._config.annotated
        fall = min(1.0, 2 * (1 - step / self.steps))
        rate = annotated.learning_rate * _rise(step, annotated.warm_up, self.steps) * fall
        return Rates(rate, rate * annotated.encoder_rate)

    def held_out(self) -> Iterator[Inputs]:
        """Yield nothing: the scores of heads that are dropped say little."""
        return iter(())

    def _order(self) -> np.ndarray:
        """Return the number of the corpus of each step, -1 for masked words."""
        rng = np.random.default_rng((self._config.training.seed, 4))
        shares = np.sqrt([len(corpus) for corpus in self._corpora])
        drawn = rng.choice(len(self._corpora), self._config.annotated.steps, p=shares / shares.sum())
        if not self._masked_every:
            return drawn
        every = self._masked_every
        return np.insert(drawn, np.arange(every, len(drawn) + 1, every), -1)

    def _batches(self, number: int, done: int) -> Iterator[Batch]:
        """Yield the batches of a corpus after the first `done`, without end."""
        config, corpus = self._config.annotated, self._corpora[number]
        return islice(_endless(corpus, config, (self._config.training.seed, 5, number)), done, None)


def masked_head(config: EncoderConfig, text: MaskedText | None) -> MaskedWordHead:
    """Return a new head that fills in the masked words of a text."""
    assert text is not None
    return MaskedWordHead(text.targets.count, projection=config.masked.projection, name="masked_words")


def _endless(corpus: EncodedCorpus, config: AnnotatedConfig, seed: Sequence[int]) -> Iterator[Batch]:
    for epoch in count():
        rng = np.random.default_rng((*seed, epoch))
        members = corpus.sample(rng, skip_empty=config.skip_empty)
        yield from corpus.batches(config.batch_size, rng, members=members, lower_case=config.lower_case)


def _inputs(batch: Batch) -> Inputs:
    return {**batch.words, INDEX: batch.index, NetworkGraph.LENGTHS: batch.lengths, TAGS: batch.tags}


def _rise(step: int, warm_up: int, steps: int) -> float:
    """Return the factor of the first steps, at most a tenth of all."""
    return min(1.0, (step + 1) / max(1, min(warm_up, steps // 10)))
