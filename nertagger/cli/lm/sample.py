"""``nertagger lm sample``: text sampled from a language model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from nertagger.cli.common.inputs import expect_model
from nertagger.cli.common.parser import Argument, Option
from nertagger.cli.common.terminal import show
from nertagger.runtime.language_model.model import LanguageModel
from nertagger.runtime.language_model.sampling import samples


def sample(
    model: Annotated[Path, Argument(help="the model file, NAME.lm")],
    count: Annotated[int, Option("--count", "-n", min=1, help="number of lines")] = 1,
    start: Annotated[str, Option(help="beginning of each line; for a backward model, its end")] = "",
    temperature: Annotated[float, Option(help="less than 1 favours probable symbols, more than 1 rare ones")] = 1.0,
    top_k: Annotated[int, Option(min=0, help="sample from the k most probable symbols; 0: from all")] = 0,
    length: Annotated[int, Option(min=1, help="maximum number of symbols in a line")] = 200,
    unknown: Annotated[bool, Option(help="allow the unknown symbol to be drawn")] = False,
    direction: Annotated[str, Option(help="forward or backward; by default the first that the model has")] = "",
    seed: Annotated[int, Option(min=0, help="random seed")] = 0,
) -> None:
    """Print lines sampled from a language model, one symbol after another up to the end of a line."""
    expect_model(model, maker="nertagger lm train")
    loaded = LanguageModel.load(model)
    for line in samples(
        loaded,
        seed=seed,
        count=count,
        start=start.split() if loaded.level == "words" else start,
        temperature=temperature,
        top_k=top_k,
        length=length,
        unknown=unknown,
        direction=direction,
    ):
        show(line, flush=True)
