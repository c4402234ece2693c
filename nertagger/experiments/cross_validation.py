"""A score for each part of a corpus by a model that was trained on the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any

from nertagger.config import Config
from nertagger.corpus import read_documents, save_documents
from nertagger.corpus.splitting import SplitUnit, split_into_folds
from nertagger.evaluation import Scores, evaluate
from nertagger.experiments.runs import Report, Train, changed
from nertagger.experiments.spread import Spread
from nertagger.text.document import Document, Sentence
from nertagger.text.schemes import convert_tags, detect_scheme

_FORMAT = "jsonl-tokens"  # holds any token


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """The scores of each fold.

    Attributes:
        folds: in order.
        together: of all folds as one, each sentence tagged once.
    """

    folds: list[Scores]
    together: Scores

    @property
    def f1(self) -> Spread:
        """Of the micro F1 of the folds."""
        return Spread.of([scores.micro.f1 for scores in self.folds])

    def to_dict(self) -> dict[str, Any]:
        """The object that ``--json`` prints."""
        folds = [scores.to_dict() for scores in self.folds]
        return {"f1": self.f1._asdict(), "together": self.together.to_dict(), "folds": folds}

    def report(self) -> str:
        """A line a fold, their spread, and the table of all together, for people."""
        lines = [f"fold {n}: F1 {100 * scores.micro.f1:.2f}" for n, scores in enumerate(self.folds, 1)]
        return "\n".join([*lines, f"F1 of {len(self.folds)} folds: {self.f1}", "", self.together.report()])


def cross_validate(
    config: Config, number: int, train: Train, *, by: SplitUnit = SplitUnit.SENTENCE, report: Report | None = None
) -> CrossValidation:
    """Train and score once for each of `number` folds of the configuration's training files.

    The folds are alike in labels and share no sentence (see `nertagger.corpus.splitting`). Each run holds some of its
    own training sentences out to choose its epoch: the fold itself is never seen before it is scored. Dev and test
    files and the name of the model are not used.

    Raises:
        DataError: if the files cannot be read, or hold too few sentences.
    """
    pairs = split_into_folds(_documents(config), number, by=by, seed=config.training.seed)
    gold: list[Sentence] = []
    found: list[list[str]] = []
    scores: list[Scores] = []
    for rest, fold in pairs:
        if report is not None:
            report("fold", len(scores) + 1, number, _so_far(scores))
        sentences = [sentence for document in fold for sentence in document.sentences if sentence.words]
        predicted = _predict(config, rest, sentences, train)
        scores.append(evaluate(sentences, predicted))
        gold += sentences
        found += predicted
    return CrossValidation(scores, evaluate(gold, found))


def _so_far(scores: Sequence[Scores]) -> str:
    """The mean F1 of the first folds; empty if there is none yet."""
    return f"mean F1 {100 * fmean(one.micro.f1 for one in scores):.2f}" if scores else ""


def _predict(
    config: Config, documents: Sequence[Document], sentences: Sequence[Sentence], train: Train
) -> list[list[str]]:
    """The tags that a model trained on the documents gives to sentences, in the scheme of their own tags."""
    with TemporaryDirectory() as folder:
        path = str(Path(folder, "train"))
        save_documents(path, documents, format=_FORMAT)
        settings: dict[str, Any] = {
            "data.train": [path],
            "data.dev": [],
            "data.test": [],
            "data.format": _FORMAT,
            "data.encoding": "",
        }
        settings |= {"data.word_column": None, "data.tag_column": None}
        settings |= {"output.model": str(Path(folder, "model.ner")), "output.run": ""}
        tagger = train(changed(config, settings))
        scheme = detect_scheme([sentence.tags or () for sentence in sentences])
        return [convert_tags(tags, scheme) for tags in tagger.tag_tokens([s.words for s in sentences])]


def _documents(config: Config) -> list[Document]:
    data = config.data
    return [document for path in data.train for document in read_documents(path, **data.reading)]
