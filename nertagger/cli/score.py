"""``nertagger score``: the scores of the output of any tool against the gold tags, without a model."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

from nertagger.cli.common.inputs import refuse_models
from nertagger.cli.common.options import Encoding, Format, Lenient, WordColumn
from nertagger.cli.common.outputs import score_output
from nertagger.cli.common.parser import Argument, Option
from nertagger.cli.common.progress import reading
from nertagger.cli.common.scores import SCORES_ALONE, ScoreOptions, Subject, present
from nertagger.corpus import read, read_documents
from nertagger.corpus.registry import format_of_name
from nertagger.errors import DataError
from nertagger.files import is_stream, once_only


def score(
    gold: Annotated[
        str, Argument(help="annotated file; on its own, a table with gold and predicted tags in two columns")
    ],
    predicted: Annotated[str | None, Argument(help="the same words or texts with predicted entities")] = None,
    format: Format = None,
    word_column: WordColumn = None,
    gold_column: Annotated[
        str | None,
        Option(metavar="N|NAME", help="column of the gold tags; in a single file the last but one by default"),
    ] = None,
    predicted_column: Annotated[str | None, Option(metavar="N|NAME", help="column of the predicted tags")] = None,
    encoding: Encoding = None,
    lenient: Lenient = False,
    options: ScoreOptions = SCORES_ALONE,
) -> None:
    """Score predicted tags against gold ones: precision, recall and F1 of entities, by conlleval's rules.

    A single FILE is the input of conlleval: word, ..., gold tag, predicted tag. Entities that PREDICTED gives as ranges
    of characters of the same texts are projected onto the gold tokens; those that do not begin and end with tokens are
    wrong.
    """
    if is_stream(gold) and predicted in (gold, None):
        raise DataError(once_only(gold), path=gold, remedy="give a file for the gold or the predicted tags")
    refuse_models((gold, predicted), "a model is scored by: nertagger evaluate MODEL GOLD")
    read_train = partial(
        read, format=format, word_column=word_column, tag_column=gold_column, encoding=encoding, lenient=lenient
    )
    if predicted is None:
        format = _table(gold, format)
        gold_column, predicted_column = gold_column or "-2", predicted_column or "-1"
    read_side = partial(read_documents, format=format, word_column=word_column, encoding=encoding, lenient=lenient)
    with reading([gold, predicted or gold], "reading"):
        documents = list(read_side(gold, tag_column=gold_column))
        output = list(read_side(predicted or gold, tag_column=predicted_column))
    names = (gold, predicted or gold)
    scores, aligned = score_output(documents, output, names=names)
    subject = Subject(title=f"Scores of {Path(names[1]).name}", facts={"gold": gold, "predicted": names[1]})
    present(scores, aligned, options, subject, read=read_train)


def _table(path: str, format: str | None) -> str:
    """Return the format of a file with both tags of each word: a table, whatever its name."""
    if (format or format_of_name(path) or "conll") != "conll":
        raise DataError(
            "a single file must be a table of words, gold and predicted tags", path=path, remedy="give PREDICTED too"
        )
    return "conll"
