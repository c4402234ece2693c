"""Rules beside a model: the decoder of a batch that knows what rules found in its sentences."""

from __future__ import annotations

from collections.abc import Sequence

from nertagger.decoding.predictions import Decoder, Prediction
from nertagger.errors import DataError
from nertagger.rules.decoder import RuledDecoder
from nertagger.rules.rules import Precedence, Rules
from nertagger.text.arguments import shown
from nertagger.text.tokenization.profiles import Profile

_CONFIDENCE = 1.0  # of what a rule says; where rules win, it is the posterior of the entity given the rules


class Ruling:
    """Rules, prepared for the text of one model.

    Attributes:
        rules: the rules.
    """

    def __init__(self, rules: Rules, decoder: Decoder, profile: Profile) -> None:
        """Prepare rules for the decoder of a model, whose raw text is tokenized by a profile.

        Raises:
            DataError: if the rules are something else, such as the path of their file.
        """
        if not isinstance(rules, Rules):
            remedy = "files are for nertagger.Rules(gazetteers=..., patterns=...)"
            raise DataError(got=shown(rules), expected=f"Rules; {remedy}")
        self.rules = rules
        self._decoder, self._matcher = decoder, rules.matcher(profile)

    def decoder(self, sentences: Sequence[Sequence[str]]) -> Decoder:
        """Return the decoder of a batch of sentences."""
        found = [
            [Prediction(span, _CONFIDENCE, rule) for span, rule in self._matcher.match(words)] for words in sentences
        ]
        return RuledDecoder(self._decoder, found, win=self.rules.precedence is Precedence.FIRST)
