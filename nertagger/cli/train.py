"""``nertagger train``: fit a model to annotated text."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

from nertagger.cli.common.messages import is_quiet
from nertagger.cli.common.options import Encoding, Format, Lenient, Settings, TagColumn, Vectors, WordColumn
from nertagger.cli.common.parser import Argument, Option, UsageError
from nertagger.cli.common.progress import run_progress
from nertagger.cli.common.terminal import show, to_json
from nertagger.cli.common.training import resolve, trainer
from nertagger.config import Config
from nertagger.evaluation import Scores
from nertagger.features.vectors.prefetch import PrefetchedVectors
from nertagger.files import is_stream
from nertagger.modelfile.schema import MetricsKey

logger = logging.getLogger(__name__)
_HINT = (
    "hint: without word vectors, 300 training sentences of WikiGold end at F1 32, with GloVe of 50 dimensions at 70; "
    "pass --vectors FILE, such as the free file glove.6B.50d.txt"
)


def train(
    config: Annotated[Path | None, Argument(help="the configuration, TOML (see nertagger init)")] = None,
    train: Annotated[list[str] | None, Option(help="annotated file to train on; may come again")] = None,
    dev: Annotated[list[str] | None, Option(help="annotated file that chooses the epoch; may come again")] = None,
    test: Annotated[
        list[str] | None, Option(help="annotated file to score the final model on, once; may come again")
    ] = None,
    vectors: Vectors = None,
    out: Annotated[str | None, Option("--out", "-o", help="the model file to write")] = None,
    seed: Annotated[int | None, Option(min=0, help="the seed of all that is random")] = None,
    seeds: Annotated[
        int | None, Option(min=2, help="train this many models, each with its own seed; reports mean and spread")
    ] = None,
    format: Format = None,
    word_column: WordColumn = None,
    tag_column: TagColumn = None,
    encoding: Encoding = None,
    lenient: Lenient = False,
    settings: Settings = None,
    resume: Annotated[
        Path | None, Option(metavar="DIR", help="go on with the stopped run in this folder; --out may rename the model")
    ] = None,
    as_json: Annotated[bool, Option("--json", help="print the scores as one JSON object")] = False,
) -> None:
    """Train a tagger on annotated text and write its model file."""
    given = (config, train, dev, test, vectors, seed, format, word_column, tag_column, encoding, settings)
    if resume is not None:
        if lenient or any(value is not None for value in given):
            problem = "--resume goes on with the run as it was"
            raise UsageError(f"{problem}; leave out the configuration and every other setting but --out")
        if seeds is not None:
            raise UsageError("--resume goes on with one run; train the seeds anew")
        _run(resume, out=out, as_json=as_json)
        return
    reading = {
        "format": format,
        "word_column": word_column,
        "tag_column": tag_column,
        "encoding": encoding,
        "lenient": lenient,
    }
    splits = {"train": train, "dev": dev, "test": test}
    wanted = resolve(config, **splits, vectors=vectors, out=out, seed=seed, reading=reading, settings=settings)
    _hint(wanted)
    if seeds is not None:
        _run_seeds(wanted, seeds, as_json=as_json)
    else:
        _run(wanted, as_json=as_json)


def _run(wanted: Config | Path, *, out: str | None = None, as_json: bool) -> None:
    """Train what a configuration says, or go on with the run in a folder and write its model to `out`."""
    with ExitStack() as stack:
        listener = stack.enter_context(run_progress())
        ahead = None
        if isinstance(wanted, Config) and wanted.words.vectors and not is_stream(wanted.words.vectors):
            words, told = wanted.words, listener.on_vectors
            ahead = stack.enter_context(PrefetchedVectors(words.vectors, limit=words.max_vectors, progress=told))
        from nertagger import training

        try:
            if isinstance(wanted, Path):
                tagger = training.resume(wanted, out=out, listener=listener)
            else:
                tagger = training.train(wanted, listener=listener, vectors_ahead=ahead)
        except training.Stopped as error:
            logger.warning("%s", error)
            raise
    metrics: dict[str, Any] = tagger.model.metrics
    if as_json:
        show(to_json({"model": str(tagger.model.path), **metrics}))
    else:
        show(_report(tagger.model.path, metrics))


def _report(model: Path, metrics: Mapping[str, Any]) -> str:
    """A line about a run, and the tables of its scores."""
    from nertagger.training import describe_bias
    from nertagger.training.card import SCORE_HEADINGS

    f1 = {split: metrics[split]["micro"]["f1"] for split in SCORE_HEADINGS if split in metrics}
    facts = [f"{split} F1 {100 * value:.2f}" for split, value in f1.items()]
    facts += [f"epoch {metrics[MetricsKey.EPOCH]} of {metrics[MetricsKey.EPOCHS]}"]
    facts += filter(None, [describe_bias(metrics[MetricsKey.ENTITY_BIAS])])
    facts += [f"then {metrics[MetricsKey.REFIT]} epochs on train and dev"] if metrics[MetricsKey.REFIT] else []
    tables = [f"{SCORE_HEADINGS[split]}:\n{Scores.from_dict(metrics[split]).report()}" for split in f1]
    return "\n\n".join([f"{model}: {', '.join(facts)}", *tables])


def _run_seeds(config: Config, seeds: int, *, as_json: bool) -> None:
    """Train a configuration with several seeds."""
    from nertagger.experiments import train_seeds

    with run_progress() as shown:
        found = train_seeds(config, seeds, trainer(shown, is_kept=True), report=shown.on_part)
    show(to_json(found.to_dict()) if as_json else found.report())


def _hint(config: Config) -> None:
    """Say what word vectors bring, where there are none."""
    if not config.words.vectors and not config.features.language_model and not is_quiet():
        print(_HINT, file=sys.stderr)
