"""The state of a run: the network, its running average and best weights, and how a checkpoint keeps and restores it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np

from nertagger.config import Config
from nertagger.decoding.transitions import legal_transitions
from nertagger.modelfile.schema import Layer, NetworkGraph, tensor_name
from nertagger.network.tagger import TaggerNetwork
from nertagger.training.dataset import Dataset
from nertagger.training.encoder.weights import input_widths, is_of_encoder, starting_weights
from nertagger.training.loop.checkpoint import Checkpoint, Member, Progress
from nertagger.training.loop.checkpoint_file import assign_variables
from nertagger.training.loop.fingerprint import Fingerprint
from nertagger.training.loop.schedule import Schedule
from nertagger.training.loop.seeds import make_deterministic, member_seed
from nertagger.training.loop.steps import make_optimizer
from nertagger.training.loop.weights import WeightAverage, Weights, get_weights, set_weights, to_numpy
from nertagger.training.loop.workers import ALONE, Workers


def build_network(config: Config, dataset: Dataset, workers: Workers = ALONE) -> TaggerNetwork:
    """Return the network for this data with its initial weights, compiled, for one process or several."""
    language = dataset.language if config.features.fine_tune else None
    tuned = None if language is None else (language.config, len(language.symbols))
    legal = legal_transitions(dataset.tags)
    network = TaggerNetwork(config, sizes=dataset.sizes, legal=legal, language=tuned, name="tagger")
    factor = _encoder_factor(config.encoder.learning_rate) if dataset.encoder is not None else None
    optimizer = make_optimizer(config.training, factor=factor, workers=workers)
    network.compile(optimizer=optimizer, jit_compile=False)  # XLA is slower on these loops
    batch = dataset.encoded.batch([0])
    network({**batch.words, **batch.context, "index": batch.index, NetworkGraph.LENGTHS: batch.lengths})
    if language is not None:
        begin = {tensor_name(Layer.CONTEXT, name): array for name, array in language.weights.items()}
        set_weights(network, {**get_weights(network), **begin})
    if dataset.encoder is not None:
        widths = input_widths(config, dataset.sizes)
        begun = starting_weights(
            get_weights(network), dataset.encoder, widths=widths, tags=dataset.tags, lists=dataset.lists
        )
        set_weights(network, begun)
    network.optimizer.build(network.trainable_variables)
    return network


def _encoder_factor(rate: float) -> Callable[[str], float]:
    """Return a function that says for each weight what its learning rate is multiplied by."""
    return lambda name: rate if is_of_encoder(name) else 1.0


class RunState:
    """The state that changes while a tagger is trained.

    Attributes:
        network: the network in training.
        progress: how far the run has come.
        average: the running average of the network's weights.
        best: the weights of the best epoch; empty before the first.
        members: the networks of the committee before the one in training.
        seed: that of the network in training.
    """

    def __init__(
        self,
        config: Config,
        dataset: Dataset,
        *,
        schedule: Schedule,
        members: Sequence[Member] = (),
        workers: Workers = ALONE,
    ) -> None:
        """Builds the network that follows `members`, to be trained by a schedule that has just begun."""
        self._config, self.members, self._workers = config, list(members), workers
        self.seed = member_seed(config.training.seed, len(members))
        if members:
            make_deterministic(self.seed)
        self.network = build_network(config, dataset, workers)
        self._vary_dropout()
        self.progress = Progress(schedule)
        self.average = WeightAverage(config.training.average, get_weights(self.network))
        self.best: Weights = {}

    @property
    def epochs_before(self) -> int:
        """Return for how many epochs the members before were trained."""
        return sum(member.epochs + self.progress.schedule.refit for member in self.members)

    def keep_if_best(self, f1: float) -> bool:
        """Take the dev F1 of the epoch in progress into account; keep and report the weights if it is the best."""
        best = self.progress.schedule.epoch_done(self.progress.epoch, f1, self._config.training)
        if best:
            self.best = {name: array.copy() for name, array in self.average.weights.items()}
        return best

    def restart_from(self, weights: Weights) -> None:
        """Give the network and its average these weights."""
        set_weights(self.network, weights)
        self.average = WeightAverage(self._config.training.average, weights, step=self.average.step)

    def save(self, folder: Path, fingerprint: Fingerprint) -> None:
        """Write the checkpoint into the folder of the run."""
        variables, average = [to_numpy(variable) for variable in self._variables()], self.average
        Checkpoint(self.progress, variables, average.weights, average.step, self.best, fingerprint, self.members).save(
            folder
        )

    def restore(self, checkpoint: Checkpoint, folder: Path) -> None:
        """Continue from a checkpoint.

        Raises:
            TrainingError: if it is of another network.
        """
        assign_variables(self._variables(), checkpoint.variables, folder=folder)
        self._vary_dropout()
        self.progress, self.best = checkpoint.progress, checkpoint.best
        self.average = WeightAverage(self._config.training.average, checkpoint.average, step=checkpoint.average_steps)

    def _vary_dropout(self) -> None:
        """Give each process random numbers of its own; those of the first, which writes checkpoints, are unchanged."""
        for variable in self.network.variables:
            if variable.path.endswith("seed_generator_state"):  # a seed and a counter
                variable.assign(variable + np.array([self._workers.rank, 0], variable.dtype))

    def _variables(self) -> list[keras.Variable]:
        return [*self.network.variables, *self.network.optimizer.variables]
