"""The objects that the page is sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from nertagger.annotation.naming import NamedPlace
from nertagger.annotation.ranking.strategies import DESCRIPTIONS
from nertagger.annotation.store.decisions import Decision
from nertagger.annotation.store.models import Proposal
from nertagger.annotation.store.texts import StoredSentence
from nertagger.annotation.web.workspace import Workspace
from nertagger.corpus import FORMATS
from nertagger.render.colours import LabelColours
from nertagger.text.document import Span

Record = dict[str, Any]


def project_view(workspace: Workspace) -> Record:
    """Return what the page shows all the time: settings, counts, the latest model and its training."""
    project = workspace.project
    settings, model, training = project.settings.load(), project.models.latest(), project.trainings.last()
    colours = LabelColours()
    new = project.decisions.answers_since(training.decision if training else 0)
    return {
        "name": project.name,
        "read_only": project.database.read_only,
        "settings": settings.model_dump(),
        "labels": [{"name": label, "hue": colours[label]} for label in settings.labels],
        "strategies": DESCRIPTIONS,
        "formats": [{"name": entry.name, "title": entry.description} for entry in FORMATS.values() if entry.writable],
        "counts": project.decisions.counts(),
        "annotators": project.decisions.annotators(),
        "model": asdict(model) if model else None,
        "training": asdict(training) if training else None,
        "new_answers": new,
        "names": project.names.all(),
    }


def sentence_view(
    workspace: Workspace, sentence: StoredSentence, annotator: str, *, drawn: str | None = None
) -> Record:
    """Return a sentence as it is labelled: tokens, the annotator's decision, proposals, and others' decisions.

    Others' decisions are left out if it was drawn to measure agreement.
    """
    decisions = workspace.project.decisions.of_sentence(sentence.number)
    mine = next((one for one in decisions if one.annotator == annotator), None)
    others = [one for one in decisions if one.annotator != annotator] if drawn is None else []
    model, proposals = workspace.proposals(sentence)
    names = workspace.project.names.propose(sentence, [span for span, _ in proposals])
    return {
        **_text_view(sentence),
        "tokens": [token._asdict() for token in sentence.tokens],
        "drawn": drawn,
        "version": mine.number if mine else 0,
        "mine": decision_view(mine) if mine else None,
        "others": [decision_view(one) for one in others],
        "model": model,
        "proposals": [*proposals_view(proposals), *({**span._asdict(), "origin": "name"} for span in names)],
    }


def listed_view(sentence: StoredSentence, decisions: Sequence[Decision]) -> Record:
    """Return a sentence as a row of a list, with the decisions on it."""
    return {
        **_text_view(sentence),
        "tokens": [token._asdict() for token in sentence.tokens],
        "decisions": [decision_view(one) for one in decisions],
    }


def place_view(place: NamedPlace) -> Record:
    """Return a place where a name occurs, with its sentence."""
    occurrence = place.occurrence
    return {
        "sentence": occurrence.sentence.number,
        "tokens": [token._asdict() for token in occurrence.sentence.tokens],
        "text": occurrence.sentence.text,
        "first": occurrence.first,
        "stop": occurrence.stop,
        "is_answered": place.decision is not None,
        "label": place.label,
    }


def decision_view(decision: Decision) -> Record:
    """Return a decision."""
    return {
        "version": decision.number,
        "annotator": decision.annotator,
        "kind": decision.kind,
        "entities": spans_view(decision.spans),
        "origin": decision.origin,
        "at": decision.at,
    }


def spans_view(spans: Iterable[Span]) -> list[Record]:
    """Return entities as ranges of tokens."""
    return [span._asdict() for span in spans]


def proposals_view(proposals: Iterable[Proposal]) -> list[Record]:
    """Return proposed entities with their confidences."""
    return [{**span._asdict(), "confidence": confidence, "origin": "model"} for span, confidence in proposals]


def _text_view(sentence: StoredSentence) -> Record:
    return {
        "id": sentence.number,
        "source": sentence.source,
        "text": sentence.text,
        "before": sentence.before,
        "after": sentence.after,
    }
