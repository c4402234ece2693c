"""``nertagger compare``: whether one output is significantly better than another, and where they differ."""

from __future__ import annotations

from typing import Annotated

from nertagger.cli.common.inputs import refuse_models, refuse_repeated
from nertagger.cli.common.options import AS_DETECTED, Format, ReadingOptions
from nertagger.cli.common.outputs import score_output
from nertagger.cli.common.parser import Argument, Option
from nertagger.cli.common.terminal import show, to_json
from nertagger.corpus import read_documents
from nertagger.evaluation.comparison import compare as compare_outputs
from nertagger.text.document import Document


def compare(
    gold: Annotated[str, Argument(help="annotated file")],
    a: Annotated[str, Argument(help="the same words with the tags of system A")],
    b: Annotated[str, Argument(help="the same words with the tags of system B")],
    format: Format = None,
    read_as: ReadingOptions = AS_DETECTED,
    resamples: Annotated[int, Option(min=100, help="number of resamples of both tests")] = 10_000,
    seed: Annotated[int, Option(min=0, help="random seed")] = 0,
    examples: Annotated[int, Option(min=0, help="number of entities to show that only one system has")] = 10,
    as_json: Annotated[
        bool, Option("--json", help="print one JSON object with all examples, scores as fractions")
    ] = False,
) -> None:
    """Compare two outputs with the gold: F1 of both by type, the difference, and the entities that only one has.

    The significance of the difference is tested by approximate randomization and the paired bootstrap over sentences.
    Look at micro first: among many types, some difference is likely by chance, which p Holm accounts for.
    """
    refuse_repeated([gold, a, b])
    refuse_models((gold, a, b), "let each model tag the gold first: nertagger tag MODEL GOLD -o TAGGED.conll")

    def read_side(path: str) -> list[Document]:
        return list(read_documents(path, format=format, **vars(read_as)))

    documents = read_side(gold)
    sides = [score_output(documents, read_side(path), names=(gold, path)).aligned() for path in (a, b)]
    comparison = compare_outputs(*sides, resamples=resamples, seed=seed)
    show(to_json(comparison.to_dict()) if as_json else comparison.report(examples=examples))
