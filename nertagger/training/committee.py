"""The weights of a committee: those of its networks, and the CRF that decodes the mean of their emissions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nertagger.modelfile.schema import Layer, tensor_name
from nertagger.training.loop.weights import Weights


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
