"""``nertagger pretrain``: train an encoder that trainings of taggers start from."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from nertagger.cli.common.inputs import refuse_streams
from nertagger.cli.common.parser import Argument, Option, UsageError
from nertagger.cli.common.progress import display
from nertagger.cli.common.terminal import show, to_json
from nertagger.config import EncoderConfig
from nertagger.modelfile.reader import read_model
from nertagger.progress import EncoderRunProgress

logger = logging.getLogger(__name__)
_OUT = EncoderConfig().output.encoder


_SETTINGS = {
    "annotated": "data.annotated",
    "vectors": "data.vectors",
    "max_vectors": "data.max_vectors",
    "passes": "masked.passes",
    "start": "data.start",
    "exclude": "data.exclude",
    "licence": "data.licence",
    "seed": "training.seed",
}
"""The setting of each option that has one."""


@dataclass(frozen=True, kw_only=True)
class EncoderOptions:
    """The settings of a run, which a run that is resumed has already."""

    annotated: Annotated[
        list[str] | None,
        Option(metavar="FILE", help="annotated corpus for the second stage, A+B for two files of one; may be repeated"),
    ] = None
    vectors: Annotated[
        list[str] | None,
        Option(metavar="FILE", help="word vectors; if repeated, the columns of all files are set side by side"),
    ] = None
    max_vectors: Annotated[
        int | None, Option(min=1, help="keep at most this many vectors, most frequent words first (default: 120000)")
    ] = None
    passes: Annotated[float | None, Option(min=0, help="how many times the text is read (default: 7)")] = None
    start: Annotated[str | None, Option(metavar="FILE", help="encoder to start from, NAME.enc or english")] = None
    exclude: Annotated[
        list[str] | None,
        Option(metavar="FILE", help="leave out sentences of this file, and near copies; may be repeated"),
    ] = None
    licence: Annotated[str | None, Option(metavar="TEXT", help="licence of the encoder, for its card")] = None
    seed: Annotated[int | None, Option(min=0, help="random seed (default: 1)")] = None
    settings: Annotated[
        list[str] | None, Option("--set", metavar="KEY=VALUE", help="override a setting; may be repeated")
    ] = None


NO_OPTIONS = EncoderOptions()


def pretrain(
    text: Annotated[
        list[str] | None, Argument(help="raw text to fill in masked words of; plain, .gz, .xz or .bz2, of any size")
    ] = None,
    options: EncoderOptions = NO_OPTIONS,
    removed: Annotated[Path | None, Option(metavar="FILE", help="write the sentences that were left out")] = None,
    out: Annotated[str | None, Option("--out", "-o", metavar="FILE", help=f"file to write (default: {_OUT})")] = None,
    resume: Annotated[Path | None, Option(metavar="DIR", help="continue the stopped run in this folder")] = None,
    as_json: Annotated[bool, Option("--json", help="print the losses as one JSON object")] = False,
) -> None:
    """Train an encoder that taggers are trained from, and write its file, NAME.enc.

    Masked words of the raw text are filled in from both sides; then the annotated corpora are tagged, each by a head of
    its own that is dropped. Either stage may be left out. Ctrl-C stops cleanly; --resume continues with the same result
    as without the stop, and takes --out and --removed only.
    """
    path = _train(_wanted(text or [], options, resume=resume, out=out), out=out, removed=removed)
    metrics = read_model(path).metrics
    show(to_json({"encoder": str(path), **metrics}) if as_json else _report(path, metrics))


def _wanted(
    text: Sequence[str], options: EncoderOptions, *, resume: Path | None, out: str | None
) -> EncoderConfig | Path:
    """Return the configuration to train or the folder of the run to resume."""
    if resume is not None:
        if text or options != NO_OPTIONS:
            raise UsageError("--resume continues a run with its own settings; leave out all others but --out")
        return resume
    refuse_streams((*text, *(options.vectors or ())), "the data are read more than once")
    named = {setting: getattr(options, name) for name, setting in _SETTINGS.items()}
    given = {setting: value for setting, value in named.items() if value is not None}
    values = {"data.text": text, **given, "output.encoder": _OUT if out is None else out}
    return EncoderConfig.from_values(values, options.settings or [], source="pretrain")


def _train(wanted: EncoderConfig | Path, *, out: str | None, removed: Path | None) -> Path:
    """Train a configuration, or resume the run in a folder; returns the file that was written."""
    with EncoderRunProgress(display(delay=0)) as listener:
        listener.on_stage("loading Keras")
        from nertagger.training import Stopped, pretraining

        try:
            if isinstance(wanted, Path):
                return pretraining.resume_pretraining(wanted, out=out, removed=removed, listener=listener)
            return pretraining.pretrain(wanted, removed=removed, listener=listener)
        except Stopped as error:
            logger.warning("%s", error)
            raise


def _report(path: Path, metrics: Mapping[str, Any]) -> str:
    """Return a line about the run."""
    facts = [
        f"{stage}: {found['step']:,} steps, {found['tokens']:,} tokens, loss {found['loss']:.3f}"
        + (f", held out {found['held_out']:.3f}" if "held_out" in found else "")
        for stage, found in metrics.items()
    ]
    return f"{path}: {'; '.join(facts)}"
