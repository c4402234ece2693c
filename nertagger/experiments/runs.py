"""The same training with several seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any, Protocol

from nertagger.config import Config
from nertagger.experiments.parts import Report, Told, do_all
from nertagger.experiments.spread import Spread
from nertagger.experiments.storage import Shared
from nertagger.experiments.study import search_began_with
from nertagger.files import check_output
from nertagger.modelfile.schema import MetricsKey
from nertagger.runtime import Tagger
from nertagger.text.document import Document

_SPLITS = (MetricsKey.DEV, MetricsKey.TEST)


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


def train_seeds(
    config: Config, number: int, train: Train, *, shared: Shared | None = None, report: Report | None = None
) -> Runs:
    """Train with `number` consecutive seeds, the first one being that of the configuration.

    Model files are called ``model.seed1.ner`` and so on where the configuration names ``model.ner``.

    Args:
        config: the settings and files.
        number: the number of seeds.
        train: trains a tagger, such as `nertagger.train`.
        shared: the study in which several processes share the seeds; each model file is written by the process that
            trains it.
        report: called when a run begins.

    Raises:
        NerTaggerError: if a model file cannot be written, the study is of other runs, or the storage cannot be used.
    """
    seeds = [config.training.seed + step for step in range(number)]
    models = [_model_of_seed(config.output.model, seed) for seed in seeds]
    for model in filter(None, [config.output.model, *models]):
        check_output(model, folder_is_made=True)  # the last one too, before the first is trained

    def one(place: int) -> dict[str, float]:
        changes = {"training.seed": seeds[place], "output.model": models[place], "output.run": ""}
        metrics = train(config.updated(changes)).model.metrics
        return {split: metrics[split]["micro"]["f1"] for split in _SPLITS if split in metrics}

    def so_far(done: Mapping[int, dict[str, float]], place: int | None) -> str:
        dev = {seeds[done_place]: scores[MetricsKey.DEV] for done_place, scores in done.items()}
        return "  ".join(filter(None, [f"({seeds[place]})" if place is not None else "", _so_far(dev)]))

    began = search_began_with(config, {"seeds": number}, "train", "dev", "test") if shared is not None else {}
    told = Told("seed", report if number > 1 else None, so_far)
    scores = do_all(number, one, told, shared=shared, began=began)
    dev, test = ([f1[split] for f1 in scores if split in f1] for split in _SPLITS)
    return Runs(seeds, models, dev, test)


def _model_of_seed(model: str, seed: int) -> str:
    path = Path(model)
    return str(path.with_name(f"{path.stem}.seed{seed}{path.suffix}")) if model else ""


def _so_far(f1: Mapping[int, float]) -> str:
    """Return the best dev F1 of some seeds and the mean; empty before the first is trained."""
    if not f1:
        return ""
    best = max(f1, key=lambda seed: (f1[seed], -seed))
    return f"best dev F1 {100 * f1[best]:.2f} (seed {best}), mean {100 * fmean(f1.values()):.2f}"
