"""Tag the texts of a polars DataFrame or LazyFrame."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from nertagger.errors import DataError, requires_extra
from nertagger.runtime import Tagger
from nertagger.runtime.documents import entities_of_texts, entity_types
from nertagger.text.arguments import check_fraction, check_text, shown

if TYPE_CHECKING:
    import polars as pl

    Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


def tag_frame(
    tagger: Tagger, frame: Frame, text_column: str, *, output: str = "entities", min_confidence: float = 0.0
) -> Frame:
    """Return the frame with one more column, the entities of each text; a LazyFrame is tagged when it is collected.

    The column is a list of structs (label, start, end, text, confidence and, for a tagger with rules, rule): null for a
    null, empty for a text without entities. ``.explode("entities").unnest("entities", separator="_")`` makes one row
    per entity. Offsets count characters (Unicode code points), as polars' ``str.slice`` does.

    Args:
        tagger: the model.
        frame: any rows.
        text_column: the column of the texts.
        output: the name of the new column.
        min_confidence: entities with a lower confidence are left out.

    Raises:
        DataError: if the column does not exist or does not hold texts, `output` exists already, or `frame` is not a
            frame of polars.
        MissingExtraError: if polars is missing.
    """
    with requires_extra("tagging a frame of polars", "polars"):
        import polars as pl

    if not isinstance(frame, pl.DataFrame | pl.LazyFrame):
        raise DataError(f"got {shown(frame)}, expected a DataFrame or LazyFrame of polars")
    check_fraction("min_confidence", min_confidence)
    _check_columns(frame.collect_schema(), text_column, output)
    types = {str: pl.String, int: pl.Int64, float: pl.Float64}
    kind = pl.List(pl.Struct({name: types[of] for name, of in entity_types(tagger).items()}))

    def entities(texts: pl.Series) -> pl.Series:
        found = entities_of_texts(tagger, texts.cast(pl.String), min_confidence=min_confidence)
        return pl.Series(output, found, kind)

    if isinstance(frame, pl.DataFrame):
        return frame.with_columns(entities(frame[text_column]))
    return frame.with_columns(pl.col(text_column).map_batches(entities, kind, is_elementwise=True).alias(output))


def _check_columns(schema: pl.Schema, text_column: str, output: str) -> None:
    import polars as pl

    check_text(text_column, remedy="the name of the column of the texts")
    if text_column not in schema:
        raise DataError(f"there is no column {text_column!r}; there are {', '.join(schema)}")
    if schema[text_column] not in (pl.String, pl.Categorical, pl.Enum, pl.Null):
        raise DataError(f"column {text_column!r}: got {schema[text_column]}, expected String; cast it, or name another")
    if output in schema:
        raise DataError(f"there is a column {output!r} already; name the entities otherwise: output=...")
