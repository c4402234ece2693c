"""``nertagger evaluate``: the scores of a model on annotated files."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from nertagger.cli._inputs import find_inputs
from nertagger.cli._parser import Argument, Option
from nertagger.corpus import read
from nertagger.evaluation import evaluate as score
from nertagger.runtime import Tagger
from nertagger.text.schemes import convert_tags, detect_scheme, read_spans

logger = logging.getLogger(__name__)


def evaluate(
    model: Annotated[Path, Argument(help="the model file NAME.ner")],
    gold: Annotated[list[str], Argument(metavar="GOLD", help="annotated files, scored together")],
    format: Annotated[str | None, Option(help="how to read: conll, csv, jsonl, ...; detected if left out")] = None,
    word_column: Annotated[int | None, Option(help="column of the words, from 0, in tables")] = None,
    tag_column: Annotated[int | None, Option(help="column of the tags, from 0, or -1 for the last")] = None,
    encoding: Annotated[str | None, Option(help="encoding of the files; UTF-8 or detected if left out")] = None,
    lenient: Annotated[bool, Option("--lenient", help="repair and count faulty rows")] = False,
    threads: Annotated[int | None, Option(min=1, help="for the network to run on; one a processor, to 4")] = None,
    as_json: Annotated[bool, Option("--json", help="print one JSON object, fractions of one")] = False,
) -> None:
    """Score a model on annotated files: precision, recall and F1 of its entities, by conlleval's rules."""
    paths = find_inputs(gold)
    tagger = Tagger.load(model, threads=threads)
    options = {"word_column": word_column, "tag_column": tag_column}
    sentences = [
        sentence
        for path in paths
        for sentence in read(path, format=format, encoding=encoding, lenient=lenient, **options)
    ]
    tags = [sentence.tags or () for sentence in sentences]
    _warn_of_unknown_labels(tags, tagger)
    scheme = detect_scheme(tags)  # accuracy compares tags as they are written
    predicted = [convert_tags(found, scheme) for found in tagger.tag_tokens([s.words for s in sentences])]
    scores = score(tags, predicted)
    print(json.dumps(scores.to_dict(), ensure_ascii=False) if as_json else scores.report())


def _warn_of_unknown_labels(tags: Sequence[Sequence[str]], tagger: Tagger) -> None:
    labels = (span.label for sentence in tags for span in read_spans(sentence))
    counts = Counter(label for label in labels if label not in tagger.labels)
    if counts:
        listed = ", ".join(f"{label} ({number})" for label, number in counts.most_common())
        logger.warning(
            "%d gold entities have labels that the model does not know and cannot find: %s", counts.total(), listed
        )
