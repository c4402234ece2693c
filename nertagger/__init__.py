"""nertagger: train, run and score named-entity taggers built on a stacked bidirectional LSTM.

>>> import nertagger
>>> scores = nertagger.evaluate([["B-PER", "O"]], [["B-PER", "O"]])
>>> scores.micro.f1
1.0
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from nertagger._version import __version__
from nertagger.deprecation import renamed

if TYPE_CHECKING:
    from nertagger import corpus, english, errors
    from nertagger.config import Config
    from nertagger.corpus import read, write
    from nertagger.dates.normalizer import normalize_date
    from nertagger.evaluation import evaluate, evaluate_tagger
    from nertagger.rules import Rules
    from nertagger.runtime import Tagger, load
    from nertagger.text import Document, Entity, Sentence
    from nertagger.training import train

__all__ = [
    "Config",
    "Document",
    "Entity",
    "Rules",
    "Sentence",
    "Tagger",
    "__version__",
    "corpus",
    "english",
    "errors",
    "evaluate",
    "evaluate_tagger",
    "load",
    "normalize_date",
    "read",
    "train",
    "write",
]

# Looked up on first use, so that importing the package is fast and only `train` needs Keras.
_HOMES = {
    "Config": "nertagger.config",
    "Document": "nertagger.text",
    "Entity": "nertagger.text",
    "Rules": "nertagger.rules",
    "Sentence": "nertagger.text",
    "Tagger": "nertagger.runtime",
    "evaluate": "nertagger.evaluation",
    "evaluate_tagger": "nertagger.evaluation",
    "load": "nertagger.runtime",
    "normalize_date": "nertagger.dates.normalizer",
    "read": "nertagger.corpus",
    "train": "nertagger.training",
    "write": "nertagger.corpus",
}
_FORMER = {"normalize": "normalize_date"}
_MODULES = ("corpus", "english", "errors")


def _look_up(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name in _FORMER:
        present = _FORMER[name]
        return renamed(_look_up(present), old=f"{__name__}.{name}", new=f"{__name__}.{present}")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


if not TYPE_CHECKING:  # type checkers would accept every name
    __getattr__ = _look_up


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, *_MODULES})
