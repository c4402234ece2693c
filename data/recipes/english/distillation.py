"""Distillation: one network is trained on text that a committee of three has labelled, then on the annotated text.

The committee is more accurate than one network and three times slower. A single network that is trained on its labels,
of much more text than is annotated, keeps a part of the gain at its own speed (Bucila et al. 2006, "Model Compression";
Hinton et al. 2015, "Distilling the Knowledge in a Neural Network").
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from leakage import ScoredText
from letter_case import vary_case
from training import SETTINGS, train

from nertagger.files.reading import open_text
from nertagger.runtime import Tagger
from nertagger.text.document import Document, Sentence
from nertagger.text.passages import read_passages
from nertagger.text.segment import segment

logger = logging.getLogger(__name__)
_FINE_TUNED: Mapping[str, Any] = {"words.fine_tune": 80}  # in so much text; each such word takes room in the file
_COMMITTEE: Mapping[str, Any] = {**SETTINGS, "training.members": 3, "training.epochs": 4, "training.refit": 1}
_ON_ITS_LABELS: Mapping[str, Any] = {**SETTINGS, **_FINE_TUNED, "training.epochs": 2, "training.refit": 1}
_ON_ANNOTATION: Mapping[str, Any] = {
    **SETTINGS,
    **_FINE_TUNED,
    "training.epochs": 1,
    "training.refit": 1,
    "training.learning_rate": 0.0025,  # at twice this rate, and in five epochs, most of the gain is lost again
}
_SEED, _MIXING_SEED = 18, 5
_RAW_SENTENCES = 100_000
_CONFIDENCE = 0.6  # a sentence with an entity of less is left out
_WITHOUT_ENTITIES = 0.25  # the fraction kept of sentences in which the committee finds nothing
_SHORTEST, _LONGEST = 5, 60  # tokens


def distilled(text: Sequence[Sentence], unlabelled: Sequence[Sequence[Sentence]], encoder: Path) -> Tagger:
    """Return a tagger that is trained on a committee's labels, then on the annotated text.

    Args:
        text: annotated sentences, which the committee is trained on.
        unlabelled: other sentences, of one source or several.
        encoder: what the committee and the first of the two trainings start from.
    """
    committee = train(text, encoder, _COMMITTEE)
    parts = [list(labelled(committee, sentences)) for sentences in unlabelled]
    logger.info("labelled by the committee: %s sentences", " and ".join(f"{len(part):,}" for part in parts))
    rng = random.Random(_MIXING_SEED)
    mixed = [*text, *vary_case([sentence for part in parts for sentence in part], rng=rng)]
    rng.shuffle(mixed)
    with TemporaryDirectory() as folder:
        first = Path(folder) / "first.ner"
        train(mixed, encoder, _ON_ITS_LABELS).save(first)
        return train(text, first, _ON_ANNOTATION)


def raw_sentences(path: Path, scored: ScoredText, *, count: int = _RAW_SENTENCES) -> list[Sentence]:
    """Return random sentences of a text that are not scored."""
    with open_text(path) as stream:
        found = (sentence for _, passage in read_passages(stream) for sentence in segment(passage).sentences)
        usable = [tuple(sentence.words) for sentence in found if _SHORTEST <= len(sentence) <= _LONGEST]
    chosen = random.Random(_SEED).sample(usable, min(count, len(usable)))
    kept, _ = scored.without(Sentence.from_words(words, source="raw") for words in chosen)
    return kept


def labelled(committee: Tagger, sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """Yield the sentences that the committee is sure of, with its tags in place of their own."""
    rng = random.Random(_SEED)
    plain = [Sentence.from_words(sentence.words, source=sentence.source) for sentence in sentences]
    documents = committee.tag_documents(map(Document.from_sentence, plain))
    for sentence, document in zip(plain, documents, strict=True):
        if any((entity.confidence or 0) < _CONFIDENCE for entity in document.entities):
            continue
        if document.entities or rng.random() < _WITHOUT_ENTITIES:
            yield Sentence.from_words(sentence.words, tags=document.sentences[0].tags, source=sentence.source)
