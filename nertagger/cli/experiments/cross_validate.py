"""``nertagger cross-validate``: how good a configuration is on a corpus without a test part."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from nertagger.cli.common.options import Encoding, Format, Lenient, Settings, TagColumn, Vectors, WordColumn
from nertagger.cli.common.parser import Argument, Option
from nertagger.cli.common.progress import run_progress
from nertagger.cli.common.terminal import show, to_json
from nertagger.cli.common.training import resolve, trainer
from nertagger.corpus.splitting import SplitUnit
from nertagger.experiments import cross_validate as run


def cross_validate(
    config: Annotated[Path | None, Argument(help="the configuration, TOML (see nertagger init)")] = None,
    train: Annotated[list[str] | None, Option(help="annotated file; may come again")] = None,
    vectors: Vectors = None,
    folds: Annotated[int, Option(min=2, help="parts, each scored by a model trained on the others")] = 5,
    by: Annotated[SplitUnit, Option(help="what stays together")] = SplitUnit.SENTENCE,
    seed: Annotated[int | None, Option(min=0, help="the seed of all that is random")] = None,
    format: Format = None,
    word_column: WordColumn = None,
    tag_column: TagColumn = None,
    encoding: Encoding = None,
    lenient: Lenient = False,
    settings: Settings = None,
    as_json: Annotated[bool, Option("--json", help="print one JSON object, fractions of one")] = False,
) -> None:
    """Train on all folds but one and score that one, for each in turn; reports the scores and their spread."""
    reading = {
        "format": format,
        "word_column": word_column,
        "tag_column": tag_column,
        "encoding": encoding,
        "lenient": lenient,
    }
    wanted = resolve(config, train=train, vectors=vectors, seed=seed, reading=reading, settings=settings)
    with run_progress(epoch_lines=False) as shown:
        found = run(wanted, folds, trainer(shown), by=by, report=shown.on_part)
    show(to_json(found.to_dict()) if as_json else found.report())
