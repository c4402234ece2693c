"""``nertagger lm score``: how well a language model predicts a text."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Annotated

from nertagger.cli.common.inputs import expect_model, refuse_repeated
from nertagger.cli.common.parser import Argument, Option
from nertagger.cli.common.progress import reading
from nertagger.cli.common.terminal import show, to_json
from nertagger.features.symbols import Line, blocks
from nertagger.runtime.language_model.model import LanguageModel, TextScore

_BLOCK = 1 << 16  # symbols whose lines are scored together


def score(
    model: Annotated[Path, Argument(help="the model file, NAME.lm")],
    text: Annotated[list[str], Argument(help="text files; - is standard input")],
    direction: Annotated[str, Option(help="forward or backward; by default the first that the model has")] = "",
    lines: Annotated[bool, Option(help="print each line after its own log-probability, in nats")] = False,
    as_json: Annotated[bool, Option("--json", help="print one JSON object")] = False,
) -> None:
    """Show cross-entropy, bits per symbol and perplexity of text under a language model, or each line's probability."""
    refuse_repeated(text)
    expect_model(model, *text, maker="nertagger lm train")
    loaded = LanguageModel.load(model)
    read = chain.from_iterable(map(loaded.read, text))
    if lines:
        _show_lines(loaded, read, direction)
        return
    with reading(text, "scoring"):
        found = loaded.score(read, direction=direction)
    show(to_json(found.to_dict()) if as_json else _summary(found, loaded.level))


def _show_lines(model: LanguageModel, lines: Iterable[Line], direction: str) -> None:
    for part in blocks(lines, _BLOCK):
        for line, found in zip(part, model.log_probabilities(part, direction=direction), strict=True):
            show(f"{found:.4f}\t{line if isinstance(line, str) else ' '.join(line)}")


def _summary(found: TextScore, level: str) -> str:
    return (
        f"{found.symbols:,} {level}, {found.unknown:,} of them unknown\n"
        f"cross-entropy {found.nats:.4f} nats, {found.bits:.4f} bits, perplexity {found.perplexity:.3f}"
    )
