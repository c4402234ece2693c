"""Search for good settings with Optuna: by dev F1, with several seeds per trial; a study can be continued."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from nertagger.config import Config, toml_value
from nertagger.errors import ConfigError, NerTaggerError, TrainingError
from nertagger.experiments.parts import Report
from nertagger.experiments.runs import Train, train_seeds
from nertagger.experiments.sharing import ERROR, Ended, Outcome, joined
from nertagger.experiments.storage import Shared, load_optuna
from nertagger.experiments.study import open_study, search_began_with
from nertagger.parsing import load_toml

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A setting to search: between two numbers, or among choices.

    Attributes:
        name: dotted, as in a configuration.
        low, high: the ends of the range, integers for a setting that is one; not used if there are choices.
        log: whether to search the range on a logarithmic scale.
        choices: the values; empty for a range.
    """

    name: str
    low: float = 0
    high: float = 0
    log: bool = False
    choices: tuple[Any, ...] = ()

    def suggest(self, trial: Any) -> Any:
        """Return the value that an Optuna trial proposes."""
        if self.choices:
            return trial.suggest_categorical(self.name, self.choices)
        if isinstance(self.low, int) and isinstance(self.high, int):
            return trial.suggest_int(self.name, self.low, self.high, log=self.log)
        return trial.suggest_float(self.name, self.low, self.high, log=self.log)


@dataclass(frozen=True, slots=True)
class Tuned:
    """The result of a search.

    Attributes:
        settings: the best settings by dotted name.
        dev_f1: their dev F1, the mean over the seeds, a fraction of one.
        trials: the number of trials in the study, earlier ones included.
        table: the settings and dev F1 of every finished trial, best first.
        failed: the reason of each trial that has failed.
    """

    settings: dict[str, Any]
    dev_f1: float
    trials: int
    table: list[tuple[dict[str, Any], float]]
    failed: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        table = [{"settings": settings, "dev_f1": f1} for settings, f1 in self.table]
        found = {"settings": self.settings, "dev_f1": self.dev_f1, "trials": self.trials, "table": table}
        return {**found, "failed": self.failed} if self.failed else found

    def report(self) -> str:
        """Return one line per trial, best first, and the best settings as options of `nertagger train`, for people."""
        lines = [f"{100 * f1:6.2f}  {' '.join(f'{k}={v}' for k, v in settings.items())}" for settings, f1 in self.table]
        lines += [f"failed  {reason}" for reason in self.failed]
        lines += ["", f"best of {self.trials} trials, dev F1 {100 * self.dev_f1:.2f}:"]
        return "\n".join([*lines, " ".join(f"--set {k}={toml_value(v)}" for k, v in self.settings.items())])


