"""``nertagger score``: the scores of anybody's output against the gold tags, no model needed."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

from nertagger.cli.common.inputs import refuse_models
from nertagger.cli.common.options import Encoding, Format, Lenient, WordColumn
from nertagger.cli.common.outputs import judge
from nertagger.cli.common.parser import Argument, Option
from nertagger.cli.common.progress import reading
from nertagger.cli.common.scores import ReportRequest, check_report, present
from nertagger.corpus import read, read_documents
from nertagger.corpus.registry import format_of_name
from nertagger.errors import DataError
from nertagger.files import is_stream, once_only


def score(
    gold: Annotated[
        str, Argument(help="annotated file; alone, it holds the gold and the predicted tags in two columns")
    ],
    predicted: Annotated[str | None, Argument(help="the same words with predicted tags")] = None,
    format: Format = None,
    word_column: WordColumn = None,
    gold_column: Annotated[
        str | None,
        Option(metavar="N|NAME", help="column of the gold tags; in a single file the last but one if left out"),
    ] = None,
    predicted_column: Annotated[str | None, Option(metavar="N|NAME", help="column of the predicted tags")] = None,
    encoding: Encoding = None,
    lenient: Lenient = False,
    details: Annotated[bool, Option("--details", help="intervals, ways of matching and confusion too")] = False,
    train: Annotated[
        list[str] | None,
        Option(help="training file, to score seen and unseen entities apart (and all details); may come again"),
    ] = None,
    report: Annotated[
        str | None, Option(help="write all this as a page, report.html, or as report.md (and print all details)")
    ] = None,
    precision: Annotated[
        float | None,
        Option(min=0, max=1, help="find the least confidence that has this precision, where PREDICTED has confidences"),
    ] = None,
    as_json: Annotated[bool, Option("--json", help="print one JSON object, fractions of one")] = False,
) -> None:
    """Score predicted tags against gold ones: precision, recall and F1 of entities, by conlleval's rules.

    A single FILE is conlleval's own input: word, ..., gold tag, predicted tag. Entities that PREDICTED gives as
    characters of the same texts are put on the gold tokens; one that does not begin and end with tokens is wrong.
    """
    check_report(report)
    if is_stream(gold) and predicted in (gold, None):
        raise DataError(f"{gold}: {once_only(gold)}; give a file for the gold or the predicted tags")
    refuse_models((gold, predicted), "a model is scored by: nertagger evaluate MODEL GOLD")
    read_train = partial(
        read, format=format, word_column=word_column, tag_column=gold_column, encoding=encoding, lenient=lenient
    )
    if predicted is None:
        format = _table(gold, format)
        gold_column, predicted_column = gold_column or "-2", predicted_column or "-1"
    side = partial(read_documents, format=format, word_column=word_column, encoding=encoding, lenient=lenient)
    with reading([gold, predicted or gold], "reading"):
        wanted = list(side(gold, tag_column=gold_column))
        output = list(side(predicted or gold, tag_column=predicted_column))
    scores, judged = judge(wanted, output, names=(gold, predicted or gold))
    facts = {"gold": gold, "predicted": predicted or gold}
    request = ReportRequest(report, f"Scores of {Path(predicted or gold).name}", facts) if report else None
    in_detail = details or train or precision is not None or report
    present(
        scores,
        judged if in_detail else None,
        as_json=as_json,
        train=train or (),
        read_train=read_train,
        wanted_precision=precision,
        report=request,
    )


def _table(path: str, format: str | None) -> str:
    """The format of a file that holds both tags of a word: a table, whatever its name."""
    if (format or format_of_name(path) or "conll") != "conll":
        raise DataError(f"{path}: a single file must be a table of words, gold and predicted tags; give PREDICTED too")
    return "conll"
