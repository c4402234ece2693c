"""The scores of a finished model on the test split, which nothing else is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nertagger.evaluation import Scores, evaluate
from nertagger.runtime import Tagger
from nertagger.text.document import Sentence
from nertagger.text.schemes import convert_tags, detect_scheme
from nertagger.training.model_writing import in_memory


def score_members(members: Mapping[str, bytes], sentences: Sequence[Sentence]) -> Scores:
    """The scores of a model that is about to be written, those that `nertagger evaluate` will find."""
    tags = [sentence.tags or () for sentence in sentences]
    scheme = detect_scheme(tags)  # accuracy compares tags as they are written
    found = Tagger(in_memory(members)).tag_tokens([sentence.words for sentence in sentences])
    return evaluate(tags, [convert_tags(one, scheme) for one in found])
