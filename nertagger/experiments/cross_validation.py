"""Cross-validation: each part of a corpus is scored by a model that was trained on the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from nertagger.config import Config
from nertagger.corpus import read_documents
from nertagger.corpus.splitting import SplitUnit, split_into_folds
from nertagger.evaluation import Scores, evaluate
from nertagger.evaluation.tagger import tag_gold
from nertagger.experiments.runs import Report, Train
from nertagger.experiments.spread import Spread
from nertagger.runtime import Tagger
from nertagger.text.document import Document, Sentence


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """The scores of each fold.

    Attributes:
        folds: the scores of each fold, in order.
        together: the scores of all folds as one corpus, each sentence tagged once.
    """

    folds: list[Scores]
    together: Scores

    @property
    def f1(self) -> Spread:
        """Return the spread of the folds' micro F1."""
        return Spread.of([scores.micro.f1 for scores in self.folds])

    def to_dict(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        folds = [scores.to_dict() for scores in self.folds]
        return {"f1": self.f1._asdict(), "together": self.together.to_dict(), "folds": folds}

    def report(self) -> str:
        """Return one line per fold, their spread, and the table of all together, for people."""
        lines = [f"fold {n}: F1 {100 * scores.micro.f1:.2f}" for n, scores in enumerate(self.folds, 1)]
        return "\n".join([*lines, f"F1 of {len(self.folds)} folds: {self.f1}", "", self.together.report()])


def cross_validate(
    config: Config, number: int, train: Train, *, by: SplitUnit = SplitUnit.SENTENCE, report: Report | None = None
) -> CrossValidation:
    """Train and score once for each of `number` folds of the configuration's training files.

    The folds have like proportions of labels and share no sentence (see `nertagger.corpus.splitting`). Each run holds
    out some of its own training sentences to choose its epoch: the fold itself is never seen before it is scored. Dev
    and test files and the name of the model are not used; no model file is written.

    Args:
        config: the training files and all other settings.
        number: the number of folds.
        train: trains a tagger, such as `nertagger.train`.
        by: what is never divided between folds.
        report: called when a fold begins.

    Raises:
        DataError: if the files cannot be read, or hold too few sentences.
    """
    pairs = split_into_folds(_documents(config), number, by=by, seed=config.training.seed)
    gold: list[Sentence] = []
    found: list[Sequence[str]] = []
    scores: list[Scores] = []
    for rest, fold in pairs:
        if report is not None:
            report("fold", len(scores) + 1, number, _so_far(scores))
        sentences = [sentence for document in fold for sentence in document.sentences if sentence.words]
        tagged = tag_gold(_train(config, rest, train), sentences)
        scores.append(tagged.scores())
        gold += sentences
        found += tagged.predicted
    return CrossValidation(scores, evaluate(gold, found))


def _so_far(scores: Sequence[Scores]) -> str:
    """Return the mean F1 of the first folds; empty before the first is scored."""
    return f"mean F1 {100 * fmean(one.micro.f1 for one in scores):.2f}" if scores else ""


def _train(config: Config, documents: Sequence[Document], train: Train) -> Tagger:
    """Return a tagger trained on the documents, without the files and the output of the configuration."""
    settings = {"data.train": [], "data.dev": [], "data.test": [], "output.model": "", "output.run": ""}
    return train(config.updated(settings), train=documents)


def _documents(config: Config) -> list[Document]:
    data = config.data
    return [document for path in data.train for document in read_documents(path, **data.reading)]
