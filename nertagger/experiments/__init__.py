"""Experiments of several training runs: seeds, cross-validation, and the search for good settings."""

from nertagger.experiments.cross_validation import CrossValidation, cross_validate
from nertagger.experiments.runs import Runs, train_seeds
from nertagger.experiments.spread import Spread
from nertagger.experiments.storage import Shared
from nertagger.experiments.tuning import Parameter, Tuned, parse_parameter, tune

__all__ = [
    "CrossValidation",
    "Parameter",
    "Runs",
    "Shared",
    "Spread",
    "Tuned",
    "cross_validate",
    "parse_parameter",
    "train_seeds",
    "tune",
]
