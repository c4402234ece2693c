"""How `nertagger evaluate` and `nertagger score` present what they find."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from nertagger.cli.common.terminal import show, to_json
from nertagger.corpus import read
from nertagger.evaluation import Scores
from nertagger.text.document import Sentence

if TYPE_CHECKING:
    from nertagger.evaluation.aligned import Judged
    from nertagger.runtime import ModelFile
    from nertagger.text.document import Sentence


logger = logging.getLogger(__name__)
_LEARNED = 0.1  # the share of gold sentences that may stand in the training text by chance


class ReportRequest(NamedTuple):
    """A report that is wanted: its file, and what it tells beside the scores."""

    path: str
    title: str
    facts: Mapping[str, str]
    epochs: Sequence[Mapping[str, Any]] = ()


def check_report(path: str | None) -> None:
    """Raise before any work is done if the name of a report tells no kind of it."""
    if path is not None:
        from nertagger.reports.report import check_suffix

        check_suffix(path)


def warn_of_learned(model: ModelFile, sentences: Sequence[Sentence]) -> None:
    """Warn if a model was trained on the very sentences that it is to be scored on."""
    from nertagger.runtime.leakage import count_learned  # not at the top: `nertagger score` runs no model

    asked, learned = count_learned(model, (sentence.words for sentence in sentences))
    if learned > _LEARNED * asked:
        logger.warning(
            "the model was trained on %d of these %d gold sentences (of five words or more), the dev split's "
            "included unless training.refit is 0: its scores on other text are lower",
            learned,
            asked,
        )


def present(
    scores: Scores,
    judged: Sequence[Judged] | None,
    *,
    as_json: bool,
    train: Sequence[str] = (),
    read_train: Callable[[str], Sequence[Sentence]] = read,
    wanted_precision: float | None = None,
    speed: float | None = None,
    report: ReportRequest | None = None,
) -> None:
    """Print scores, with details if there are sentences to examine; write a report if there is one wanted.

    Args:
        scores: of all sentences.
        judged: the sentences; None to print the scores alone.
        as_json: one JSON object instead of tables.
        train: files that the model was trained on.
        read_train: reads one of them.
        wanted_precision: for which the least confidence is sought.
        speed: of tagging, in tokens a second.
        report: the file to write, and what it tells beside the scores.
    """
    content, text = scores.to_dict(), [scores.report()]
    if judged is not None:
        from nertagger.evaluation.details import examine
        from nertagger.evaluation.seen import entity_lexicon

        lexicon = entity_lexicon(sentence for path in train for sentence in read_train(path)) if train else None
        details = examine(judged, lexicon=lexicon, wanted_precision=wanted_precision)
        content |= details.to_dict()
        text.append(details.report())
        if speed is not None:
            content["tokens_per_second"] = speed
            text.append(f"Tagged {speed:,.0f} tokens a second.")
        if report is not None:
            from nertagger.reports.report import Content, write_report

            write_report(report.path, Content(report.title, scores, details, judged, report.facts, report.epochs))
    show(to_json(content) if as_json else "\n\n".join(text))
