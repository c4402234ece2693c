"""The tagger as a scikit-learn estimator, a drop-in for ``sklearn_crfsuite.CRF``: lists of tokens in, of tags out.

>>> from sklearn.base import clone
>>> clone(BiLSTMTagger(units=50)).get_params()["units"]
50
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np

from nertagger.config import Config
from nertagger.errors import ConfigError, DataError, requires_extra
from nertagger.evaluation import evaluate
from nertagger.modelfile.reader import ModelSource
from nertagger.modelfile.schema import Member
from nertagger.printable import counted
from nertagger.runtime import Tagger
from nertagger.text.arguments import check_fraction, check_sentences, shown
from nertagger.text.document import Sentence
from nertagger.text.in_memory import tagged_sentences
from nertagger.text.schemes import OUTSIDE, TagScheme, convert_tags, detect_scheme

with requires_extra("the estimator of scikit-learn", "sklearn"):
    from sklearn.base import BaseEstimator
    from sklearn.utils.validation import check_is_fitted

_SETTINGS = {
    "vectors": "words.vectors",
    "epochs": "training.epochs",
    "batch_size": "training.batch_size",
    "learning_rate": "training.learning_rate",
    "seed": "training.seed",
    "cell": "network.cell",
    "direction": "network.direction",
    "layers": "network.layers",
    "units": "network.units",
    "dropout": "network.dropout",
    "output": "network.output",
}
_MERGED = {"S": "B", "E": "I"}  # BIOES prefixes as those of IOB2
_BILOU = {"S": "U", "E": "L"}


class BiLSTMTagger(BaseEstimator):  # type: ignore[misc]
    """A stacked BiLSTM-CRF, fitted to tagged sentences.

    Args:
        vectors: file of word vectors; None for those of the encoder on English text, else learned ones.
        epochs, batch_size, learning_rate, seed: settings of the training; None for the default.
        cell, direction, layers, units, dropout, output: settings of the network; None for the default.
        dev_fraction: the fraction of the sentences that `fit` holds out as dev sentences, if it is given none.
        settings: any other settings by their dotted names, ``{"characters.encoder": "bilstm"}``.
        verbose: whether `fit` shows progress; see `nertagger.train`.

    Attributes:
        tagger_: the fitted `nertagger.runtime.Tagger`.
        classes_: the tags of the training sentences, in alphabetical order.
        scheme_: the scheme of these tags, which `predict` uses too.
    """

    def __init__(
        self,
        vectors: str | None = None,
        epochs: int | None = None,
        batch_size: int | None = None,
        learning_rate: float | None = None,
        seed: int | None = None,
        cell: str | None = None,
        direction: str | None = None,
        layers: int | None = None,
        units: int | None = None,
        dropout: float | None = None,
        output: str | None = None,
        dev_fraction: float = 0.1,
        settings: dict[str, Any] | None = None,
        verbose: bool | None = None,
    ) -> None:
        self.vectors = vectors
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.seed = seed
        self.cell = cell
        self.direction = direction
        self.layers = layers
        self.units = units
        self.dropout = dropout
        self.output = output
        self.dev_fraction = dev_fraction
        self.settings = settings
        self.verbose = verbose

    def fit(
        self,
        X: Sequence[Sequence[str]],
        y: Sequence[Sequence[str]],
        X_dev: Sequence[Sequence[str]] | None = None,
        y_dev: Sequence[Sequence[str]] | None = None,
    ) -> Self:
        """Train on sentences.

        Args:
            X: the tokens of each sentence.
            y: as many tags, in any scheme.
            X_dev, y_dev: the sentences that each epoch is scored on, and that the last epochs train on too unless
                ``settings={"training.refit": 0}``; None to hold out `dev_fraction` of the others.

        Raises:
            DataError: if X and y are not words and tags, do not fit each other, or are too few; likewise X_dev and
                y_dev.
            ConfigError: if a setting does not exist, or has a wrong value.
            MissingExtraError: if the packages that training needs are not installed.
        """
        sentences = _sentences(X, y)
        if X_dev is None and y_dev is None:
            rest, held_out = _hold_out(sentences, self.dev_fraction)
        else:
            rest, held_out = sentences, _sentences(X_dev, y_dev, names=("X_dev", "y_dev"))
        config = self._config()
        from nertagger.training import train  # takes seconds: not before X and y are known to be good

        self.tagger_ = train(config, train=rest, dev=held_out, verbose=self.verbose)
        self.classes_ = sorted({tag for tags in y for tag in tags})
        self.scheme_ = detect_scheme(y)
        return self

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the fitted tagger as a model file ``NAME.ner``, which every part of nertagger reads.

        Raises:
            NerTaggerError: if it cannot be written.
        """
        check_is_fitted(self, "scheme_")
        self.tagger_.save(path)

    @classmethod
    def load(cls, path: ModelSource, *, scheme: str = TagScheme.IOB2) -> Self:
        """Return the fitted estimator of a model file, whoever trained it, with the settings of its training.

        Args:
            path: the file ``NAME.ner``, or its bytes; ``"english"`` is the English tagger of the package.
            scheme: the scheme of the tags that it predicts, which a model file does not hold: ``"IOB2"``, ...

        Raises:
            NerTaggerError: if the file is not a tagger, or there is no such scheme.
        """
        tagger = Tagger.load(path)
        stored = Config.from_stored(tagger.model.text(Member.CONFIG), source=str(tagger.model.path))
        places = {name: setting.split(".") for name, setting in _SETTINGS.items()}
        loaded = cls(**{name: getattr(getattr(stored, part), key) for name, (part, key) in places.items()})
        loaded.tagger_, loaded.scheme_ = tagger, _scheme(scheme)
        loaded.classes_ = sorted(set(_marginal_names(tagger.tags, loaded.scheme_)))
        return loaded

    def predict(self, X: Sequence[Sequence[str]]) -> list[list[str]]:
        """Return the tags of each sentence, in the scheme of the training tags."""
        check_is_fitted(self, "scheme_")
        return [convert_tags(tags, self.scheme_) for tags in self.tagger_.tag_tokens(X)]

    def predict_marginals(self, X: Sequence[Sequence[str]]) -> list[list[dict[str, float]]]:
        """Return the probability of each tag at each token, by tag; for IOB1, in IOB2."""
        check_is_fitted(self, "scheme_")
        names = _marginal_names(self.tagger_.tags, self.scheme_)
        return [[_by_name(names, row) for row in marginals] for marginals in self.tagger_.posteriors(X)]

    def score(self, X: Sequence[Sequence[str]], y: Sequence[Sequence[str]]) -> float:
        """Return the micro F1 of the entities, by conlleval's rules."""
        return evaluate(y, self.predict(X)).micro.f1

    def __sklearn_tags__(self) -> Any:
        """Return what scikit-learn asks of an estimator: sentences are no arrays, and `fit` needs their tags."""
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        tags.target_tags.required = True
        tags.non_deterministic = False
        return tags

    def _config(self) -> Config:
        if not isinstance(self.settings, Mapping | None):
            raise ConfigError(f'settings: got {shown(self.settings)}, expected a dict, {{"characters.units": 50}}')
        named = {setting: getattr(self, name) for name, setting in _SETTINGS.items()}
        chosen = {**named, **(self.settings or {})}
        values = {name: value for name, value in chosen.items() if value is not None}
        return Config().updated(values, source=type(self).__name__)


