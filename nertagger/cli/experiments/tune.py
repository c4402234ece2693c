"""``nertagger tune``: search for good settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from nertagger.cli.common.options import Encoding, Format, Lenient, Settings, TagColumn, Vectors, WordColumn
from nertagger.cli.common.parser import Argument, Option
from nertagger.cli.common.progress import run_progress
from nertagger.cli.common.terminal import show, to_json
from nertagger.cli.common.training import resolve, trainer
from nertagger.config import toml_value
from nertagger.experiments import parse_parameter
from nertagger.experiments import tune as run


def tune(
    search: Annotated[
        list[str],
        Option(metavar="SECTION.KEY=RANGE", help="what to search: low:high, low:high:log or a,b,c; may come again"),
    ],
    config: Annotated[Path | None, Argument(help="the configuration, TOML (see nertagger init)")] = None,
    train: Annotated[list[str] | None, Option(help="annotated file to train on; may come again")] = None,
    dev: Annotated[list[str] | None, Option(help="annotated file that settings are chosen by; may come again")] = None,
    vectors: Vectors = None,
    trials: Annotated[int, Option(min=1, help="how many more settings to try")] = 20,
    seeds: Annotated[int, Option(min=1, help="how many seeds to train each with; their mean counts")] = 1,
    study: Annotated[str, Option(help="file that keeps all trials; an existing one is continued")] = "study.log",
    seed: Annotated[int | None, Option(min=0, help="the first seed")] = None,
    format: Format = None,
    word_column: WordColumn = None,
    tag_column: TagColumn = None,
    encoding: Encoding = None,
    lenient: Lenient = False,
    settings: Settings = None,
    as_json: Annotated[bool, Option("--json", help="print one JSON object")] = False,
) -> None:
    """Search for the settings with the best dev F1; prints them as options of `nertagger train`."""
    parameters = [parse_parameter(text) for text in search]
    reading = {
        "format": format,
        "word_column": word_column,
        "tag_column": tag_column,
        "encoding": encoding,
        "lenient": lenient,
    }
    wanted = resolve(config, train=train, dev=dev, vectors=vectors, seed=seed, reading=reading, settings=settings)
    with run_progress(epoch_lines=False) as shown:
        found = run(
            wanted,
            parameters,
            trials=trials,
            seeds=seeds,
            study=study,
            train=trainer(shown),
            report=shown.on_part,
        )
    if as_json:
        show(to_json(found.to_dict()))
        return
    for values, f1 in found.table:
        show(f"{100 * f1:6.2f}  {' '.join(f'{name}={value}' for name, value in values.items())}")
    show(f"\nbest of {found.trials} trials, dev F1 {100 * found.dev_f1:.2f}:")
    show(" ".join(f"--set {name}={toml_value(value)}" for name, value in found.settings.items()))
