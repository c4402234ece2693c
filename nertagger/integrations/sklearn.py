"""The tagger as a scikit-learn estimator, a drop-in for ``sklearn_crfsuite.CRF``: lists of tokens in, of tags out.

>>> from sklearn.base import clone
>>> clone(BiLSTMTagger(units=50)).get_params()["units"]
50
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from nertagger.config import Config, toml_value
from nertagger.corpus import BLANK_TOKEN, write
from nertagger.errors import ConfigError, DataError
from nertagger.evaluation import evaluate
from nertagger.runtime import Tagger
from nertagger.text.arguments import check_fraction, check_sentence, check_sentences, shown
from nertagger.text.document import Sentence
from nertagger.text.schemes import OUTSIDE, TagScheme, convert_tags, detect_scheme, split_tag

logger = logging.getLogger(__name__)

_SECTIONS = {
    "epochs": "training",
    "batch_size": "training",
    "learning_rate": "training",
    "seed": "training",
    "cell": "network",
    "direction": "network",
    "layers": "network",
    "units": "network",
    "dropout": "network",
    "output": "network",
}
_FORMAT = "jsonl-tokens"  # holds any token
_MERGED = {"S": "B", "E": "I"}  # BIOES prefixes as those of IOB2
_BILOU = {"S": "U", "E": "L"}


class BiLSTMTagger(BaseEstimator):  # type: ignore[misc]
    """A stacked BiLSTM-CRF that is fitted to tagged sentences.

    Args:
        vectors: file of word vectors; None to learn them.
        epochs, batch_size, learning_rate, seed: settings of training; None for the default.
        cell, direction, layers, units, dropout, output: settings of the network; None for the default.
        dev_fraction: of the sentences of `fit`, evenly taken from all of them: those choose the epoch.
        settings: any other settings by their dotted names, ``{"characters.encoder": "bilstm"}``.
        verbose: whether `fit` shows progress; see `nertagger.train`.

    Attributes:
        tagger_: the fitted `nertagger.runtime.Tagger`.
        classes_: the tags of the training sentences, in alphabetical order.
        scheme_: the scheme of these tags, in which `predict` answers.
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

    def fit(self, X: Sequence[Sequence[str]], y: Sequence[Sequence[str]]) -> Self:
        """Train on sentences.

        Args:
            X: the tokens of each sentence.
            y: as many tags, in any scheme.

        Raises:
            DataError: if X and y are not words and tags, do not fit each other, or are too few.
            ConfigError: for a setting that there is not, or is wrong.
            MissingExtraError: if what training needs is not installed.
        """
        rest, held_out = _hold_out(_sentences(X, y), self.dev_fraction)
        from nertagger.training import train  # takes seconds: not before X and y are known to be good

        with TemporaryDirectory() as folder:
            write(f"{folder}/train", rest, format=_FORMAT)
            write(f"{folder}/dev", held_out, format=_FORMAT)
            train(self._config(folder), is_kept=False, verbose=self.verbose)
            self._load(Path(folder, "model.ner").read_bytes())
        self.classes_ = sorted({tag for tags in y for tag in tags})
        self.scheme_ = detect_scheme(y)
        return self

    def predict(self, X: Sequence[Sequence[str]]) -> list[list[str]]:
        """The tags of each sentence, in the scheme of the training tags."""
        check_is_fitted(self, "scheme_")
        return [convert_tags(tags, self.scheme_) for tags in self.tagger_.tag_tokens(X)]

    def predict_marginals(self, X: Sequence[Sequence[str]]) -> list[list[dict[str, float]]]:
        """The probability of each tag at each token, by tag; IOB1 is answered in IOB2."""
        check_is_fitted(self, "scheme_")
        names = _marginal_names(self.tagger_.tags, self.scheme_)
        return [[_by_name(names, row) for row in marginals] for marginals in self.tagger_.posteriors(X)]

    def score(self, X: Sequence[Sequence[str]], y: Sequence[Sequence[str]]) -> float:
        """The micro F1 of the entities, by conlleval's rules."""
        return evaluate(y, self.predict(X)).micro.f1

    def _config(self, folder: str) -> Config:
        chosen = {f"{section}.{name}": getattr(self, name) for name, section in _SECTIONS.items()}
        if not isinstance(self.settings, Mapping | None):
            raise ConfigError(f'settings: got {shown(self.settings)}, expected a dict, {{"characters.units": 50}}')
        chosen |= {"words.vectors": self.vectors, **(self.settings or {})}
        chosen |= {"data.train": [f"{folder}/train"], "data.dev": [f"{folder}/dev"], "data.format": _FORMAT}
        chosen["output.model"] = f"{folder}/model.ner"
        overrides = [f"{name}={toml_value(value)}" for name, value in chosen.items() if value is not None]
        try:
            return Config.from_values({}, overrides, source="settings")
        except ConfigError as error:
            message = str(error)
            for override in overrides:  # the name by which a command line would give it says nothing here
                message = message.removeprefix(f"--set {override}: ")
            raise ConfigError(message) from None

    def _load(self, model: bytes) -> None:
        """Open a model file, whose bytes are kept: they can be pickled, what runs the network cannot."""
        self._model = model
        with TemporaryDirectory() as folder:
            path = Path(folder, "model.ner")
            path.write_bytes(model)
            self.tagger_ = Tagger.load(path)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "tagger_"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        if "_model" in state:
            self._load(state["_model"])