def _scheme(name: str) -> TagScheme:
    try:
        return TagScheme(name)
    except ValueError as error:
        raise DataError(f"scheme: got {shown(name)}, expected one of {', '.join(TagScheme)}") from error


def _sentences(X: Any, y: Any, *, names: tuple[str, str] = ("X", "y")) -> list[Sentence]:
    """Return the sentences that are not empty, with their tags.

    Raises:
        DataError: if X and y are not as many words and tags, with the number of the sentence.
    """
    check_sentences(X, place=names[0], counted=True)
    check_sentences(y, place=names[1], of="tags", counted=True)
    sentences = tagged_sentences(zip(X, y, strict=False))
    if len(X) != len(y):
        raise DataError(f"got {counted(len(X), 'sentence')} of words and {len(y)} of tags, expected as many")
    if not any(tag != OUTSIDE for tags in y for tag in tags):
        raise DataError(f"got {counted(len(y), 'sentence')} without an entity, expected tags such as B-PER among the O")
    return sentences


def _hold_out(sentences: Sequence[Sentence], fraction: float) -> tuple[list[Sentence], list[Sentence]]:
    """Return the sentences in two parts; every nth is in the second, so that it is `fraction` of all."""
    check_fraction("dev_fraction", fraction)
    step = round(1 / fraction) if 0 < fraction <= 0.5 else 0
    if not step or len(sentences) < step:
        got = f"{counted(len(sentences), 'sentence')} and dev_fraction {fraction}"
        raise DataError(f"got {got}, expected at least one sentence for dev, and a fraction above 0 and at most 0.5")
    return [sentence for n, sentence in enumerate(sentences, 1) if n % step], list(sentences[step - 1 :: step])


def _marginal_names(tags: Sequence[str], scheme: TagScheme) -> list[str]:
    """Return the name of each BIOES tag in a scheme; several tags may have one name."""
    prefixes = {TagScheme.BIOES: {}, TagScheme.BILOU: _BILOU}.get(scheme, _MERGED)
    return [tag if tag == OUTSIDE else prefixes.get(tag[0], tag[0]) + tag[1:] for tag in tags]


def _by_name(names: Sequence[str], probabilities: np.ndarray) -> dict[str, float]:
    """Return the sum of the probabilities of each name."""
    found = dict.fromkeys(names, 0.0)
    for name, probability in zip(names, probabilities.tolist(), strict=True):
        found[name] += probability
    return found
