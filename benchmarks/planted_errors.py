"""Measures whether the list of doubtful decisions finds errors: a share of a corpus's entities is annotated wrongly.

    python benchmarks/planted_errors.py [CORPUS] [--share 0.05] [--seed 1] [--sentences N]

Each planted error is one of: another label, a boundary moved by a token, the entity left out. The corpus is checked as
`nertagger annotate` checks decisions, by models of k-fold cross-validation; they start from the English encoder of
masked words, as the English tagger has seen the corpus without errors. The result is printed: how many sentences have
planted errors, how many are listed as doubtful, and how many with errors are at the head of the list: in its first
tenth, among as many as a tenth of the corpus, and so on.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from corpora import CORPORA, DATA
from labelling import ENCODER

from nertagger.annotation.learning.check import check_decisions
from nertagger.annotation.learning.job import decided_sentences, train_on, training_config
from nertagger.annotation.learning.progress import ProgressReport
from nertagger.annotation.project import Project
from nertagger.corpus import read
from nertagger.runtime import Tagger
from nertagger.text import Document, Sentence
from nertagger.text.document import Span
from nertagger.text.schemes import read_spans, write_tags


def plant(gold: Sequence[Sentence], share: float, rng: random.Random) -> tuple[list[Sentence], set[int]]:
    """Return the sentences with a share of their entities changed, and the indices of those with an error."""
    spans = [read_spans(sentence.tags or ()) for sentence in gold]
    labels = sorted({span.label for several in spans for span in several})
    places = [(row, column) for row, several in enumerate(spans) for column in range(len(several))]
    planted = rng.sample(places, round(share * len(places)))
    for row, column in planted:
        spans[row][column] = _wrong(spans[row], column, len(gold[row]), labels, rng)
    changed = [
        Sentence.from_words(one.words, tags=tuple(write_tags([s for s in several if s.stop > s.first], len(one))))
        for one, several in zip(gold, spans, strict=True)
    ]
    return changed, {row for row, _ in planted}


def _wrong(spans: Sequence[Span], column: int, length: int, labels: Sequence[str], rng: random.Random) -> Span:
    """Return an entity with an error; one that is left out has no tokens."""
    label, first, stop = spans[column]
    kind = rng.choice(["label", "boundary", "left out"])
    end = spans[column + 1].first if column + 1 < len(spans) else length
    if kind == "boundary" and stop < end:
        return Span(label, first, stop + 1)
    if kind == "boundary" and stop - first > 1:
        return Span(label, first, stop - 1)
    if kind == "left out":
        return Span(label, first, first)
    return Span(rng.choice([other for other in labels if other != label]), first, stop)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", default="wikigold", metavar="CORPUS", help=", ".join(CORPORA))
    parser.add_argument("--share", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sentences", type=int)
    options = parser.parse_args()
    gold = [sentence for path in CORPORA[options.corpus].train for sentence in read(DATA / path)][: options.sentences]
    changed, planted = plant(gold, options.share, random.Random(options.seed))
    with TemporaryDirectory() as folder:
        project = Project.open(Path(folder) / "project", create=True)
        project.add(map(Document.from_sentence, changed), source=options.corpus)
        decided = decided_sentences(project)
        config = training_config(project, len(decided)).updated({"encoder.source": str(ENCODER)})

        def train(documents: Sequence[Document], fold: int) -> Tagger:
            return train_on(documents, config, ProgressReport(lambda stage, done: None))

        found, point = check_decisions(decided, train, sample=set(project.texts.numbers()))
        project.checks.replace(found, point)
        listed = [check.sentence - 1 for check in project.checks.doubtful()]  # sentences are numbered from 1
    counts = {
        "a tenth of the list": len(listed) // 10,
        "a tenth of the corpus": len(gold) // 10,
        "as many as there are": len(planted),
        "the whole list": len(listed),
    }
    print(f"{CORPORA[options.corpus].name}: {len(gold)} sentences, {len(planted)} with errors, {len(listed)} listed")
    for name, count in counts.items():
        head = listed[:count]
        right = len(planted.intersection(head))
        print(f"first {len(head):4} ({name}): {right} with errors, {right / len(planted):.0%} of all")


if __name__ == "__main__":
    main()
