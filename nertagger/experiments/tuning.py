"""The search for good settings with Optuna: dev scores only, seeds for each trial, a study that can be gone on with."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from nertagger.config import Config
from nertagger.errors import ConfigError, requires_extra
from nertagger.experiments.runs import Report, Train, changed, train_seeds
from nertagger.experiments.spread import Spread
from nertagger.experiments.study import open_study, search_began_with
from nertagger.parsing import load_toml

if TYPE_CHECKING:
    from types import ModuleType

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A setting that is searched: between two numbers, or among choices.

    Attributes:
        name: dotted, as in a configuration.
        low, high: the ends, whole numbers for whole numbers; not used if there are choices.
        log: whether ratios count rather than differences.
        choices: the values; empty for a range.
    """

    name: str
    low: float = 0
    high: float = 0
    log: bool = False
    choices: tuple[Any, ...] = ()

    def suggest(self, trial: Any) -> Any:
        """A value that a trial of Optuna's proposes."""
        if self.choices:
            return trial.suggest_categorical(self.name, self.choices)
        if isinstance(self.low, int) and isinstance(self.high, int):
            return trial.suggest_int(self.name, self.low, self.high, log=self.log)
        return trial.suggest_float(self.name, self.low, self.high, log=self.log)


@dataclass(frozen=True, slots=True)
class Tuned:
    """What a search has found.

    Attributes:
        settings: the best ones by dotted name.
        dev_f1: their mean over the seeds, a fraction of one.
        trials: how many there are in the study, earlier ones included.
        table: every finished trial's settings and dev F1, best first.
    """

    settings: dict[str, Any]
    dev_f1: float
    trials: int
    table: list[tuple[dict[str, Any], float]]

    def to_dict(self) -> dict[str, Any]:
        """The object that ``--json`` prints."""
        table = [{"settings": settings, "dev_f1": f1} for settings, f1 in self.table]
        return {"settings": self.settings, "dev_f1": self.dev_f1, "trials": self.trials, "table": table}


def parse_parameter(text: str) -> Parameter:
    """A setting to search from ``section.key=low:high``, ``low:high:log`` or ``a,b,c``.

    Raises:
        ConfigError: if it is none of these.

    >>> parse_parameter("network.units=50:200")
    Parameter(name='network.units', low=50, high=200, log=False, choices=())
    """
    name, equals, values = text.partition("=")
    if not equals or "." not in name or not values:
        raise ConfigError(f"--search {text}: expected section.key=low:high, low:high:log, or choices a,b,c")
    if ":" not in values:
        return Parameter(name, choices=tuple(map(_value, values.split(","))))
    low, high, *rest = values.split(":")
    ends = _value(low), _value(high)
    if rest not in ([], ["log"]) or not all(isinstance(end, int | float) for end in ends) or not ends[0] < ends[1]:
        raise ConfigError(f"--search {text}: expected two numbers, the lower one first, as in network.units=50:200:log")
    if rest and ends[0] <= 0:
        raise ConfigError(f"--search {text}: a logarithmic range must begin above 0")
    return Parameter(name, *ends, log=bool(rest))


def tune(
    config: Config,
    parameters: Sequence[Parameter],
    *,
    trials: int,
    seeds: int,
    study: str | Path,
    train: Train,
    report: Report | None = None,
) -> Tuned:
    """Try settings, each with several seeds, and keep what is learned of them in the file of the study.

    Args:
        config: all other settings, and the files; the test files are in nobody's hands here.
        parameters: what is searched.
        trials: how many more trials to make.
        seeds: how many seeds each is trained with; its score is the mean dev F1.
        study: the file that holds all trials; an existing one is gone on with.
        train: trains a configuration.
        report: told of each trial and seed that begins, and of the best settings so far.

    Raises:
        MissingExtraError: if Optuna is not installed.
        ConfigError: if a parameter is no setting, a trial's settings do not go together, or the study is of another
            search, other settings or other data.
    """
    optuna = _optuna()
    for parameter in parameters:
        for end in parameter.choices or (parameter.low, parameter.high):
            # A wrong name or value is refused before hours are spent.
            changed(config, {parameter.name: end}, source=f"--search {parameter.name}")

    def objective(trial: Any) -> float:
        settings = {parameter.name: parameter.suggest(trial) for parameter in parameters}
        with TemporaryDirectory() as folder:
            # Dev scores are those from before the dev split is learned from, which no trial need do.
            run = changed(
                config,
                {
                    "training.refit": 0,
                    **settings,
                    "data.test": [],
                    "output.model": str(Path(folder, "model.ner")),
                    "output.run": "",
                },
            )
            if report is not None:
                report("trial", next(numbers), trials, _so_far(trial.study, settings))
            return Spread.of(train_seeds(run, seeds, train, report=report).dev_f1).mean

    numbers = count(1)

    began = search_began_with(config, {"seeds": seeds, "parameters": [asdict(parameter) for parameter in parameters]})
    with open_study(optuna, Path(study), began, seed=config.training.seed) as found:
        found.optimize(objective, n_trials=trials)
        done = [trial for trial in found.trials if trial.value is not None]
        table = sorted(((trial.params, trial.value) for trial in done), key=lambda row: -row[1])
        return Tuned(found.best_params, found.best_value, len(found.trials), table)


def _so_far(study: Any, settings: Mapping[str, Any]) -> str:
    """The settings of the trial that begins, and the best ones of those before."""
    facts = [_listed(settings)]
    if any(trial.value is not None for trial in study.trials):
        facts.append(f"best dev F1 {100 * study.best_value:.2f} with {_listed(study.best_params)}")
    return "  ".join(facts)


def _listed(settings: Mapping[str, Any]) -> str:
    values = ((name, f"{value:.4g}" if isinstance(value, float) else value) for name, value in settings.items())
    return " ".join(f"{name}={value}" for name, value in values)


def _value(text: str) -> Any:
    """A number, truth value or string as TOML has it; a bare word is a string."""
    try:
        return load_toml(f"value = {text}")["value"]
    except ValueError:
        return text.strip()


def _optuna() -> ModuleType:
    with requires_extra("tuning", "tune"):
        import optuna
    module: ModuleType = optuna
    return module
