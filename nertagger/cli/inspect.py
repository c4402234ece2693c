"""``nertagger inspect``: the contents of a model file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from nertagger.cli.common.inputs import expect_model
from nertagger.cli.common.parser import Argument, Option
from nertagger.cli.common.terminal import show, to_json
from nertagger.inspection.contents import describe, to_text
from nertagger.modelfile.reader import read_model


def inspect(
    model: Annotated[Path, Argument(help="the model file, NAME.ner, NAME.enc or NAME.lm")],
    as_json: Annotated[bool, Option("--json", help="print one JSON object")] = False,
) -> None:
    """Show a model's card, labels, sizes, settings, metrics and hashes, after checking the whole file."""
    expect_model(model)
    content = describe(read_model(model))
    show(to_json(content) if as_json else to_text(content))
