"""Times training on WNUT-17 side by side: nertagger's default configuration and spaCy's.

    python benchmarks/training_time.py --spacy-python PEERS/bin/python [--rounds 2]

spaCy is in an environment of its own. Its default is what `spacy init config --pipeline ner` writes; both stop by
their own rule on the same dev file. Whole processes are timed, in turn, on an otherwise idle machine; neither sees test
before its training is over. The outcome is written to benchmarks/results/training_time.md.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from corpora import CORPORA, DATA, VECTORS

from nertagger.corpus import read
from nertagger.evaluation import evaluate

RESULT = Path(__file__).parent / "results" / "training_time.md"
CORPUS = CORPORA["wnut17"]
# Runs in spaCy's own environment, which nertagger is not installed in.
TO_SPACY = """
import json, sys, spacy
from spacy.tokens import Doc, DocBin
vocab = spacy.blank("en").vocab
docs = [Doc(vocab, words=words, ents=tags) for words, tags in json.load(sys.stdin)]
DocBin(docs=docs).to_disk(sys.argv[1])
"""
FROM_SPACY = """
import json, sys, spacy
from spacy.tokens import Doc
nlp = spacy.load(sys.argv[1])
docs = nlp.pipe(Doc(nlp.vocab, words=words) for words in json.load(sys.stdin))
print(json.dumps([["-".join(filter(None, (t.ent_iob_, t.ent_type_))) for t in doc] for doc in docs]))
"""


def train_nertagger(folder: Path) -> tuple[float, float]:
    """Seconds of a training with the default configuration, and the test F1 of its model."""
    model = folder / "model.ner"
    files = ["--train", DATA / CORPUS.train[0], "--dev", DATA / CORPUS.dev, "--vectors", VECTORS, "--out", model]
    seconds = timed(sys.executable, "-m", "nertagger", "train", *files, "--quiet")
    answer = output(sys.executable, "-m", "nertagger", "evaluate", model, DATA / CORPUS.test, "--json")
    return seconds, 100 * json.loads(answer)["micro"]["f1"]


def train_spacy(python: str, folder: Path) -> tuple[float, float]:
    """The same of spaCy; the conversion of the files is not timed."""
    for name, path in (("train", CORPUS.train[0]), ("dev", CORPUS.dev)):
        sentences = [(s.words, s.tags) for s in read(DATA / path) if s.words]
        output(python, "-c", TO_SPACY, folder / f"{name}.spacy", stdin=json.dumps(sentences))
    output(python, "-m", "spacy", "init", "config", folder / "config.cfg", "--lang", "en", "--pipeline", "ner")
    paths = ["--paths.train", folder / "train.spacy", "--paths.dev", folder / "dev.spacy"]
    seconds = timed(python, "-m", "spacy", "train", folder / "config.cfg", "--output", folder / "spacy", *paths)
    gold = [s for s in read(DATA / CORPUS.test) if s.words]
    words = json.dumps([s.words for s in gold])
    tags = json.loads(output(python, "-c", FROM_SPACY, folder / "spacy" / "model-best", stdin=words))
    return seconds, 100 * evaluate(gold, tags).micro.f1


def timed(*command: object) -> float:
    """Wall seconds of a command."""
    began = time.perf_counter()
    output(*command)
    return time.perf_counter() - began


def output(*command: object, stdin: str | None = None) -> str:
    """What a command prints on standard output."""
    arguments = [str(part) for part in command]
    return subprocess.run(arguments, input=stdin, stdout=subprocess.PIPE, check=True, text=True).stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spacy-python", required=True, help="the Python of an environment that has spaCy")
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    lines = [
        "| round | nertagger s | spaCy s | ratio | nertagger test F1 | spaCy test F1 |",
        "|---|---|---|---|---|---|",
    ]
    ratios = []
    for number in range(1, options.rounds + 1):
        with tempfile.TemporaryDirectory() as folder:
            ours, our_f1 = train_nertagger(Path(folder))
            theirs, their_f1 = train_spacy(options.spacy_python, Path(folder))
        ratios.append(ours / theirs)
        lines.append(f"| {number} | {ours:.1f} | {theirs:.1f} | {ratios[-1]:.3f} | {our_f1:.2f} | {their_f1:.2f} |")
        print(lines[-1], flush=True)
    lines.append(f"\nMedian ratio {statistics.median(ratios):.3f}; the bar is 0.25.")
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
