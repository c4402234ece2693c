"""``nertagger train``: train a tagger on annotated text."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from nertagger.cli.common.messages import is_quiet
from nertagger.cli.common.parser import Option, UsageError
from nertagger.cli.common.progress import run_progress
from nertagger.cli.common.terminal import show, to_json
from nertagger.cli.common.training import (
    NO_OPTIONS,
    NO_SHARING,
    ONE_PROCESS,
    ConfigFile,
    RunOptions,
    SharingOptions,
    StudyName,
    WorkerOptions,
    resolve,
    trainer,
)
from nertagger.config import Config
from nertagger.evaluation import Scores
from nertagger.features.vectors.prefetch import PrefetchedVectors
from nertagger.files import is_stream
from nertagger.modelfile.schema import MetricsKey
from nertagger.printable import counted

if TYPE_CHECKING:
    from nertagger.experiments import Shared

logger = logging.getLogger(__name__)
_HINT = (
    "hint: random weights without word vectors have a much lower F1 on small corpora; "
    "leave out --encoder none, or pass --vectors FILE, such as the free file glove.6B.50d.txt"
)


def train(
    config: ConfigFile = None,
    train: Annotated[
        list[str] | None, Option(metavar="FILE", help="annotated file to train on; may be repeated")
    ] = None,
    dev: Annotated[
        list[str] | None,
        Option(
            metavar="FILE",
            help="annotated file that each epoch is scored on, and that the last epochs train on too "
            "(training.refit); may be repeated",
        ),
    ] = None,
    test: Annotated[
        list[str] | None, Option(metavar="FILE", help="annotated file to score the final model on; may be repeated")
    ] = None,
    out: Annotated[str | None, Option("--out", "-o", metavar="FILE", help="the model file to write")] = None,
    options: RunOptions = NO_OPTIONS,
    seeds: Annotated[
        int | None, Option(min=2, help="train this many models, each with its own seed; prints mean and spread")
    ] = None,
    study: StudyName = None,
    sharing: SharingOptions = NO_SHARING,
    workers: WorkerOptions = ONE_PROCESS,
    resume: Annotated[
        Path | None, Option(metavar="DIR", help="continue the stopped run in this folder; --out may rename the model")
    ] = None,
    as_json: Annotated[bool, Option("--json", help="print the scores as one JSON object")] = False,
) -> None:
    """Train a tagger on annotated text and write its model file."""
    shared = sharing.shared(study, default="seeds")
    if shared is not None and seeds is None:
        raise UsageError("--storage is where processes share the runs of several seeds; pass --seeds N too")
    if resume is not None:
        if options != NO_OPTIONS or any(value is not None for value in (config, train, dev, test)):
            problem = "--resume continues the run as it was"
            raise UsageError(f"{problem}; leave out the configuration and every other setting but --out")
        if seeds is not None:
            raise UsageError("--resume continues a single run; leave it out to train several seeds")
        _run(resume, workers, out=out, as_json=as_json)
        return
    wanted = resolve(config, options, train=train, dev=dev, test=test, out=out)
    _hint(wanted)
    if seeds is not None:
        if workers != ONE_PROCESS:
            raise UsageError("--seeds trains one model per process; share the seeds by --storage, or leave it out")
        _run_seeds(wanted, seeds, shared, as_json=as_json)
    else:
        _run(wanted, workers, as_json=as_json)


def _run(wanted: Config | Path, options: WorkerOptions, *, out: str | None = None, as_json: bool) -> None:
    """Train a configuration, or resume the run in a folder and write its model to `out`."""
    with ExitStack() as stack:
        listener = stack.enter_context(run_progress())
        ahead = None
        if isinstance(wanted, Config) and wanted.words.vectors and not is_stream(wanted.words.vectors):
            words, told = wanted.words, listener.on_vectors
            ahead = stack.enter_context(PrefetchedVectors(words.vectors, limit=words.max_vectors, progress=told))
        from nertagger import training

        workers = stack.enter_context(options.joined(wanted, note=listener.on_note))
        try:
            if isinstance(wanted, Path):
                tagger = training.resume(wanted, out=out, listener=listener, workers=workers)
            else:
                tagger = training.train(wanted, listener=listener, vectors_ahead=ahead, workers=workers)
        except training.Stopped as error:
            logger.warning("%s", error)
            raise
    if not workers.is_first:
        return
    metrics: dict[str, Any] = tagger.model.metrics
    if as_json:
        show(to_json({"model": str(tagger.model.path), **metrics}))
    else:
        show(_report(tagger.model.path, metrics))


def _report(model: Path, metrics: Mapping[str, Any]) -> str:
    """Return a line about a run, and the tables of its scores."""
    from nertagger.training import describe_bias
    from nertagger.training.card import SCORE_HEADINGS

    f1 = {split: metrics[split]["micro"]["f1"] for split in SCORE_HEADINGS if split in metrics}
    facts = [f"{split} F1 {100 * value:.2f}" for split, value in f1.items()]
    members = [f"{100 * member['dev_f1']:.2f}" for member in metrics.get(MetricsKey.MEMBERS, [])]
    if members:
        facts += [f"a committee of {len(members)} networks whose dev F1 is {', '.join(members)}"]
    else:
        facts += [f"epoch {metrics[MetricsKey.EPOCH]} of {metrics[MetricsKey.EPOCHS]}"]
    facts += filter(None, [describe_bias(metrics[MetricsKey.ENTITY_BIAS])])
    if metrics[MetricsKey.REFIT]:
        facts.append(f"then {counted(metrics[MetricsKey.REFIT], 'epoch')} on train and dev")
    tables = [f"{SCORE_HEADINGS[split]}:\n{Scores.from_dict(metrics[split]).report()}" for split in f1]
    return "\n\n".join([f"{model}: {', '.join(facts)}", *tables])


def _run_seeds(config: Config, seeds: int, shared: Shared | None, *, as_json: bool) -> None:
    """Train a configuration with several seeds, shared with other processes or not."""
    from nertagger.experiments import train_seeds

    with run_progress() as shown:
        found = train_seeds(config, seeds, trainer(shown), shared=shared, report=shown.on_part)
    show(to_json(found.to_dict()) if as_json else found.report())


def _hint(config: Config) -> None:
    """Print what word vectors would bring, if the user asks for a training without any."""
    without = config.encoder.source == "none" and not config.words.vectors and not config.features.language_model
    if without and not is_quiet():
        print(_HINT, file=sys.stderr)
