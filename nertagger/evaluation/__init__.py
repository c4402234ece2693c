"""Gold and predicted entities to scores: precision, recall and F1 a type and on the whole, by conlleval's rules."""

from nertagger.evaluation.scores import Counts, Rates, Scores
from nertagger.evaluation.scoring import evaluate

__all__ = ["Counts", "Rates", "Scores", "evaluate"]
