"""How well the tokens of a spaCy pipeline agree with those that a model was trained on."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from nertagger.text.document import Document
from nertagger.text.tokenization.profiles import Agreement
from nertagger.text.tokenization.tokenizer import words_and_starts

if TYPE_CHECKING:
    from nertagger.runtime import Tagger

logger = logging.getLogger(__name__)
_SAMPLE = 1_000  # tokens to compare
_FEWEST = 100  # tokens that can show a mismatch


class TokenStyle:
    """Compares the first thousand tokens of a pipeline with those of a model's tokenizer, and warns of a mismatch once.

    Args:
        tagger: the model.
        name: the name of the component, for the warning.
    """

    def __init__(self, tagger: Tagger, name: str) -> None:
        self._model, self._tokenizer, self._name = tagger.model.path.name, tagger.tokenizer, name
        self._tokens = self._expected = self._common = 0
        self._is_done = False

    @property
    def f1(self) -> float:
        """The F1 of the tokens seen so far, from 0 to 1: one is correct if it begins and ends as the model's does."""
        total = self._tokens + self._expected
        return 2 * self._common / total if total else 1.0

    def compare(self, document: Document) -> None:
        """Compare the tokens of a document, unless enough have been compared."""
        if self._is_done:
            return
        words, starts = words_and_starts(document.text, self._tokenizer.profile)
        expected = {(start, start + len(word)) for word, start in zip(words, starts, strict=True)}
        found = {(token.start, token.end) for sentence in document.sentences for token in sentence.tokens}
        self._tokens += len(found)
        self._expected += len(expected)
        self._common += len(found & expected)
        self._is_done = self._tokens >= _SAMPLE
        if self._tokens >= _FEWEST:
            self._warn()

    def _warn(self) -> None:
        """Warn if the tokens are not like those of training, as far as is known."""
        agrees = Agreement(self._tokenizer.profile, self.f1).fits
        if agrees == self._tokenizer.fits:
            return  # as in training; or other than the tokens that are known to differ from training
        percent = f"{100 * self.f1:.1f} % agree in {self._tokens} tokens"
        if self._tokenizer.fits:
            problem = f"spaCy's tokens differ from those that the model was trained on ({percent})"
        else:
            problem = f"spaCy's tokens are those of raw text ({percent}), on which the model was not trained"
        remedy = "use a tokenizer of spaCy that splits words as the training data does"
        logger.warning("%s (%s): %s: entities may be missed or cut short; %s", self._name, self._model, problem, remedy)
        self._is_done = True
