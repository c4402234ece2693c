"""``nertagger inspect``: the contents of a model file."""

from __future__ import annotations

from typing import Annotated

from nertagger.cli.common.inputs import expect_model
from nertagger.cli.common.parser import Argument, Option
from nertagger.cli.common.terminal import show, to_json
from nertagger.english.files import open_model
from nertagger.inspection.contents import describe, to_text


def inspect(
    model: Annotated[
        str, Argument(help="the model file, NAME.ner, NAME.enc or NAME.lm; english is the tagger of the package")
    ],
    as_json: Annotated[bool, Option("--json", help="print one JSON object")] = False,
) -> None:
    """Show a model's card, labels, sizes, settings, metrics and hashes, after checking the whole file."""
    expect_model(model)
    content = describe(open_model(model))
    show(to_json(content) if as_json else to_text(content))
