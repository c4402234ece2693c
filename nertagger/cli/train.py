"""``nertagger train``: fit a model to annotated text."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import Annotated, Any

from nertagger.cli._parser import Argument, Option, UsageError
from nertagger.cli._progress import ProgressBar, ProgressLines
from nertagger.config import Config, make_config, read_config, toml_value

logger = logging.getLogger(__name__)


def train(
    config: Annotated[Path | None, Argument(help="the configuration, TOML (see nertagger init)")] = None,
    train: Annotated[list[str] | None, Option(help="annotated file to learn from; may come again")] = None,
    dev: Annotated[list[str] | None, Option(help="annotated file that chooses the epoch; may come again")] = None,
    vectors: Annotated[str | None, Option(help="word vectors: GloVe, word2vec or fastText")] = None,
    out: Annotated[str | None, Option("--out", "-o", help="the model file to write")] = None,
    seed: Annotated[int | None, Option(min=0, help="the seed of all that is random")] = None,
    seeds: Annotated[
        int | None, Option(min=2, help="train so many models, each with a seed of its own; reports their spread")
    ] = None,
    settings: Annotated[
        list[str] | None, Option("--set", metavar="SECTION.KEY=VALUE", help="any setting; may come again")
    ] = None,
    resume: Annotated[Path | None, Option(metavar="DIR", help="go on with the stopped run in this folder")] = None,
    as_json: Annotated[bool, Option("--json", help="print the dev scores as one JSON object")] = False,
) -> None:
    """Train a tagger on annotated text and write its model file."""
    given = {
        "data.train": train,
        "data.dev": dev,
        "words.vectors": vectors,
        "output.model": out,
        "training.seed": seed,
    }
    overrides = [f"{key}={toml_value(value)}" for key, value in given.items() if value is not None]
    overrides += settings or []
    if resume is not None and (config is not None or overrides):
        raise UsageError("--resume goes on with the run as it was; leave out the configuration and every other setting")
    if resume is None and config is None and train is None:
        raise UsageError("nothing to train on; pass a configuration, or --train FILE (see nertagger train --help)")
    if resume is not None and seeds is not None:
        raise UsageError("--resume goes on with one run; train the seeds anew")
    if seeds is not None:
        _run_seeds(_resolve(config, overrides), seeds, as_json=as_json)
        return
    _run(resume or _resolve(config, overrides), as_json=as_json)


def _resolve(path: Path | None, overrides: list[str]) -> Config:
    return make_config({}, overrides, source="settings") if path is None else read_config(path, overrides)


def _run(wanted: Config | Path, *, as_json: bool) -> None:
    """Train what a configuration says, or go on with the run in a folder."""
    from nertagger import training

    with _listener() as listener:
        try:
            if isinstance(wanted, Path):
                tagger = training.resume(wanted, listener=listener)
            else:
                tagger = training.train(wanted, listener=listener)
        except KeyboardInterrupt:
            folder = wanted if isinstance(wanted, Path) else training.run_folder(wanted)
            logger.warning("stopped; go on with: nertagger train --resume %s", folder)
            raise
    metrics: dict[str, Any] = tagger.model.json("metrics.json")
    if as_json:
        print(json.dumps({"model": str(tagger.model.path), **metrics}, ensure_ascii=False))
    else:
        print(f"{tagger.model.path}: dev F1 {100 * metrics['dev']['micro']['f1']:.2f}, epoch {metrics['epoch']}")


def _run_seeds(config: Config, seeds: int, *, as_json: bool) -> None:
    """Train a configuration with several seeds."""
    from nertagger.cli._training import trainer
    from nertagger.experiments import train_seeds

    with _listener() as listener:
        found = train_seeds(config, seeds, trainer(listener))
    print(json.dumps(found.to_dict(), ensure_ascii=False) if as_json else found.report())


def _listener() -> ProgressBar | ProgressLines:
    quiet = logging.getLogger().level >= logging.ERROR
    return ProgressBar() if sys.stderr.isatty() and not quiet else ProgressLines(quiet=quiet)
