"""How the English tagger is trained on its text, and the helper that completes labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import nertagger
from nertagger.runtime import Tagger
from nertagger.text.document import Sentence

SETTINGS: Mapping[str, Any] = {
    "text.tokenizer": "general",
    "training.epochs": 3,
    "training.refit": 2,
    "training.skip_empty": 0.3,
    "training.lower_case": 0.1,
    "training.entity_bias": False,
}
"""What differs from the default; dev sentences are a part of the training text that is held out at first."""
HELPER = {"training.epochs": 2, "training.refit": 1}
_HELD_OUT = 20  # one of this many sentences scores the epochs


def train(sentences: Sequence[Sentence], settings: Mapping[str, Any]) -> Tagger:
    """Return a tagger that is trained on the sentences, in memory."""
    dev = sentences[::_HELD_OUT]
    training = [sentence for i, sentence in enumerate(sentences) if i % _HELD_OUT]
    return nertagger.train(train=training, dev=dev, config={**SETTINGS, **settings})
