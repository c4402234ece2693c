"""``nertagger cross-validate``: the scores of a configuration on a corpus without a test split."""

from __future__ import annotations

from typing import Annotated

from nertagger.cli.common.parser import Option
from nertagger.cli.common.progress import run_progress
from nertagger.cli.common.terminal import show, to_json
from nertagger.cli.common.training import (
    NO_OPTIONS,
    NO_SHARING,
    ConfigFile,
    RunOptions,
    SharingOptions,
    StudyName,
    resolve,
    trainer,
)
from nertagger.corpus.splitting import SplitUnit
from nertagger.experiments import cross_validate as run


def cross_validate(
    config: ConfigFile = None,
    train: Annotated[list[str] | None, Option(metavar="FILE", help="annotated file; may be repeated")] = None,
    folds: Annotated[int, Option(min=2, help="number of folds, each scored by a model trained on the others")] = 5,
    by: Annotated[SplitUnit, Option(help="what is never divided between folds")] = SplitUnit.SENTENCE,
    study: StudyName = None,
    sharing: SharingOptions = NO_SHARING,
    options: RunOptions = NO_OPTIONS,
    as_json: Annotated[bool, Option("--json", help="print one JSON object, scores as fractions")] = False,
) -> None:
    """Train on all folds but one and score that one, for each in turn; print the scores and their spread."""
    wanted = resolve(config, options, train=train)
    shared = sharing.shared(study, default="cross-validate")
    with run_progress(epoch_lines=False) as shown:
        found = run(wanted, folds, trainer(shown), by=by, shared=shared, report=shown.on_part)
    show(to_json(found.to_dict()) if as_json else found.report())
