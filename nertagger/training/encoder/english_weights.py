"""Which of the two English encoders a run starts from: that of masked words alone, or that of the English tagger.

A tagger that finds the entities of the training text, whatever it calls them, has weights that know such entities.
Where it does not find them, its annotated text has taught it to overlook them: then the weights of masked words are
better (`benchmarks/results/pretraining_pilot.md`).
"""

from __future__ import annotations

from collections.abc import Sequence

from nertagger import english
from nertagger.runtime import Tagger
from nertagger.text.document import Sentence
from nertagger.text.schemes import read_spans
from nertagger.training.encoder.encoder import Encoder

LEAST_FOUND = 0.4
"""The fraction of the entities that the tagger must find."""
_SAMPLE = 300  # sentences with an entity


def english_start(encoder: Encoder, train: Sequence[Sentence]) -> tuple[Encoder, str]:
    """Return the encoder of the English tagger if it fits the training text, else `encoder`; and the reason."""
    tagger = Tagger(english.tagger())
    share = found_share(tagger, train)
    found = f"its tagger finds {100 * share:.0f} % of the entities"
    if share < LEAST_FOUND:
        return encoder, f"{found}, so that it starts without what that has learned"
    return Encoder.of(tagger.model), found


def found_share(tagger: Tagger, train: Sequence[Sentence]) -> float:
    """Return the fraction of entities in a sample of sentences that a tagger finds, whatever it calls them."""
    gold = [(sentence.words, _places(sentence.tags or ())) for sentence in train]
    with_entities = [(words, places) for words, places in gold if places]
    sample = with_entities[:: max(1, len(with_entities) // _SAMPLE)]
    predicted = tagger.tag_tokens([words for words, _ in sample])
    found = sum(len(places & _places(tags)) for (_, places), tags in zip(sample, predicted, strict=True))
    return found / max(1, sum(len(places) for _, places in sample))


def _places(tags: Sequence[str]) -> set[tuple[int, int]]:
    return {(span.first, span.stop) for span in read_spans(tags)}
