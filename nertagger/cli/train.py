"""``nertagger train``: fit a model to annotated text."""

from __future__ import annotations

import logging
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

from nertagger.cli._options import Encoding, Format, Lenient, Settings, TagColumn, Vectors, WordColumn
from nertagger.cli._parser import Argument, Option, UsageError
from nertagger.cli._progress import ProgressBar, ProgressLines
from nertagger.cli._terminal import show, to_json
from nertagger.cli._training import resolve, trainer
from nertagger.config import Config
from nertagger.features.ahead import VectorsAhead
from nertagger.files import is_stream

logger = logging.getLogger(__name__)


def train(
    config: Annotated[Path | None, Argument(help="the configuration, TOML (see nertagger init)")] = None,
    train: Annotated[list[str] | None, Option(help="annotated file to learn from; may come again")] = None,
    dev: Annotated[list[str] | None, Option(help="annotated file that chooses the epoch; may come again")] = None,
    vectors: Vectors = None,
    out: Annotated[str | None, Option("--out", "-o", help="the model file to write")] = None,
    seed: Annotated[int | None, Option(min=0, help="the seed of all that is random")] = None,
    seeds: Annotated[
        int | None, Option(min=2, help="train so many models, each with a seed of its own; reports their spread")
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
    as_json: Annotated[bool, Option("--json", help="print the dev scores as one JSON object")] = False,
) -> None:
    """Train a tagger on annotated text and write its model file."""
    given = (config, train, dev, vectors, seed, format, word_column, tag_column, encoding, settings)
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
    wanted = resolve(
        config, train=train, dev=dev, vectors=vectors, out=out, seed=seed, reading=reading, settings=settings
    )
    if seeds is not None:
        _run_seeds(wanted, seeds, as_json=as_json)
    else:
        _run(wanted, as_json=as_json)


def _run(wanted: Config | Path, *, out: str | None = None, as_json: bool) -> None:
    """Train what a configuration says, or go on with the run in a folder and write its model to `out`."""
    ahead = None
    if isinstance(wanted, Config) and wanted.words.vectors and not is_stream(wanted.words.vectors):
        ahead = VectorsAhead(wanted.words.vectors, limit=wanted.words.max_vectors)
    with ahead or nullcontext(), _listener() as listener:
        from nertagger import training

        try:
            if isinstance(wanted, Path):
                tagger = training.resume(wanted, out=out, listener=listener)
            else:
                tagger = training.train(wanted, listener=listener, vectors_ahead=ahead)
        except training.Stopped as error:
            logger.warning("%s", error)
            raise
    metrics: dict[str, Any] = tagger.model.json("metrics.json")
    if as_json:
        show(to_json({"model": str(tagger.model.path), **metrics}))
    else:
        dev, best, epochs = metrics["dev"]["micro"]["f1"], metrics["epoch"], metrics["epochs"]
        facts = [f"dev F1 {100 * dev:.2f}", f"epoch {best} of {epochs}"]
        facts += filter(None, [training.describe_bias(metrics["entity_bias"])])
        facts += [f"then {metrics['refit']} epochs with the dev split"] if metrics["refit"] else []
        show(f"{tagger.model.path}: {', '.join(facts)}")


def _run_seeds(config: Config, seeds: int, *, as_json: bool) -> None:
    """Train a configuration with several seeds."""
    from nertagger.experiments import train_seeds

    with _listener() as listener:
        found = train_seeds(config, seeds, trainer(listener, is_kept=True))
    show(to_json(found.to_dict()) if as_json else found.report())


def _listener() -> ProgressBar | ProgressLines:
    quiet = logging.getLogger().level >= logging.ERROR
    return ProgressBar() if sys.stderr.isatty() and not quiet else ProgressLines(quiet=quiet)
