"""``nertagger lm train``: train a language model."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from nertagger.cli.common.inputs import refuse_streams
from nertagger.cli.common.parser import Argument, Option, UsageError
from nertagger.cli.common.progress import display
from nertagger.cli.common.terminal import show, to_json
from nertagger.config import Cell, Direction, Precision
from nertagger.config.language_model import LanguageModelConfig, Level
from nertagger.modelfile.schema import MetricsKey
from nertagger.progress import LanguageRunProgress
from nertagger.runtime.language_model.model import LanguageModel

logger = logging.getLogger(__name__)
_DEFAULT = LanguageModelConfig()


def _setting(name: str, *former: str, min: float | None = None) -> Option:
    """Return the option of a setting, with the description of the configuration as its help."""
    help = LanguageModelConfig.model_fields[name].description or ""
    return Option(f"--{name.replace('_', '-')}", *former, help=help, min=min)


@dataclass(frozen=True, kw_only=True)
class LanguageOptions:
    """The settings of a run, named as in the configuration; a run that is resumed has them already."""

    dev: Annotated[str, Option(help="held-out text; by default a twentieth of the first block is held out")] = ""
    level: Annotated[Level, _setting("level")] = _DEFAULT.level
    tokens: Annotated[bool, _setting("tokens")] = False
    direction: Annotated[Direction, _setting("direction")] = _DEFAULT.direction
    cell: Annotated[Cell, _setting("cell")] = _DEFAULT.cell
    layers: Annotated[int, _setting("layers", min=1)] = _DEFAULT.layers
    units: Annotated[int, _setting("units", min=1)] = _DEFAULT.units
    size: Annotated[int, _setting("size", min=1)] = _DEFAULT.size
    dropout: Annotated[float, _setting("dropout", min=0)] = _DEFAULT.dropout
    max_symbols: Annotated[int, _setting("max_symbols", min=1)] = _DEFAULT.max_symbols
    min_count: Annotated[int, _setting("min_count", min=1)] = _DEFAULT.min_count
    batch_size: Annotated[int, _setting("batch_size", "--lanes", min=1)] = _DEFAULT.batch_size
    window: Annotated[int, _setting("window", min=1)] = _DEFAULT.window
    steps: Annotated[int, _setting("steps", min=1)] = _DEFAULT.steps
    seconds: Annotated[int, _setting("seconds", min=0)] = _DEFAULT.seconds
    learning_rate: Annotated[float, _setting("learning_rate")] = _DEFAULT.learning_rate
    clip_at: Annotated[float, _setting("clip_at")] = _DEFAULT.clip_at
    precision: Annotated[Precision, _setting("precision")] = _DEFAULT.precision
    evaluate_every: Annotated[int, _setting("evaluate_every", "--check-every", min=1)] = _DEFAULT.evaluate_every
    seed: Annotated[int, _setting("seed", min=0)] = _DEFAULT.seed


NO_OPTIONS = LanguageOptions()


def train(
    text: Annotated[list[str] | None, Argument(help="text files; plain, .gz, .xz or .bz2, of any size")] = None,
    options: LanguageOptions = NO_OPTIONS,
    out: Annotated[
        str | None, Option("--out", "-o", metavar="FILE", help=f"model file to write (default: {_DEFAULT.model})")
    ] = None,
    resume: Annotated[Path | None, Option(metavar="DIR", help="continue the stopped run in this folder")] = None,
    as_json: Annotated[bool, Option("--json", help="print the held-out losses as one JSON object")] = False,
) -> None:
    """Train a language model on text of any size and write its model file, NAME.lm.

    The text is read as a stream and starts over where it ends. Ctrl-C stops cleanly; --resume continues with the same
    result as without the stop, and takes --out only, to write the model to another file.
    """
    path = _train(_wanted(text or [], options, resume=resume, out=out), out=out)
    metrics = LanguageModel.load(path).model.metrics
    if as_json:
        show(to_json(metrics))
        return
    for name, loss in metrics[MetricsKey.HELD_OUT].items():
        bits, perplexity, step = loss[MetricsKey.BITS], loss[MetricsKey.PERPLEXITY], metrics[MetricsKey.STEP]
        show(f"{name}: {bits:.4f} bits per symbol, perplexity {perplexity:.3f}, step {step}")


def _wanted(
    text: Sequence[str], options: LanguageOptions, *, resume: Path | None, out: str | None
) -> LanguageModelConfig | Path:
    """Return the configuration to train or the folder of the run to resume; raise UsageError unless it is one."""
    if (resume is None) == (not text):
        raise UsageError("pass either text files to train on, or --resume and the folder of a stopped run")
    if resume is not None:
        if options != NO_OPTIONS:
            raise UsageError("--resume continues a run with its own settings; leave out all others but --out")
        return resume
    refuse_streams((*text, options.dev), "training starts it over")
    values = {**vars(options), "text": text, "model": _DEFAULT.model if out is None else out}
    return LanguageModelConfig.from_values(values, source="lm train")


def _train(wanted: LanguageModelConfig | Path, *, out: str | None) -> Path:
    """Train a configuration, or resume the run in a folder and write its model to `out`; returns the model file."""
    with LanguageRunProgress(display(delay=0)) as listener:
        listener.on_stage("loading TensorFlow and the text")
        from nertagger.training import Stopped
        from nertagger.training import language_model as lm

        try:
            if isinstance(wanted, Path):
                return lm.resume_lm(wanted, out=out, listener=listener)
            return lm.train_lm(wanted, listener=listener)
        except Stopped as error:
            logger.warning("%s", error)
            raise
