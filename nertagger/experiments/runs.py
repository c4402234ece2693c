"""The same training with several seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

from nertagger.config import Config
from nertagger.experiments.spread import Spread
from nertagger.files import check_output
from nertagger.modelfile.schema import MetricsKey
from nertagger.runtime import Tagger

Train = Callable[[Config], Tagger]
"""Trains what a configuration says and writes its model."""
Report = Callable[[str, int, int, str], None]
"""Is told that a run begins: what runs are called, its number from 1, how many there are, what those before showed."""


@dataclass(frozen=True, slots=True)
class Runs:
    """The dev scores of some seeds.

    Attributes:
        models: the files, in the seeds' order.
        dev_f1: of each, fractions of one.
        test_f1: of each on the test files; empty if there are none.
    """

    seeds: list[int]
    models: list[str]
    dev_f1: list[float]
    test_f1: list[float] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The object that ``--json`` prints."""
        runs = [
            {"seed": seed, "model": model, **{f"{split}_f1": f1[run] for split, f1 in self._scores}}
            for run, (seed, model) in enumerate(zip(self.seeds, self.models, strict=True))
        ]
        return {"runs": runs, **{f"{split}_f1": Spread.of(f1)._asdict() for split, f1 in self._scores}}

    def report(self) -> str:
        """A line a run and one for all, for people."""
        lines = [
            ", ".join([f"{model}: seed {seed}", *(f"{split} F1 {100 * f1[run]:.2f}" for split, f1 in self._scores)])
            for run, (seed, model) in enumerate(zip(self.seeds, self.models, strict=True))
        ]
        lines += [f"{split} F1 of {len(self.seeds)} seeds: {Spread.of(f1)}" for split, f1 in self._scores]
        return "\n".join(lines)

    @property
    def _scores(self) -> list[tuple[str, list[float]]]:
        """The F1 of each run by split, as far as there are any."""
        return [(split, f1) for split, f1 in (("dev", self.dev_f1), ("test", self.test_f1)) if f1]


def train_seeds(config: Config, number: int, train: Train, *, report: Report | None = None) -> Runs:
    """Train with `number` seeds, from the configuration's on; ``model.ner`` becomes ``model.seed1.ner`` and so on."""
    seeds = [config.training.seed + step for step in range(number)]
    check_output(config.output.model)
    path = Path(config.output.model)
    models = [str(path.with_name(f"{path.stem}.seed{seed}{path.suffix}")) for seed in seeds]
    for model in models:
        check_output(model)  # the last one too, before the first is trained
    dev: list[float] = []
    test: list[float] = []
    for seed, model in zip(seeds, models, strict=True):
        if report is not None and number > 1:
            report("seed", len(dev) + 1, number, "  ".join(filter(None, [f"({seed})", _so_far(seeds, dev)])))
        tagger = train(changed(config, {"training.seed": seed, "output.model": model, "output.run": ""}))
        metrics = tagger.model.metrics
        dev.append(metrics[MetricsKey.DEV]["micro"]["f1"])
        test += [metrics[MetricsKey.TEST]["micro"]["f1"]] if MetricsKey.TEST in metrics else []
    return Runs(seeds, models, dev, test)


def _so_far(seeds: Sequence[int], f1: Sequence[float]) -> str:
    """The best dev F1 of the first seeds and the mean; empty if there is none yet."""
    if not f1:
        return ""
    best = max(f1)
    return f"best dev F1 {100 * best:.2f} (seed {seeds[f1.index(best)]}), mean {100 * fmean(f1):.2f}"


def changed(config: Config, settings: dict[str, Any], *, source: str = "settings") -> Config:
    """The configuration with settings, by their dotted names, changed and checked anew.

    Args:
        config: all other settings.
        settings: the new ones.
        source: what errors say that these are from.

    Raises:
        ConfigError: if there is no such setting, or it cannot have this value.
    """
    values = config.model_dump()
    for name, value in settings.items():
        section, _, key = name.partition(".")
        values.setdefault(section, {})[key] = value
    return Config.from_values(values, source=source)
