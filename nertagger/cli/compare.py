"""``nertagger compare``: whether one output is better than another, and where."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from nertagger.cli.common.inputs import refuse_models, refuse_repeated
from nertagger.cli.common.options import Encoding, Format, Lenient, TagColumn, WordColumn
from nertagger.cli.common.outputs import judge
from nertagger.cli.common.parser import Argument, Option
from nertagger.cli.common.terminal import show, to_json
from nertagger.corpus import read_documents
from nertagger.evaluation.comparison import compare as compare_outputs


def compare(
    gold: Annotated[str, Argument(help="annotated file")],
    a: Annotated[str, Argument(help="the same words with the tags of one system")],
    b: Annotated[str, Argument(help="the same words with the tags of another one")],
    format: Format = None,
    word_column: WordColumn = None,
    tag_column: TagColumn = None,
    encoding: Encoding = None,
    lenient: Lenient = False,
    resamples: Annotated[int, Option(min=100, help="of the randomisation and the bootstrap")] = 10_000,
    seed: Annotated[int, Option(min=0, help="the same seed gives the same figures")] = 0,
    examples: Annotated[int, Option(min=0, help="how many entities that only one has to show")] = 10,
    as_json: Annotated[bool, Option("--json", help="print one JSON object, all examples, fractions of one")] = False,
) -> None:
    """Compare two outputs with the gold: F1 of both by type, its difference, and what only one of them has right.

    Whether the difference may be chance is told by approximate randomisation and the paired bootstrap over sentences.
    Look at micro first; of the types, some difference among many is likely by chance, which p Holm allows for.
    """
    refuse_repeated([gold, a, b])
    refuse_models((gold, a, b), "let each model tag the gold first: nertagger tag MODEL GOLD -o TAGGED.conll")
    side = partial(
        read_documents,
        format=format,
        word_column=word_column,
        encoding=encoding,
        lenient=lenient,
        tag_column=tag_column,
    )
    wanted = list(side(gold))
    (_, one), (_, other) = (judge(wanted, list(side(path)), names=(gold, path)) for path in (a, b))
    found = compare_outputs(one, other, resamples=resamples, seed=seed)
    show(to_json(found.to_dict()) if as_json else found.report(examples=examples))
