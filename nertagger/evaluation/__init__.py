"""Scores of predicted entities: precision, recall and F1 by conlleval's rules, error analysis and comparison."""

from nertagger.evaluation.scores import Counts, Rates, Scores
from nertagger.evaluation.scoring import evaluate
from nertagger.evaluation.tagger import evaluate_tagger

__all__ = ["Counts", "Rates", "Scores", "evaluate", "evaluate_tagger"]
