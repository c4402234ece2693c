"""What is odd about the two splits of a run, said before hours are spent on them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence

from nertagger.text.document import Sentence
from nertagger.text.schemes import read_spans

logger = logging.getLogger(__name__)


def check_splits(train: Sequence[Sentence], dev: Sequence[Sentence], *, refit: bool) -> None:
    """Warn of a dev split that is training text, and of labels that only the dev split has.

    Args:
        train, dev: annotated sentences.
        refit: whether the last epochs learn from the dev split too.
    """
    seen = {sentence.words for sentence in train}
    known = sum(sentence.words in seen for sentence in dev)
    if 2 * known > len(dev):
        problem = "%d of %d dev sentences are training sentences too: the dev F1 says little of other text"
        logger.warning(f"{problem}; give a dev file that training has not", known, len(dev))
    labels = {span.label for sentence in train for span in read_spans(sentence.tags or ())}
    strange = [[span.label for span in read_spans(s.tags or ()) if span.label not in labels] for s in dev]
    if counts := Counter(label for found in strange for label in found):
        listed = ", ".join(f"{label} ({count})" for label, count in sorted(counts.items()))
        left_out = "; the epochs that learn from the dev split leave these sentences out" if refit else ""
        problem = "dev entities of labels that training lacks, which are never found: %s, in %d of %d sentences%s"
        logger.warning(problem, listed, sum(map(bool, strange)), len(dev), left_out)
