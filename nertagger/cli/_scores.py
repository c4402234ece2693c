"""How `nertagger evaluate` and `nertagger score` present what they find."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nertagger.corpus import read
from nertagger.evaluation import Scores

if TYPE_CHECKING:
    from nertagger.evaluation.judged import Judged


def present(
    scores: Scores,
    judged: Sequence[Judged] | None,
    *,
    as_json: bool,
    train: Sequence[str] = (),
    wanted_precision: float | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Print scores, with details if there are sentences to examine.

    Args:
        scores: of all sentences.
        judged: the sentences; None to print the scores alone.
        as_json: one JSON object instead of tables.
        train: files that the model was trained on.
        wanted_precision: for which the least confidence is sought.
        facts: further keys of the JSON object and lines of the report.
    """
    content, text = scores.to_dict(), [scores.report()]
    if judged is not None:
        from nertagger.evaluation.details import examine
        from nertagger.evaluation.novelty import entity_lexicon

        lexicon = entity_lexicon(sentence for path in train for sentence in read(path)) if train else None
        details = examine(judged, lexicon=lexicon, wanted_precision=wanted_precision)
        content |= {**details.to_dict(), **(facts or {})}
        text += [details.report(), *(f"{name}: {value:,.0f}" for name, value in (facts or {}).items())]
    print(json.dumps(content, ensure_ascii=False) if as_json else "\n\n".join(text))
