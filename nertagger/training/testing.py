"""The scores of a finished model on the test split, which training uses for nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nertagger.evaluation import Scores, evaluate_tagger
from nertagger.runtime import Tagger
from nertagger.text.document import Sentence
from nertagger.training.model_writing import in_memory


def score_members(members: Mapping[str, bytes], sentences: Sequence[Sentence]) -> Scores:
    """Return the scores of a model that is about to be written, equal to those of `nertagger evaluate`."""
    return evaluate_tagger(Tagger(in_memory(members)), sentences)
