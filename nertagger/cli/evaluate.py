"""``nertagger evaluate``: the scores of a model on annotated files."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

from nertagger.cli.common.inputs import expect_model, find_inputs, refuse_models
from nertagger.cli.common.options import Encoding, Format, Lenient, Model, TagColumn, Threads, WordColumn
from nertagger.cli.common.parser import Argument
from nertagger.cli.common.progress import reading
from nertagger.cli.common.scores import SCORES_ALONE, ScoreOptions, Subject, present, warn_of_leakage
from nertagger.cli.common.tagger_progress import TaggerProgress
from nertagger.cli.tagging.rules import NO_RULES, RuleOptions
from nertagger.corpus import read
from nertagger.evaluation.tagger import TaggedGold, count_unknown_labels, tag_gold, tag_gold_with_confidences
from nertagger.modelfile.schema import ENGLISH
from nertagger.runtime import Tagger
from nertagger.text.document import Sentence

logger = logging.getLogger(__name__)


def evaluate(
    model: Model,
    gold: Annotated[list[str], Argument(metavar="GOLD", help="annotated files, scored together")],
    format: Format = None,
    word_column: WordColumn = None,
    tag_column: TagColumn = None,
    encoding: Encoding = None,
    lenient: Lenient = False,
    threads: Threads = None,
    rules: RuleOptions = NO_RULES,
    options: ScoreOptions = SCORES_ALONE,
) -> None:
    """Score a model on annotated files: precision, recall and F1 of its entities, by conlleval's rules."""
    expect_model(model, *gold)
    refuse_models(gold, "a model is scored on annotated files: nertagger evaluate MODEL GOLD")
    paths = find_inputs(gold)
    found = rules.read()
    tagger = Tagger.load(model, threads=threads).with_rules(found)
    read_gold = partial(
        read,
        format=format,
        word_column=word_column,
        tag_column=tag_column,
        encoding=encoding,
        lenient=lenient,
        segment=tagger.segment,
    )
    with reading(paths, "reading"):
        sentences = [sentence for path in paths for sentence in read_gold(path)]
    tagged = _tag(tagger, sentences, in_detail=options.in_detail)
    subject = _subject(model, paths, tagged)
    present(tagged.scores(), tagged.aligned, options, subject, read=read_gold)


def _tag(tagger: Tagger, sentences: Sequence[Sentence], *, in_detail: bool) -> TaggedGold:
    """Return the sentences with the tags of a tagger; warns if these cannot be scored fairly."""
    warn_of_leakage(tagger.model, sentences)
    if unknown := count_unknown_labels(sentences, tagger.labels):
        listed = ", ".join(f"{label} ({number})" for label, number in unknown.most_common())
        text = "%d gold entities have labels that the model does not know and cannot find: %s"
        logger.warning(text, unknown.total(), listed)
    shown = TaggerProgress(tagger, "tagging")
    return tag_gold_with_confidences(shown, sentences) if in_detail else tag_gold(shown, sentences)


def _subject(model: str, paths: Sequence[str], tagged: TaggedGold) -> Subject:
    from nertagger.reports.training_log import read_training_log

    speed = tagged.tokens_per_second
    facts = {"model": str(model), "gold": ", ".join(paths), "speed": f"{speed:,.0f} tokens per second"}
    title = f"{Path(model).name} on {Path(paths[0]).name}"
    epochs = [] if model == ENGLISH else read_training_log(model)
    return Subject(title=title, facts=facts, tokens_per_second=speed, epochs=epochs)
