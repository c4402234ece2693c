"""``nertagger lm train``: a language model of a text."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

from nertagger.cli.common.parser import Argument, Option, UsageError
from nertagger.cli.common.progress import display
from nertagger.cli.common.terminal import show, to_json
from nertagger.config import Cell, Direction, Precision
from nertagger.config.language_model import LanguageModelConfig, Level
from nertagger.errors import MissingExtraError
from nertagger.files import is_stream, once_only
from nertagger.modelfile.schema import MetricsKey
from nertagger.progress import LanguageRunProgress
from nertagger.runtime.language_model.model import LanguageModel

logger = logging.getLogger(__name__)
_DEFAULTS = LanguageModelConfig()


def train(
    text: Annotated[list[str] | None, Argument(help="text files; plain, .gz, .xz or .bz2, of any size")] = None,
    dev: Annotated[str, Option(help="held-out text; without it the end of the first block is kept back")] = "",
    level: Annotated[Level, Option(help="what a symbol is")] = _DEFAULTS.level,
    tokens: Annotated[bool, Option(help="a sentence a line, a space between tokens: for a tagger's features")] = False,
    direction: Annotated[Direction, Option(help="which way the text is read")] = _DEFAULTS.direction,
    cell: Annotated[Cell, Option(help="the cell of the recurrent layers")] = _DEFAULTS.cell,
    layers: Annotated[int, Option(min=1, help="recurrent layers")] = _DEFAULTS.layers,
    units: Annotated[int, Option(min=1, help="hidden units of a layer")] = _DEFAULTS.units,
    size: Annotated[int, Option(min=1, help="width of a symbol's vector")] = _DEFAULTS.size,
    dropout: Annotated[float, Option(min=0, help="dropout around every layer")] = _DEFAULTS.dropout,
    max_symbols: Annotated[int, Option(min=1, help="most symbols with an id of their own")] = _DEFAULTS.max_symbols,
    min_count: Annotated[int, Option(min=1, help="rarer symbols are unknown")] = _DEFAULTS.min_count,
    batch_size: Annotated[
        int, Option("--batch-size", "--lanes", min=1, help="parts of the text read in parallel")
    ] = _DEFAULTS.batch_size,
    window: Annotated[int, Option(min=1, help="symbols a step, and how far back gradients go")] = _DEFAULTS.window,
    steps: Annotated[int, Option(min=1, help="steps of training")] = _DEFAULTS.steps,
    seconds: Annotated[int, Option(min=0, help="end after so many seconds; 0: after the last step")] = 0,
    learning_rate: Annotated[float, Option(help="the initial learning rate")] = _DEFAULTS.learning_rate,
    clip_at: Annotated[float, Option(help="the greatest norm of a gradient")] = _DEFAULTS.clip_at,
    precision: Annotated[
        Precision, Option(help="of matrix products; bfloat16 is coarser, and faster on a CPU that has it")
    ] = _DEFAULTS.precision,
    evaluate_every: Annotated[
        int, Option("--evaluate-every", "--check-every", min=1, help="steps between evaluations on held-out text")
    ] = _DEFAULTS.evaluate_every,
    seed: Annotated[int, Option(min=0, help="the seed of all that is random")] = _DEFAULTS.seed,
    out: Annotated[
        str | None, Option("--out", "-o", help=f"the model file to write (default: {_DEFAULTS.model})")
    ] = None,
    resume: Annotated[
        Path | None, Option(metavar="DIR", help="go on with the stopped run in this folder; --out may rename the model")
    ] = None,
    as_json: Annotated[bool, Option("--json", help="print the held-out losses as one JSON object")] = False,
) -> None:
    """Train a language model on text of any size and write its file, NAME.lm.

    The text is read as a stream, and begun anew where it ends. Ctrl-C stops cleanly; --resume goes on as if nothing had
    happened.
    """
    values = {name: value for name, value in locals().items() if name not in ("resume", "as_json", "out")}
    if (resume is None) == (not text):
        raise UsageError("pass either text files to learn from, or --resume and the folder of a stopped run")
    if streams := [path for path in (*(text or []), dev) if is_stream(path)]:
        raise UsageError(f"{streams[0]}: {once_only(streams[0])}, and training begins it anew; give a file")
    values["text"] = text or []
    if resume is not None and any(value != getattr(_DEFAULTS, name) for name, value in values.items()):
        raise UsageError("--resume goes on with the run as it was; leave out every other setting but --out")
    values["model"] = _DEFAULTS.model if out is None else out
    wanted = LanguageModelConfig.from_values(values, source="lm train") if resume is None else resume
    with LanguageRunProgress(display(delay=0)) as listener:
        path = _run(wanted, out=out, listener=listener)
    metrics = LanguageModel.load(path).model.metrics
    if as_json:
        show(to_json(metrics))
        return
    for name, loss in metrics[MetricsKey.HELD_OUT].items():
        bits, perplexity, step = loss[MetricsKey.BITS], loss[MetricsKey.PERPLEXITY], metrics[MetricsKey.STEP]
        show(f"{name}: {bits:.4f} bits a symbol, perplexity {perplexity:.3f}, step {step}")


def _run(wanted: LanguageModelConfig | Path, *, out: str | None, listener: LanguageRunProgress) -> Path:
    """Train what the settings say, or go on with the run in a folder and write its model to `out`."""
    listener.on_stage("loading TensorFlow and the text")
    try:
        from nertagger.training import Stopped
        from nertagger.training import language_model as lm
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("nertagger"):
            raise
        raise MissingExtraError("training", "train") from error
    try:
        if isinstance(wanted, Path):
            return lm.resume_lm(wanted, out=out, listener=listener)
        return lm.train_lm(wanted, listener=listener)
    except Stopped as error:
        logger.warning("%s", error)
        raise
