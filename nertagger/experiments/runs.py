"""The same training with several seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any, Protocol

from nertagger.config import Config
from nertagger.experiments.spread import Spread
from nertagger.files import check_output
from nertagger.modelfile.schema import MetricsKey
from nertagger.runtime import Tagger
from nertagger.text.document import Document

Report = Callable[[str, int, int, str], None]
"""Called when a run begins, with what runs are called, its number from 1, how many there are, and the best so far."""


class Train(Protocol):
    """Trains a tagger, as `nertagger.train` does."""

    def __call__(self, config: Config, *, train: Sequence[Document] | None = None) -> Tagger:
        """Return the tagger that `config` describes, trained on its files, or on documents in memory."""


@dataclass(frozen=True, slots=True)
class Runs:
    """The scores of models trained with several seeds.

    Attributes:
        seeds: one per run.
        models: the model file of each run; empty strings if none is written.
        dev_f1: the dev F1 of each run, a fraction of one.
        test_f1: the test F1 of each run; empty if there is no test split.
    """

    seeds: list[int]
    models: list[str]
    dev_f1: list[float]
    test_f1: list[float] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        runs = [
            {"seed": seed, "model": model, **{f"{split}_f1": f1[run] for split, f1 in self._scores}}
            for run, (seed, model) in enumerate(zip(self.seeds, self.models, strict=True))
        ]
        return {"runs": runs, **{f"{split}_f1": Spread.of(f1)._asdict() for split, f1 in self._scores}}

    def report(self) -> str:
        """Return one line per run and one for all, for people."""
        lines = [
            ", ".join([f"{model}: seed {seed}", *(f"{split} F1 {100 * f1[run]:.2f}" for split, f1 in self._scores)])
            for run, (seed, model) in enumerate(zip(self.seeds, self.models, strict=True))
        ]
        lines += [f"{split} F1 of {len(self.seeds)} seeds: {Spread.of(f1)}" for split, f1 in self._scores]
        return "\n".join(lines)

    @property
    def _scores(self) -> list[tuple[str, list[float]]]:
        """Return the F1 of each run by split, for the splits that were scored."""
        return [(split, f1) for split, f1 in (("dev", self.dev_f1), ("test", self.test_f1)) if f1]


def train_seeds(config: Config, number: int, train: Train, *, report: Report | None = None) -> Runs:
    """Train with `number` consecutive seeds, the first one being that of the configuration.

    Model files are called ``model.seed1.ner`` and so on where the configuration names ``model.ner``.

    Raises:
        NerTaggerError: if a model file cannot be written.
    """
    seeds = [config.training.seed + step for step in range(number)]
    models = [_model_of_seed(config.output.model, seed) for seed in seeds]
    for model in filter(None, [config.output.model, *models]):
        check_output(model)  # the last one too, before the first is trained
    dev: list[float] = []
    test: list[float] = []
    for seed, model in zip(seeds, models, strict=True):
        if report is not None and number > 1:
            report("seed", len(dev) + 1, number, "  ".join(filter(None, [f"({seed})", _so_far(seeds, dev)])))
        tagger = train(config.updated({"training.seed": seed, "output.model": model, "output.run": ""}))
        metrics = tagger.model.metrics
        dev.append(metrics[MetricsKey.DEV]["micro"]["f1"])
        test += [metrics[MetricsKey.TEST]["micro"]["f1"]] if MetricsKey.TEST in metrics else []
    return Runs(seeds, models, dev, test)


def _model_of_seed(model: str, seed: int) -> str:
    path = Path(model)
    return str(path.with_name(f"{path.stem}.seed{seed}{path.suffix}")) if model else ""


def _so_far(seeds: Sequence[int], f1: Sequence[float]) -> str:
    """Return the best dev F1 of the first seeds and the mean; empty before the first is trained."""
    if not f1:
        return ""
    best = max(f1)
    return f"best dev F1 {100 * best:.2f} (seed {seeds[f1.index(best)]}), mean {100 * fmean(f1):.2f}"
