"""``nertagger evaluate``: the scores of a model on annotated files."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

from nertagger.cli.common.inputs import expect_model, find_inputs, refuse_models
from nertagger.cli.common.options import Encoding, Format, Lenient, TagColumn, Threads, WordColumn
from nertagger.cli.common.parser import Argument, Option
from nertagger.cli.common.progress import display, reading
from nertagger.cli.common.scores import ReportRequest, check_report, present, warn_of_learned
from nertagger.companions import tagger_run_folder
from nertagger.corpus import read
from nertagger.evaluation import Scores
from nertagger.evaluation import evaluate as evaluate_tags
from nertagger.evaluation.aligned import Judged, side_by_side
from nertagger.runtime import Tagger
from nertagger.text.document import Document, Sentence
from nertagger.text.schemes import convert_tags, detect_scheme, read_spans

logger = logging.getLogger(__name__)


def evaluate(
    model: Annotated[Path, Argument(help="the model file NAME.ner")],
    gold: Annotated[list[str], Argument(metavar="GOLD", help="annotated files, scored together")],
    format: Format = None,
    word_column: WordColumn = None,
    tag_column: TagColumn = None,
    encoding: Encoding = None,
    lenient: Lenient = False,
    threads: Threads = None,
    details: Annotated[
        bool, Option("--details", help="intervals, ways of matching, confusion, calibration, and speed too")
    ] = False,
    train: Annotated[
        list[str] | None, Option(help="training file, to score seen and unseen entities apart; may come again")
    ] = None,
    precision: Annotated[
        float | None, Option(min=0, max=1, help="find the least confidence that has this precision")
    ] = None,
    report: Annotated[str | None, Option(help="write all this as a page, report.html, or as report.md")] = None,
    as_json: Annotated[bool, Option("--json", help="print one JSON object, fractions of one")] = False,
) -> None:
    """Score a model on annotated files: precision, recall and F1 of its entities, by conlleval's rules.

    --train, --precision and --report ask for the details too.
    """
    check_report(report)
    expect_model(model, *gold)
    refuse_models(gold, "a model is scored on annotated files: nertagger evaluate MODEL GOLD")
    paths = find_inputs(gold)
    tagger = Tagger.load(model, threads=threads)
    side = partial(
        read,
        format=format,
        word_column=word_column,
        tag_column=tag_column,
        encoding=encoding,
        lenient=lenient,
        segment=tagger.segment,
    )
    with reading(paths, "reading"):
        sentences = [sentence for path in paths for sentence in side(path)]
    warn_of_learned(tagger.model, sentences)
    in_detail = details or bool(train or report) or precision is not None
    scores, judged, speed = _judge(tagger, sentences, in_detail=in_detail)
    facts = {"model": str(model), "gold": ", ".join(paths), "tagging": f"{speed:,.0f} tokens a second"}
    request = (
        ReportRequest(report, f"{model.name} on {Path(paths[0]).name}", facts, _run_log(model)) if report else None
    )
    present(
        scores,
        judged,
        as_json=as_json,
        train=train or (),
        read_train=side,
        wanted_precision=precision,
        speed=speed,
        report=request,
    )


def _judge(
    tagger: Tagger, sentences: Sequence[Sentence], *, in_detail: bool
) -> tuple[Scores, list[Judged] | None, float]:
    """The scores of a tagger, what it found beside the gold if that is asked for, and its tokens a second."""
    tags = [sentence.tags or () for sentence in sentences]
    _warn_of_unknown_labels(tags, tagger)
    scheme = detect_scheme(tags)  # accuracy compares tags as they are written
    begun = perf_counter()
    with display() as shown:
        watched = shown.each("tagging", sentences, unit="sentences")
        found, confidences = (
            _tagged(tagger, watched) if in_detail else (tagger.tag_tokens(s.words for s in watched), [])
        )
    seconds = perf_counter() - begun
    predicted = [convert_tags(one, scheme) for one in found]
    scores = evaluate_tags(tags, predicted)
    return scores, side_by_side(sentences, predicted, confidences) if in_detail else None, scores.tokens / seconds


def _run_log(model: Path) -> list[dict[str, Any]]:
    """The epochs of the training run whose folder stands beside the model; none if there is no such folder."""
    log = tagger_run_folder(model) / "log.jsonl"
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.is_file() else []


def _tagged(tagger: Tagger, sentences: Iterable[Sentence]) -> tuple[list[Sequence[str]], list[list[float]]]:
    """The tags of each sentence, and the confidences of its entities."""
    tags: list[Sequence[str]] = []
    confidences: list[list[float]] = []
    for document in tagger.tag_documents(map(Document.from_sentence, sentences)):
        tags.append(document.sentences[0].tags or ())
        confidences.append([entity.confidence or 0.0 for entity in document.entities])
    return tags, confidences


def _warn_of_unknown_labels(tags: Sequence[Sequence[str]], tagger: Tagger) -> None:
    labels = (span.label for sentence in tags for span in read_spans(sentence))
    counts = Counter(label for label in labels if label not in tagger.labels)
    if counts:
        listed = ", ".join(f"{label} ({number})" for label, number in counts.most_common())
        logger.warning(
            "%d gold entities have labels that the model does not know and cannot find: %s", counts.total(), listed
        )
