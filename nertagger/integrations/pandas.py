"""Tag the texts of a pandas DataFrame."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np

from nertagger.errors import DataError, requires_extra
from nertagger.runtime import Tagger
from nertagger.runtime.documents import entities_of_texts, entity_types
from nertagger.text.arguments import check_fraction, shown

if TYPE_CHECKING:
    import pandas as pd


def tag_frame(
    tagger: Tagger, frame: pd.DataFrame, text_column: Hashable, *, min_confidence: float = 0.0
) -> pd.DataFrame:
    """Return one row per entity, indexed as the row of its text: label, start, end, text, confidence.

    A tagger with rules has one more column, ``rule``, which is missing (None, NaN) where the model found the entity.
    ``frame.join(tag_frame(tagger, frame, "text"), rsuffix="_entity")`` puts the entities beside their rows, if each has
    an index of its own. Missing texts (None, NaN) have no entities.

    Args:
        tagger: the model.
        frame: any rows; the index may have several levels, and repeat itself.
        text_column: the column of the texts.
        min_confidence: entities with a lower confidence are left out.

    Raises:
        DataError: if the column does not exist, or holds something that is neither text nor missing, or `frame` is not
            a DataFrame.
        MissingExtraError: if pandas is missing.
    """
    with requires_extra("tagging a DataFrame", "pandas"):
        import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        got = f"got {shown(frame)}, expected a DataFrame of pandas"
        raise DataError(f"{got}; texts in a list or column are for tagger.pipe")
    check_fraction("min_confidence", min_confidence)
    texts = _texts(frame, text_column)
    places: list[int] = []
    rows: list[dict[str, object]] = []
    for place, entities in enumerate(entities_of_texts(tagger, texts, min_confidence=min_confidence)):
        rows += entities or ()
        places += [place] * len(entities or ())
    index = frame.index.take(np.array(places, dtype=np.intp))
    found = pd.DataFrame(rows, columns=list(entity_types(tagger)), index=index)
    found = found.astype({"label": str, "start": "int64", "end": "int64", "text": str, "confidence": "float64"})
    if "rule" in found:
        found["rule"] = found["rule"].astype(found["text"].dtype)  # `str` would make a text of None in pandas 2
    return found


def _texts(frame: pd.DataFrame, column: Hashable) -> list[str | None]:
    """Return the texts of a column, None for missing ones."""
    columns = [place for place, name in enumerate(frame.columns) if name == column]
    if not columns:
        raise DataError(f"there is no column {column!r}; there are {', '.join(map(str, frame.columns))}")
    if len(columns) > 1:
        raise DataError(f"there are {len(columns)} columns {column!r}; rename all but one")
    values = frame.iloc[:, columns[0]]
    texts = [None if missing else text for text, missing in zip(values, values.isna(), strict=True)]
    for place, text in enumerate(texts):
        if text is not None and not isinstance(text, str):
            raise DataError(f"row {frame.index[place]}, column {column!r}: got {text!r:.40}, expected text")
    return texts
