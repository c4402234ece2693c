"""The same training with several seeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nertagger.config import Config, make_config
from nertagger.experiments.spread import Spread
from nertagger.files import check_output
from nertagger.runtime import Tagger

Train = Callable[[Config], Tagger]
"""Trains what a configuration says and writes its model."""


@dataclass(frozen=True, slots=True)
class Runs:
    """The dev scores of some seeds.

    Attributes:
        models: the files, in the seeds' order.
        dev_f1: of each, fractions of one.
    """

    seeds: list[int]
    models: list[str]
    dev_f1: list[float]

    def to_dict(self) -> dict[str, Any]:
        """The object that ``--json`` prints."""
        rows = zip(self.seeds, self.models, self.dev_f1, strict=True)
        runs = [{"seed": seed, "model": model, "dev_f1": f1} for seed, model, f1 in rows]
        return {"runs": runs, "dev_f1": Spread.of(self.dev_f1)._asdict()}

    def report(self) -> str:
        """A line a run and one for all, for people."""
        rows = zip(self.seeds, self.models, self.dev_f1, strict=True)
        lines = [f"{model}: seed {seed}, dev F1 {100 * f1:.2f}" for seed, model, f1 in rows]
        return "\n".join([*lines, f"dev F1 of {len(self.seeds)} seeds: {Spread.of(self.dev_f1)}"])


def train_seeds(config: Config, number: int, train: Train) -> Runs:
    """Train with `number` seeds, from the configuration's on; ``model.ner`` becomes ``model.seed1.ner`` and so on."""
    seeds = [config.training.seed + step for step in range(number)]
    check_output(config.output.model)
    path = Path(config.output.model)
    models = [str(path.with_name(f"{path.stem}.seed{seed}{path.suffix}")) for seed in seeds]
    for model in models:
        check_output(model)  # the last one too, before the first is trained
    scores = [
        dev_f1(train(changed(config, {"training.seed": seed, "output.model": model, "output.run": ""})))
        for seed, model in zip(seeds, models, strict=True)
    ]
    return Runs(seeds, models, scores)


def dev_f1(tagger: Tagger) -> float:
    """The dev score that a model was chosen by."""
    score: float = tagger.model.json("metrics.json")["dev"]["micro"]["f1"]
    return score


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
    return make_config(values, source=source)
