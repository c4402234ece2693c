"""``nertagger bench``: how fast a model tags on this machine."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from nertagger.cli.common.inputs import expect_model, find_inputs, refuse_streams
from nertagger.cli.common.options import Model, Threads
from nertagger.cli.common.parser import Argument, Option
from nertagger.cli.common.progress import display
from nertagger.cli.common.terminal import show, to_json
from nertagger.corpus.registry import find_reader, format_of_name
from nertagger.experiments.speed import figures_table, measure


def bench(
    model: Model,
    text: Annotated[str, Argument(metavar="FILE", help="text like that to be tagged, preferably some megabytes")],
    format: Annotated[
        str | None, Option(metavar="FORMAT", help="format of FILE; by default detected from its name, else text")
    ] = None,
    repeat: Annotated[int, Option(min=1, help="number of repetitions of each measurement")] = 3,
    threads: Threads = None,
    as_json: Annotated[bool, Option("--json", help="print one JSON object")] = False,
) -> None:
    """Measure a model on this machine: tokens per second, latency, cold start, peak memory, size."""
    refuse_streams([text], "a benchmark reads several times")
    expect_model(model, text)
    (path,) = find_inputs([text])[:1]
    name = format or format_of_name(path) or "text"
    find_reader(name)
    with display(delay=0, is_still=True) as shown:

        def report(text: str, done: int, total: int) -> None:
            shown.show("bench", f"measuring: {text}", done=done, total=total)

        figures = measure(model, Path(path), format=name, repetitions=repeat, threads=threads, report=report)
    show(to_json(asdict(figures)) if as_json else figures_table(figures))
