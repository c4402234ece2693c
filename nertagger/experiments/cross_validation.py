"""Cross-validation: each part of a corpus is scored by a model that was trained on the others."""

from __future__ import annotations

import json
import zlib
from base64 import b85decode, b85encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import fmean
from typing import Any, TypedDict

from nertagger.config import Config
from nertagger.corpus import read_documents
from nertagger.corpus.splitting import SplitUnit, split_into_folds
from nertagger.evaluation import Scores, evaluate
from nertagger.evaluation.tagger import tag_gold
from nertagger.experiments.parts import Report, Told, do_all
from nertagger.experiments.runs import Train
from nertagger.experiments.spread import Spread
from nertagger.experiments.storage import Shared
from nertagger.experiments.study import search_began_with
from nertagger.runtime import Tagger
from nertagger.text.document import Document


class _Fold(TypedDict):
    """The scores of a fold, as `Scores.to_dict` gives them, and its predicted tags, packed."""

    scores: dict[str, Any]
    tags: str


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
    config: Config,
    number: int,
    train: Train,
    *,
    by: SplitUnit = SplitUnit.SENTENCE,
    shared: Shared | None = None,
    report: Report | None = None,
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
        shared: the study in which several processes share the folds.
        report: called when a fold begins.

    Raises:
        DataError: if the files cannot be read, or hold too few sentences.
        NerTaggerError: if the study is of another cross-validation, or the storage cannot be used.
    """
    pairs = list(split_into_folds(_documents(config), number, by=by, seed=config.training.seed))
    gold = [[s for document in fold for s in document.sentences if s.words] for _, fold in pairs]

    def one(place: int) -> _Fold:
        tagged = tag_gold(_train(config, pairs[place][0], train), gold[place])
        return {"scores": tagged.scores().to_dict(), "tags": _packed(tagged.predicted)}

    began = search_began_with(config, {"folds": number, "by": by}, "train") if shared is not None else {}
    folds = do_all(number, one, Told("fold", report, _so_far), shared=shared, began=began)
    together = evaluate([*chain(*gold)], [*chain(*(_unpacked(fold["tags"]) for fold in folds))])
    return CrossValidation([Scores.from_dict(fold["scores"]) for fold in folds], together)


def _so_far(done: Mapping[int, _Fold], place: int | None) -> str:
    """Return the mean F1 of the folds that are done; empty before the first is scored."""
    return f"mean F1 {100 * fmean(fold['scores']['micro']['f1'] for fold in done.values()):.2f}" if done else ""


def _packed(tags: Sequence[Sequence[str]]) -> str:
    """Return the tags of sentences as a short text, for databases whose texts have at most 64 KB."""
    return b85encode(zlib.compress(json.dumps([list(row) for row in tags]).encode(), 9)).decode()


def _unpacked(text: str) -> list[list[str]]:
    tags: list[list[str]] = json.loads(zlib.decompress(b85decode(text)))
    return tags


def _train(config: Config, documents: Sequence[Document], train: Train) -> Tagger:
    """Return a tagger trained on the documents, without the files and the output of the configuration."""
    settings = {"data.train": [], "data.dev": [], "data.test": [], "output.model": "", "output.run": ""}
    return train(config.updated(settings), train=documents)


def _documents(config: Config) -> list[Document]:
    data = config.data
    return [document for path in data.train for document in read_documents(path, **data.reading)]
