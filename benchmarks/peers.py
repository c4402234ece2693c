"""nertagger beside other taggers: trained on the same files, tagging the same text, in one run.

    python benchmarks/peers.py --peers-python PEERS/bin/python [--corpus wnut17] [--only spacy] [--scores-only]

The peers are in an environment of their own: spaCy (its default NER, without vectors and with those that nertagger
has), sklearn-crfsuite (the usual features), flair (its BiLSTM-CRF); those that are not installed are left out. Each
trains and tags in a process of its own, one after the other, on an otherwise idle machine. There are two tables, so
that all rows of a table are trained on the same sentences: in one the dev split chooses (the epoch, the step) and is
not trained on; in the other all train on it too. The tables are written to benchmarks/results/peers_CORPUS.md, or with
`--scores-only`, which may be run on a busy machine, to peers_CORPUS_scores.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpora import CORPORA
from taggers import Peer, all_peers, write_splits

from nertagger.evaluation import evaluate
from nertagger.text.document import Sentence

RESULTS = Path(__file__).parent / "results"
USES = {
    False: "The dev split chooses and is not trained on",
    True: "The dev split is trained on too, once it has chosen",
}
HEAD = [
    "| tagger | test F1 | training s | tokens/s from tokens | tokens/s from raw text | model MB | peak MB |",
    "|---|---|---|---|---|---|---|",
]


def measure(
    peer: Peer, folder: Path, gold: list[Sentence], *, train_on_dev: bool, scores_only: bool = False
) -> dict[str, Any]:
    """Train one tagger on the splits in the folder, and tag with it."""
    peer.prepare(folder)
    seconds = peer.train(folder, train_on_dev=train_on_dev)
    answer = peer.tag(folder, scores_only=scores_only)
    model = sum(path.stat().st_size for path in model_files(folder / "model"))
    return answer | {
        "name": peer.name,
        "f1": 100 * evaluate(gold, [tuple(tags) for tags in answer["tags"]]).micro.f1,
        "training_seconds": seconds,
        "model_megabytes": model / 1e6,
    }


def model_files(folder: Path) -> list[Path]:
    """Return the files that tagging needs: not logs, checkpoints and the last model beside the best."""
    best = next(
        (folder / name for name in ("model-best", "best-model.pt", "model.ner") if (folder / name).exists()), folder
    )
    return [best] if best.is_file() else [path for path in best.rglob("*") if path.is_file()]


def row(result: dict[str, Any]) -> str:
    """Return the result as a row of the table."""
    rates = [result["tokens"] / result[name] if name in result else None for name in ("token_seconds", "text_seconds")]
    tokens, text = ("-" if rate is None else f"{rate:,.0f}" for rate in rates)
    peak = result["peak_megabytes"]
    return (
        f"| {result['name']} | {result['f1']:.2f} | {result['training_seconds']:.1f} | {tokens} | {text} "
        f"| {result['model_megabytes']:.1f} | {'-' if peak is None else f'{peak:.0f}'} |"
    )


def score_row(result: dict[str, Any]) -> str:
    """Return the result's F1 alone as a row."""
    return f"| {result['name']} | {result['f1']:.2f} |"


def tables(options: argparse.Namespace) -> Iterator[str]:
    """Yield the lines of both tables, one after the other as they are measured."""
    peers = [peer for peer in all_peers(options.peers_python) if not options.only or peer.name in options.only]
    for train_on_dev, use in USES.items():
        yield from ("", f"## {use}", "", *(["| tagger | test F1 |", "|---|---|"] if options.scores_only else HEAD))
        for peer in filter(Peer.is_installed, peers):
            with tempfile.TemporaryDirectory() as folder:
                gold = write_splits(CORPORA[options.corpus], Path(folder), limit=options.sentences)
                result = measure(peer, Path(folder), gold, train_on_dev=train_on_dev, scores_only=options.scores_only)
            yield (score_row if options.scores_only else row)(result)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers-python", required=True, help="the Python of the peers' environment")
    parser.add_argument("--corpus", default="wnut17", choices=CORPORA)
    parser.add_argument("--only", nargs="+", metavar="TAGGER", help="nertagger, spacy, spacy-vectors, crfsuite, flair")
    parser.add_argument("--scores-only", action="store_true", help="F1 alone, which a busy machine does not change")
    parser.add_argument("--sentences", type=int, help="of each split, for a quick trial; its outcome is only printed")
    options = parser.parse_args()
    lines = [f"# {CORPORA[options.corpus].name}: trained on the same sentences, scored once on test"]
    for line in tables(options):
        lines.append(line)
        print(line, flush=True)
    if options.sentences is None:
        machine = f"\n{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}."
        RESULTS.mkdir(exist_ok=True)
        name = f"peers_{options.corpus}{'_scores' if options.scores_only else ''}.md"
        (RESULTS / name).write_text("\n".join([*lines, machine]) + "\n")


if __name__ == "__main__":
    main()
