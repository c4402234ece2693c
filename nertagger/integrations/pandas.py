"""Tag the texts of a pandas DataFrame."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nertagger.errors import DataError, requires_extra
from nertagger.runtime import Tagger
from nertagger.text.arguments import check_fraction, shown

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("label", "start", "end", "text", "confidence")


def tag_frame(tagger: Tagger, frame: pd.DataFrame, text_column: str, *, min_confidence: float = 0.0) -> pd.DataFrame:
    """Return one row per entity, indexed as the row of its text: label, start, end, text, confidence.

    ``frame.join(tag_frame(tagger, frame, "text"), rsuffix="_entity")`` puts the entities beside their rows. Missing
    texts (None, NaN) have no entities.

    Args:
        tagger: the model.
        frame: any rows.
        text_column: the column of the texts.
        min_confidence: entities with a lower confidence are left out.

    Raises:
        DataError: if the column does not exist, or holds something that is neither text nor missing, or `frame` is not
            a DataFrame.
    """
    with requires_extra("tagging a DataFrame", "pandas"):
        import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise DataError(f"got {shown(frame)}, expected a DataFrame; texts in a list or column are for tagger.pipe")
    check_fraction("min_confidence", min_confidence)
    if text_column not in frame.columns:
        raise DataError(f"there is no column {text_column!r}; there are {', '.join(map(str, frame.columns))}")
    texts = frame[text_column]
    present = texts[texts.notna()]
    for place, text in present.items():
        if not isinstance(text, str):
            raise DataError(f"row {place!r}, column {text_column!r}: got {text!r:.40}, expected text")

    def rows() -> Iterator[tuple[object, ...]]:
        for place, document in zip(present.index, tagger.pipe(present), strict=True):
            for entity in document.entities:
                if (entity.confidence or 0.0) >= min_confidence:
                    yield place, entity.label, entity.start, entity.end, entity.text, entity.confidence

    found = pd.DataFrame(list(rows()), columns=["", *_COLUMNS]).set_index("")
    found.index = found.index.rename(frame.index.name)
    return found.astype({"start": "int64", "end": "int64", "confidence": "float64"})
