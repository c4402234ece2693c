"""How the English tagger is trained on its text, and the helper that completes labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nertagger
from nertagger.runtime import Tagger
from nertagger.text.document import Sentence

SETTINGS: Mapping[str, Any] = {
    "text.tokenizer": "general",
    "training.epochs": 7,
    "training.refit": 3,
    "training.lower_case": 0.0,  # the text has such sentences already, see letter_case.py
    "training.entity_bias": False,  # it does not carry over to text of other sources
}
"""What differs from the default."""
HELPER_SENTENCES = 3000
_HELPER = {**SETTINGS, "training.epochs": 1, "training.refit": 1}
_HELD_OUT = 20  # one of this many sentences scores the epochs, and is trained on in the last


def train(sentences: Sequence[Sentence], encoder: Path, settings: Mapping[str, Any]) -> Tagger:
    """Return a tagger that is trained on the sentences, in memory, from an encoder."""
    dev = sentences[::_HELD_OUT]
    training = [sentence for i, sentence in enumerate(sentences) if i % _HELD_OUT]
    return nertagger.train(train=training, dev=dev, config={**settings, "encoder.source": str(encoder)})


def train_helper(sentences: Sequence[Sentence], encoder: Path) -> Tagger:
    """Return a tagger that is trained on some of the sentences."""
    return train(sentences[:HELPER_SENTENCES], encoder, _HELPER)
