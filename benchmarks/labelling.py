"""Simulates labelling with the gold as the answers: F1 by the number of labelled sentences, for each order of asking.

    python benchmarks/labelling.py wikigold [--strategies random probability] [--seeds 1] [--sizes 50 100 200 400]

Sentences are asked for by the queue of `nertagger annotate` from the training split, and a model is trained on all
answers at each size, with the settings that trainings of a project have. It is scored on the dev split. Training
starts from the English encoder of masked words, not from the English tagger, which has seen these corpora. Results are
kept in benchmarks/results/labelling.jsonl; the table beside it and docs/images/labelling.png are made from all lines.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from corpora import CORPORA, DATA
from lines import keep, load

import nertagger.english
from nertagger.annotation.learning.job import decided_sentences, train_on, training_config
from nertagger.annotation.learning.progress import ProgressReport
from nertagger.annotation.project import Project
from nertagger.annotation.ranking.queue import Queue
from nertagger.annotation.ranking.strategies import STRATEGIES
from nertagger.annotation.ranking.uncertainty import predict
from nertagger.annotation.store.decisions import Answer
from nertagger.corpus import read
from nertagger.evaluation import evaluate_tagger
from nertagger.runtime import Tagger
from nertagger.text import Document, Sentence
from nertagger.text.schemes import read_spans

RESULTS = Path(__file__).parent / "results"
LINES, TABLE = RESULTS / "labelling.jsonl", RESULTS / "labelling.md"
CURVES = Path(__file__).parents[1] / "docs" / "images" / "labelling.png"
COLORS = {"random": "tab:gray", "errors": "tab:blue", "probability": "tab:orange", "entity": "tab:green"}
SIZES = (50, 100, 200, 350, 550, 1000)
ENCODER = Path(nertagger.english.__file__).with_name("english.enc")


def simulate(key: str, strategy: str, seed: int, sizes: list[int]) -> list[dict[str, Any]]:
    """Return the F1 on the dev split after labelling each of `sizes` sentences."""
    corpus = CORPORA[key]
    pool = [sentence for path in corpus.train for sentence in read(DATA / path)]
    random.Random(seed).shuffle(pool)  # the random order of a project follows the order of its sentences
    dev = read(DATA / corpus.dev)
    results = []
    with TemporaryDirectory() as folder:
        project = Project.open(Path(folder) / "project", create=True)
        project.add((Document.from_sentence(Sentence.from_words(one.words)) for one in pool), source=corpus.name)
        project.settings.update(strategy=strategy, overlap=0.0)
        queue = Queue(project)
        answers = {number: read_spans(one.tags or ()) for number, one in enumerate(pool, 1)}
        for size in sizes:
            while project.decisions.counts()["answered"] < size and (draw := queue.next("gold")):
                answer = Answer(draw.sentence, "gold", answers[draw.sentence], drawn=draw.strategy)
                project.decisions.record(answer)
            began = time.perf_counter()
            tagger = train(project, seed)
            f1 = round(100 * evaluate_tagger(tagger, dev).micro.f1, 2)
            results.append({"corpus": key, "strategy": strategy, "seed": seed, "sentences": size, "f1": f1})
            print(json.dumps(results[-1] | {"seconds": round(time.perf_counter() - began)}), flush=True)
    return results


def train(project: Project, seed: int) -> Tagger:
    """Train on all answers and predict what is left, as the process of a training does."""
    decided = decided_sentences(project)
    config = training_config(project, len(decided)).updated({"training.seed": seed, "encoder.source": str(ENCODER)})
    tagger = train_on([one.document() for one in decided], config, ProgressReport(lambda stage, done: None))
    model = project.models.add("", sentences=len(decided), seconds=0.0)
    known = {one.decision.sentence for one in decided}
    left = project.texts.several(number for number in project.texts.numbers() if number not in known)
    for batch in predict(tagger, left):
        project.models.predict(model, batch)
    return tagger


def table(results: list[dict[str, Any]]) -> str:
    """Return the mean F1 by corpus, strategy and number of sentences, and how many reach the F1 of all random ones."""
    parts = []
    for key in dict.fromkeys(r["corpus"] for r in results):
        mine = [r for r in results if r["corpus"] == key]
        sizes = sorted({r["sentences"] for r in mine})
        parts += [f"{CORPORA[key].name}, F1 on dev by labelled sentences", ""]
        parts += ["| order | seeds | " + " | ".join(map(str, sizes)) + " | needed |", "|---" * (len(sizes) + 3) + "|"]
        wanted = curve(mine, "random").get(sizes[-1])
        for strategy in dict.fromkeys(r["strategy"] for r in mine):
            means = curve(mine, strategy)
            seeds = len({r["seed"] for r in mine if r["strategy"] == strategy})
            cells = [f"{means[size]:.1f}" if size in means else "" for size in sizes]
            needed = "" if wanted is None else sentences_for(wanted, means)
            parts.append(f"| {strategy} | {seeds} | " + " | ".join(cells) + f" | {needed} |")
        parts.append("")
    return "\n".join(parts)


def curve(results: list[dict[str, Any]], strategy: str) -> dict[int, float]:
    """Return the mean F1 of a strategy by the number of sentences."""
    mine = [r for r in results if r["strategy"] == strategy]
    sizes = sorted({r["sentences"] for r in mine})
    return {size: statistics.mean(r["f1"] for r in mine if r["sentences"] == size) for size in sizes}


def sentences_for(f1: float, means: dict[int, float]) -> str:
    """Return the number of sentences at which a curve reaches an F1, interpolated; "-" if it does not."""
    for (before, low), (size, high) in pairwise([(0, 0.0), *means.items()]):
        if high >= f1:
            return f"{before + (size - before) * (f1 - low) / (high - low):.0f}"
    return "-"


def draw(results: list[dict[str, Any]]) -> None:
    """Draw the mean curves of each corpus, and those of the seeds as thin lines."""
    from matplotlib.figure import Figure

    keys = list(dict.fromkeys(r["corpus"] for r in results))
    figure = Figure(figsize=(4 * len(keys), 3.6), layout="constrained")
    for key, axes in zip(keys, figure.subplots(1, len(keys), squeeze=False)[0], strict=True):
        mine = [r for r in results if r["corpus"] == key]
        for strategy in dict.fromkeys(r["strategy"] for r in mine):
            color = COLORS.get(strategy)
            for seed in sorted({r["seed"] for r in mine}):
                one = curve([r for r in mine if r["seed"] == seed], strategy)
                axes.plot([*one], [*one.values()], color=color, linewidth=0.7, alpha=0.5)
            means = curve(mine, strategy)
            axes.plot([*means], [*means.values()], marker="o", color=color, label=strategy)
        axes.set(title=CORPORA[key].name, xlabel="labelled sentences", ylabel="F1 on dev")
        axes.legend(loc="lower right")
        axes.grid(alpha=0.3)
    figure.savefig(CURVES, dpi=110)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="+", metavar="CORPUS", help=", ".join(CORPORA))
    parser.add_argument("--strategies", nargs="+", default=["random", "probability"], help=", ".join(STRATEGIES))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1])
    parser.add_argument("--sizes", nargs="+", type=int, default=list(SIZES))
    options = parser.parse_args()
    for key in options.corpora:
        for seed in options.seeds:
            for strategy in options.strategies:
                done = simulate(key, strategy, seed, options.sizes)
                now = [(key, strategy, seed, result["sentences"]) for result in done]
                kept = [r for r in load(LINES) if (r["corpus"], r["strategy"], r["seed"], r["sentences"]) not in now]
                keep(LINES, [*kept, *done])
                TABLE.write_text(table(load(LINES)))
                draw(load(LINES))
    print(TABLE.read_text())


if __name__ == "__main__":
    main()