def _sentences(X: Sequence[Sequence[str]], y: Sequence[Sequence[str]]) -> list[Sentence]:
    """The sentences that are not empty, with their tags.

    Raises:
        DataError: for anything that is not as many words and tags, with the number of the sentence.
    """
    check_sentences(X, place="X", counted=True)
    check_sentences(y, place="y", of="tags", counted=True)
    for number, (words, tags) in enumerate(zip(X, y, strict=False), 1):
        _check_pair(words, tags, f"sentence {number}")
    if len(X) != len(y):
        raise DataError(f"got {len(X)} sentences of words and {len(y)} of tags, expected as many")
    if not any(tag != OUTSIDE for tags in y for tag in tags):
        raise DataError(f"got {len(y)} sentences without an entity, expected tags such as B-PER among the O")
    blanks = [number for number, words in enumerate(X, 1) if BLANK_TOKEN in map(_word, words)]
    if blanks:
        found = f"first in sentence {blanks[0]}"
        logger.warning("%d sentences hold blank words, read as %r, %s", len(blanks), BLANK_TOKEN, found)
    pairs = zip(X, y, strict=True)
    return [Sentence.from_words(tuple(map(_word, words)), tags=tuple(tags)) for words, tags in pairs if len(words)]


def _check_pair(words: Sequence[str], tags: Sequence[str], place: str) -> None:
    check_sentence(words, place)
    check_sentence(tags, place, of="tags")
    if len(words) != len(tags):
        raise DataError(f"{place}: got {len(words)} words and {len(tags)} tags, expected as many")
    for number, (word, tag) in enumerate(zip(words, tags, strict=True), 1):
        try:
            split_tag(tag)
            word.encode()
        except DataError as error:
            raise DataError(f"{place}, word {number}: {error}") from None
        except UnicodeEncodeError:
            raise DataError(f"{place}, word {number}: {word!r} holds half a surrogate pair, no character") from None


def _word(word: str) -> str:
    return word if word.strip(" \t\r\n") else BLANK_TOKEN


def _hold_out(sentences: Sequence[Sentence], fraction: float) -> tuple[list[Sentence], list[Sentence]]:
    """The sentences in two, every so manieth in the second part."""
    check_fraction("dev_fraction", fraction)
    step = round(1 / fraction) if 0 < fraction <= 0.5 else 0
    if not step or len(sentences) < step:
        got = f"{len(sentences)} sentences and dev_fraction {fraction}"
        raise DataError(f"got {got}, expected at least one sentence for dev, and a fraction above 0 and at most 0.5")
    return [sentence for n, sentence in enumerate(sentences, 1) if n % step], list(sentences[step - 1 :: step])


def _marginal_names(tags: Sequence[str], scheme: TagScheme) -> list[str]:
    """What each BIOES tag is called in a scheme; tags of one name are added up."""
    prefixes = {TagScheme.BIOES: {}, TagScheme.BILOU: _BILOU}.get(scheme, _MERGED)
    return [tag if tag == OUTSIDE else prefixes.get(tag[0], tag[0]) + tag[1:] for tag in tags]


def _by_name(names: Sequence[str], probabilities: np.ndarray) -> dict[str, float]:
    found = dict.fromkeys(names, 0.0)
    for name, probability in zip(names, probabilities.tolist(), strict=True):
        found[name] += probability
    return found
