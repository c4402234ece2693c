"""Shared by `nertagger evaluate` and `nertagger score`: the options of scores, and the printing of scores."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from nertagger.cli.common.parser import Option
from nertagger.cli.common.terminal import show, to_json
from nertagger.files import check_output

if TYPE_CHECKING:
    from nertagger.evaluation import Scores
    from nertagger.evaluation.aligned import AlignedSentence
    from nertagger.evaluation.analysis import Analysis
    from nertagger.runtime import ModelFile
    from nertagger.text.document import Sentence

logger = logging.getLogger(__name__)
_BY_CHANCE = 0.1  # the fraction of gold sentences that may also be in the training text by chance


@dataclass(frozen=True, kw_only=True)
class ScoreOptions:
    """The options of commands that score: what to print and write beside the scores.

    Attributes:
        details: whether to print the error analysis too.
        train: training files, to score seen and unseen entities apart.
        precision: find the lowest confidence with this precision.
        report: the file of a report.
        as_json: print one JSON object instead of tables.

    Raises:
        DataError: if the name of the report has no suffix of a report.
    """

    details: Annotated[
        bool, Option("--details", help="add intervals, matching strategies, confusion and calibration")
    ] = False
    train: Annotated[
        list[str] | None,
        Option(
            metavar="FILE",
            help="training file, to score seen and unseen entities separately (all details); may be repeated",
        ),
    ] = None
    precision: Annotated[
        float | None, Option(min=0, max=1, help="find the lowest confidence with this precision (all details)")
    ] = None
    report: Annotated[str | None, Option(metavar="FILE", help="write all details to report.html or report.md")] = None
    as_json: Annotated[bool, Option("--json", help="print one JSON object, scores as fractions")] = False

    def __post_init__(self) -> None:
        if self.report is not None:
            from nertagger.reports.writing import check_suffix

            check_suffix(self.report)
            check_output(self.report)

    @property
    def in_detail(self) -> bool:
        """Whether an error analysis is needed."""
        return self.details or bool(self.train) or self.precision is not None or self.report is not None


SCORES_ALONE = ScoreOptions()


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The subject of a report: a title, facts by name, the speed of the tagger, and the log of its training."""

    title: str
    facts: Mapping[str, str]
    tokens_per_second: float | None = None
    epochs: Sequence[Mapping[str, Any]] = ()


def warn_of_leakage(model: ModelFile, sentences: Sequence[Sentence]) -> None:
    """Warn if a model was trained on the sentences that it is scored on."""
    from nertagger.runtime.leakage import count_trained_on  # not at the top: `nertagger score` runs no model

    checked, trained_on = count_trained_on(model, (sentence.words for sentence in sentences))
    if trained_on > _BY_CHANCE * checked:
        logger.warning(
            "the model was trained on %d of these %d gold sentences of at least five words (on those of the dev split "
            "too, unless training.refit is 0): its scores on other text are lower",
            trained_on,
            checked,
        )


def present(
    scores: Scores,
    aligned: Callable[[], list[AlignedSentence]],
    options: ScoreOptions,
    subject: Subject,
    *,
    read: Callable[[str], Sequence[Sentence]],
) -> None:
    """Print scores and, if the options ask for them, details; write the report that they ask for.

    Args:
        scores: the scores of all sentences.
        aligned: returns the sentences with gold and predicted entities.
        options: what to print and write.
        subject: what was scored.
        read: reads a training file.
    """
    content, text = scores.to_dict(), [scores.report()]
    if options.in_detail:
        sentences = aligned()
        analysis = _analyse(sentences, options, read)
        content |= analysis.to_dict()
        text.append(analysis.report())
        if subject.tokens_per_second is not None:
            content["tokens_per_second"] = subject.tokens_per_second
            text.append(f"Tagged {subject.tokens_per_second:,.0f} tokens per second.")
        if options.report is not None:
            _write_report(options.report, subject, scores, analysis, sentences)
    show(to_json(content) if options.as_json else "\n\n".join(text))


def _analyse(
    sentences: Sequence[AlignedSentence], options: ScoreOptions, read: Callable[[str], Sequence[Sentence]]
) -> Analysis:
    from nertagger.evaluation.analysis import analyse  # not at the top: scores alone need neither NumPy nor SciPy
    from nertagger.evaluation.seen import entity_lexicon

    train = (sentence for path in options.train or () for sentence in read(path))
    lexicon = entity_lexicon(train) if options.train else None
    return analyse(sentences, lexicon=lexicon, wanted_precision=options.precision)


def _write_report(
    path: str, subject: Subject, scores: Scores, analysis: Analysis, sentences: Sequence[AlignedSentence]
) -> None:
    from nertagger.reports import Report, write_report

    write_report(path, Report(subject.title, scores, analysis, sentences, subject.facts, subject.epochs))