def parse_parameter(text: str) -> Parameter:
    """Return the setting to search that ``section.key=low:high``, ``low:high:log`` or ``a,b,c`` states.

    Raises:
        ConfigError: if the text has another form.

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
    study: str | Path | Shared,
    train: Train,
    report: Report | None = None,
) -> Tuned:
    """Try settings, each with several seeds, and keep their scores in a study.

    Args:
        config: all other settings, and the files; the test files are not used.
        parameters: what is searched.
        trials: how many more trials to make; of a shared study, how many it is to have in the end.
        seeds: how many seeds to train each trial with; its score is the mean dev F1.
        study: the file that keeps all trials, for one process at a time, or a study that several processes share; an
            existing one is continued. A training that fails ends the search in a file, and one trial of a shared one.
        train: trains a tagger, such as `nertagger.train`.
        report: called when a trial or seed begins, with the best settings so far.

    Raises:
        MissingExtraError: if Optuna is not installed.
        ConfigError: if a parameter is not a setting, the settings of a trial contradict each other, or the study is of
            another search, other settings or other data.
        NerTaggerError: if the storage cannot be used, or no trial has succeeded.
    """
    optuna = load_optuna()
    for parameter in parameters:
        for end in parameter.choices or (parameter.low, parameter.high):
            # A wrong name or value is rejected before hours of training.
            config.updated({parameter.name: end}, source=f"--search {parameter.name}")
    search = {"seeds": seeds, "parameters": [asdict(parameter) for parameter in parameters]}
    began = search_began_with(config, search, "train", "dev")
    objective = _Objective(config, parameters, seeds, train, trials, report)
    if isinstance(study, Shared):
        with joined(study, began) as worker:
            return _tuned(worker.work(trials, objective.of_unit, on_wait=objective.on_wait), parameters, study.place)
    with open_study(optuna, Path(study), began, seed=config.training.seed) as found:
        found.optimize(objective, n_trials=trials)
        return _tuned(found.trials, parameters, str(study))


def _tuned(trials: Sequence[Any], parameters: Sequence[Parameter], place: str) -> Tuned:
    """Return the result of trials; of equal ones, the first is the best.

    Raises:
        NerTaggerError: if none has succeeded.
    """
    failed = [trial.user_attrs[ERROR] for trial in trials if ERROR in trial.user_attrs]
    done = [trial for trial in trials if trial.value is not None]
    if not done:
        raise NerTaggerError(f"{place}: no trial of {len(trials)} has succeeded, the first one: {''.join(failed[:1])}")
    names = [parameter.name for parameter in parameters]
    table = [({name: trial.params[name] for name in names}, trial.value) for trial in done]
    table.sort(key=lambda row: -row[1])
    return Tuned(*table[0], len(trials), table, failed)


@dataclass
class _Objective:
    """The mean dev F1 of the settings that a trial proposes."""

    config: Config
    parameters: Sequence[Parameter]
    seeds: int
    train: Train
    trials: int
    report: Report | None
    begun: int = 0

    def __call__(self, trial: Any) -> float:
        self.begun += 1
        return self._f1(trial, self.begun, trial.study.trials)

    def of_unit(self, trial: Any, number: int, ended: Ended) -> Outcome:
        """Return the outcome of a trial of a shared study; a training that fails is one, too."""
        # A seed of its own for each trial, as processes must not propose the same; mixed, as 1 and 2 begin alike.
        mixed = np.random.SeedSequence((self.config.training.seed, number)).generate_state(1)
        trial.study.sampler = _sampler(int(mixed[0]))
        try:
            return Outcome(self._f1(trial, number + 1, list(ended.values())))
        except TrainingError as error:
            logger.warning("trial %d has failed: %s", number + 1, error)
            return Outcome(None, error=str(error))

    def on_wait(self, ended: Ended) -> None:
        """Report that other processes do what is left."""
        if self.report is not None:
            waiting = f"waiting for {self.trials - len(ended)} of other processes"
            facts = [waiting, _best_so_far(list(ended.values()))]
            self.report("trial", len(ended) + 1, self.trials, "  ".join(filter(None, facts)))

    def _f1(self, trial: Any, number: int, before: Sequence[Any]) -> float:
        settings = {parameter.name: parameter.suggest(trial) for parameter in self.parameters}
        if self.report is not None:
            facts = "  ".join(filter(None, [_listed(settings), _best_so_far(before)]))
            self.report("trial", number, self.trials, facts)
        # Dev scores are those from before the refit, which no trial needs.
        fixed = {"data.test": [], "output.model": "", "output.run": ""}
        run = self.config.updated({"training.refit": 0, **settings, **fixed})
        return fmean(train_seeds(run, self.seeds, self.train, report=self.report).dev_f1)


def _sampler(seed: int) -> Any:
    """Return the sampler of one trial, which keeps away from the settings that others are trying."""
    optuna = load_optuna()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        return optuna.samplers.TPESampler(seed=seed, constant_liar=True)


def _best_so_far(trials: Sequence[Any]) -> str:
    """Return the best of some trials; empty if none has succeeded."""
    done = [trial for trial in trials if trial.value is not None]
    if not done:
        return ""
    best = max(done, key=lambda trial: (trial.value, -trial.number))
    return f"best dev F1 {100 * best.value:.2f} with {_listed(best.params)}"


def _listed(settings: Mapping[str, Any]) -> str:
    values = ((name, f"{value:.4g}" if isinstance(value, float) else value) for name, value in settings.items())
    return " ".join(f"{name}={value}" for name, value in values)


def _value(text: str) -> Any:
    """Return a number, boolean or string in TOML; a bare word is a string."""
    try:
        return load_toml(f"value = {text}")["value"]
    except ValueError:
        return text.strip()
