"""Times training on WNUT-17 side by side: nertagger's default configuration and spaCy's.

    python benchmarks/training_time.py --spacy-python PEERS/bin/python [--rounds 2]

spaCy is in an environment of its own. Its default is what `spacy init config --pipeline ner` writes; both stop by
their own rule on the same dev file. Whole processes are timed, in turn, on an otherwise idle machine; neither sees the
test split before its training is over. The table is written to benchmarks/results/training_time.md.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from corpora import CORPORA
from taggers import Peer, all_peers, write_splits

from nertagger.evaluation import evaluate

RESULT = Path(__file__).parent / "results" / "training_time.md"


def train(peer: Peer) -> tuple[float, float]:
    """Return the seconds of a training with the default configuration, and the test F1 of its model."""
    with tempfile.TemporaryDirectory() as folder:
        gold = write_splits(CORPORA["wnut17"], Path(folder))
        peer.prepare(Path(folder))
        seconds = peer.train(Path(folder), train_on_dev=peer.name == "nertagger")  # each with its default
        tags = [tuple(row) for row in peer.tag(Path(folder))["tags"]]
    return seconds, 100 * evaluate(gold, tags).micro.f1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spacy-python", required=True, help="the Python of an environment that has spaCy")
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    lines = [
        "| round | nertagger s | spaCy s | ratio | nertagger test F1 | spaCy test F1 |",
        "|---|---|---|---|---|---|",
    ]
    nertagger, spacy, *_ = all_peers(options.spacy_python)
    ratios = []
    for number in range(1, options.rounds + 1):
        ours, our_f1 = train(nertagger)
        theirs, their_f1 = train(spacy)
        ratios.append(ours / theirs)
        lines.append(f"| {number} | {ours:.1f} | {theirs:.1f} | {ratios[-1]:.3f} | {our_f1:.2f} | {their_f1:.2f} |")
        print(lines[-1], flush=True)
    lines.append(f"\nMedian ratio {statistics.median(ratios):.3f}; the bar is 0.25.")
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text("\n".join(lines) + "\n")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
