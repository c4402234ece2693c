"""``nertagger tune``: search for good settings."""

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
    resolve,
    trainer,
)
from nertagger.experiments import parse_parameter
from nertagger.experiments import tune as run


def tune(
    search: Annotated[
        list[str],
        Option(metavar="SECTION.KEY=RANGE", help="what to search: low:high, low:high:log or a,b,c; may be repeated"),
    ],
    config: ConfigFile = None,
    train: Annotated[
        list[str] | None, Option(metavar="FILE", help="annotated file to train on; may be repeated")
    ] = None,
    dev: Annotated[
        list[str] | None, Option(metavar="FILE", help="annotated file to score settings on; may be repeated")
    ] = None,
    trials: Annotated[
        int, Option(min=1, help="number of further settings to try; with --storage, of all that the study is to have")
    ] = 20,
    seeds: Annotated[int, Option(min=1, help="number of seeds to train each setting with; their mean counts")] = 1,
    study: Annotated[
        str | None,
        Option(metavar="FILE", help="file of all trials, by default study.log; with --storage, the name of the study"),
    ] = None,
    sharing: SharingOptions = NO_SHARING,
    options: RunOptions = NO_OPTIONS,
    as_json: Annotated[bool, Option("--json", help="print one JSON object")] = False,
) -> None:
    """Search for the settings with the best dev F1; print them as options of `nertagger train`."""
    parameters = [parse_parameter(text) for text in search]
    wanted = resolve(config, options, train=train, dev=dev)
    shared = sharing.shared(study if sharing.storage else None, default="tune")
    with run_progress(epoch_lines=False) as shown:
        found = run(
            wanted,
            parameters,
            trials=trials,
            seeds=seeds,
            study=shared or study or "study.log",
            train=trainer(shown),
            report=shown.on_part,
        )
    show(to_json(found.to_dict()) if as_json else found.report())
