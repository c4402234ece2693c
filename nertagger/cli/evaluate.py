"""``nertagger evaluate``: the scores of a model on annotated files."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from nertagger.cli.common.inputs import expect_model, find_inputs, refuse_models
from nertagger.cli.common.options import AS_DETECTED, Format, ReadingOptions, Threads
from nertagger.cli.common.parser import Argument, Option, UsageError
from nertagger.cli.common.progress import reading
from nertagger.cli.common.scores import SCORES_ALONE, ScoreOptions, Subject, present, warn_of_leakage
from nertagger.cli.common.tagger_progress import TaggerProgress, TokenTaggerProgress
from nertagger.cli.tagging.rules import NO_RULES, RuleOptions
from nertagger.corpus import read
from nertagger.errors import DataError
from nertagger.evaluation.tagger import TaggedGold, count_unknown_labels, tag_gold, tag_gold_with_confidences
from nertagger.modelfile.schema import ENGLISH
from nertagger.printable import counted
from nertagger.runtime import Tagger
from nertagger.text.document import Sentence

if TYPE_CHECKING:
    from nertagger.integrations.spacy import SpacyPipeline

logger = logging.getLogger(__name__)
_SPACY = "spacy:"


def evaluate(
    model: Annotated[
        str,
        Argument(
            help="the model file, NAME.ner; english is the tagger of the package, spacy:NAME a pipeline of spaCy, such "
            "as spacy:en_core_web_sm"
        ),
    ],
    gold: Annotated[list[str], Argument(metavar="GOLD", help="annotated files, scored together")],
    format: Format = None,
    read_as: ReadingOptions = AS_DETECTED,
    threads: Threads = None,
    rules: RuleOptions = NO_RULES,
    rename: Annotated[
        list[str] | None,
        Option(
            metavar="OLD=NEW,...",
            help="other names of predicted labels, as PERSON=PER,GPE=LOC; DATE= leaves them out; may be repeated",
        ),
    ] = None,
    options: ScoreOptions = SCORES_ALONE,
) -> None:
    """Score a model on annotated files: precision, recall and F1 of its entities, by conlleval's rules."""
    labels = _read_names(rename or [])
    if not model.startswith(_SPACY):
        expect_model(model, *gold)
    refuse_models(gold, "a model is scored on annotated files: nertagger evaluate MODEL GOLD")
    paths = find_inputs(gold)
    tagger = _open(model, threads, rules)

    def read_gold(path: str) -> list[Sentence]:
        return read(path, format=format, segment=tagger.segment, **vars(read_as))

    with reading(paths, "reading"):
        sentences = [sentence for path in paths for sentence in read_gold(path)]
    if not sentences:
        raise DataError(f"{', '.join(paths)}: got no sentence, expected annotated text")
    tagged = _tag(tagger, sentences, labels, in_detail=options.in_detail)
    subject = _subject(model, paths, tagged)
    present(tagged.scores(), tagged.aligned, options, subject, read=read_gold)


def _open(model: str, threads: int | None, rules: RuleOptions) -> Tagger | SpacyPipeline:
    found = rules.read()
    if not model.startswith(_SPACY):
        return Tagger.load(model, threads=threads).with_rules(found)
    if found is not None:
        raise UsageError(f"{model}: got gazetteers or patterns, which are for models; give the pipeline an EntityRuler")
    from nertagger.integrations.spacy import SpacyPipeline

    return SpacyPipeline.load(model.removeprefix(_SPACY))


def _tag(
    tagger: Tagger | SpacyPipeline, sentences: Sequence[Sentence], labels: Mapping[str, str], *, in_detail: bool
) -> TaggedGold:
    """Return the sentences with the renamed tags of a tagger; warns if these cannot be scored fairly."""
    if isinstance(tagger, Tagger):
        warn_of_leakage(tagger.model, sentences)
    known = {labels.get(label, label) for label in tagger.labels}
    if unknown := count_unknown_labels(sentences, known):
        listed = ", ".join(f"{label} ({number})" for label, number in unknown.most_common())
        text = "%s with labels that the model does not know and cannot find: %s"
        logger.warning(text, counted(unknown.total(), "gold entity", "gold entities"), listed)
    if in_detail and isinstance(tagger, Tagger):
        tagged = tag_gold_with_confidences(TaggerProgress(tagger, "tagging"), sentences)
    else:
        tagged = tag_gold(TokenTaggerProgress(tagger, "tagging"), sentences)
    return tagged.renamed(labels) if labels else tagged


def _read_names(options: Sequence[str]) -> dict[str, str]:
    """Return the new label of each label that ``--rename`` gives."""
    names: dict[str, str] = {}
    for part in ",".join(options).split(",") if options else []:
        old, equals, new = part.partition("=")
        if not old or not equals:
            raise UsageError(f"--rename: got {part!r}, expected OLD=NEW, as in PERSON=PER")
        names[old] = new
    return names


def _subject(model: str, paths: Sequence[str], tagged: TaggedGold) -> Subject:
    from nertagger.reports.training_log import read_training_log

    speed = tagged.tokens_per_second
    facts = {"model": str(model), "gold": ", ".join(paths), "speed": f"{speed:,.0f} tokens per second"}
    title = f"{Path(model).name} on {Path(paths[0]).name}"
    epochs = [] if model == ENGLISH or model.startswith(_SPACY) else read_training_log(model)
    return Subject(title=title, facts=facts, tokens_per_second=speed, epochs=epochs)
