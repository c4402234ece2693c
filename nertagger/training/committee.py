"""The weights and the scores of a committee: those of its networks, and a CRF that decodes their mean emissions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nertagger.modelfile.schema import Layer, MetricsKey, tensor_name
from nertagger.training.loop.checkpoint import Member
from nertagger.training.loop.seeds import member_seed
from nertagger.training.loop.weights import Weights
from nertagger.training.selection.dev_scorer import DevScorer


def committee_of(members: Sequence[Weights]) -> Weights:
    """Return the weights of a committee of networks with equal layers; of one network, its own.

    The names of the members' weights begin with their number, as in ``member0/emit/kernel``; `members_of` is the
    inverse. The scores of the CRF, which decodes the mean of their emissions, are the mean of theirs.
    """
    if len(members) == 1:
        return members[0]
    named = {tensor_name(Layer.member(i), name): array for i, one in enumerate(members) for name, array in one.items()}
    crf = [name for name in members[0] if name.startswith(tensor_name(Layer.CRF, ""))]
    return {**named, **{name: np.mean([one[name] for one in members], axis=0) for name in crf}}


def conclude(
    members: Sequence[Member], scorer: DevScorer, *, seed: int, report: Callable[[int, int], None] | None = None
) -> tuple[Weights, dict[str, Any]]:
    """Return the weights of the model and its metrics, with dev scores and entity biases of the whole committee.

    Args:
        members: its networks, or the only one.
        scorer: scores weights on the dev split.
        seed: that of the run.
        report: called with the number of labels whose bias has been searched, and of all.
    """
    first = members[0]
    metrics: dict[str, Any] = {MetricsKey.EPOCH: first.epoch, MetricsKey.EPOCHS: first.epochs}
    if len(members) == 1:
        return first.final, {**metrics, MetricsKey.DEV: first.dev, MetricsKey.ENTITY_BIAS: first.biases}
    found = scorer.score(committee_of([one.best for one in members]), by_label=True, report=report)
    weights = [
        scorer.biased(one.final, {label: bias - one.biases[label] for label, bias in found.biases.items()})
        for one in members
    ]
    metrics |= {MetricsKey.DEV: found.scores.to_dict(), MetricsKey.ENTITY_BIAS: found.biases}
    metrics[MetricsKey.MEMBERS] = [_facts(one, member_seed(seed, number)) for number, one in enumerate(members)]
    return committee_of(weights), metrics


def _facts(member: Member, seed: int) -> dict[str, Any]:
    f1 = member.dev["micro"]["f1"]
    return {MetricsKey.EPOCH: member.epoch, MetricsKey.EPOCHS: member.epochs, "dev_f1": f1, "seed": seed}
