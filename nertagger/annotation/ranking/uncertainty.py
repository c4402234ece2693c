"""How uncertain a model is of sentences, from the exact posteriors of its output layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from nertagger.annotation.store.models import Predicted, Proposal
from nertagger.annotation.store.texts import StoredSentence
from nertagger.decoding.predictions import SentenceDetails
from nertagger.grouping import batches_of
from nertagger.runtime import Tagger
from nertagger.text.document import Document

_AT_ONCE = 200  # sentences


def predict(tagger: Tagger, sentences: Iterable[StoredSentence]) -> Iterator[list[Predicted]]:
    """Yield the predictions for sentences in batches, each with measures of how uncertain the model is."""
    for batch in batches_of(sentences, _AT_ONCE):
        documents = [Document(one.text, (one.sentence,)) for one in batch]
        found = [details for _, (details,) in tagger.tag_in_detail(documents, n_best=2, posteriors=True)]
        vectors = tagger.engine.mean_vectors([one.words for one in batch])
        yield [
            predicted(one.number, details, vector) for one, details, vector in zip(batch, found, vectors, strict=True)
        ]


def predicted(sentence: int, details: SentenceDetails, vector: np.ndarray) -> Predicted:
    """Return what a model predicts for a sentence, from its two best labellings and its posteriors.

    Args:
        sentence: the number of the sentence.
        details: the predictions of the model.
        vector: the mean of the word vectors of the sentence (D,).
    """
    proposals = [Proposal(one.span, one.confidence) for one in details.predictions]
    labellings, posteriors = details.labellings or [], details.posteriors
    best, second = ([*(one.probability for one in labellings), 0.0, 0.0])[:2]
    if posteriors is None or not len(posteriors):
        return Predicted(sentence, proposals, best, second, 1.0, 0.0, vector.astype(np.float16))
    errors = float((1 - posteriors.max(axis=1)).sum())
    least = min([*(one.confidence for one in proposals), 1 - _missed(proposals, posteriors)])
    return Predicted(sentence, proposals, best, second, least, errors, vector.astype(np.float16))


def _missed(proposals: Sequence[Proposal], posteriors: np.ndarray) -> float:
    """Return the highest probability of an entity at a token that no predicted entity has; tag 0 is ``O``."""
    inside = 1 - posteriors[:, 0]
    for span, _ in proposals:
        inside[span.first : span.stop] = 0
    return float(inside.max())
