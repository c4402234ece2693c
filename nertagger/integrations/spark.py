"""Tag the texts of a Spark DataFrame, batch or streaming.

Only the column of the texts is sent to Python. The other columns stay in the JVM, so that their values, types and order
cannot change: by `mapInPandas`, whole numbers with nulls would become floats and times lose their zones; `mapInArrow`
would copy every column to Python and back, and lose the partitioning and the watermark.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from nertagger.errors import DataError, requires_extra
from nertagger.grouping import batches_of
from nertagger.runtime import Tagger, load
from nertagger.runtime.documents import entities_of_texts, entity_types
from nertagger.text.arguments import check_fraction, check_text, shown

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

Model = str | os.PathLike[str] | bytes | Tagger
"""A model as for `nertagger.load`, or a tagger."""

_FEATURE = "tagging with Spark", "spark"
_ROWS = 256  # returned at a time
_MODELS = 2  # kept by a Python worker process


def tag(
    frame: DataFrame,
    column: str,
    model: Model = "english",
    *,
    output: str = "entities",
    min_confidence: float = 0.0,
) -> DataFrame:
    """Return the DataFrame with one more column, the entities of each text; nothing is tagged before Spark needs it.

    The column is ``array<struct<label:string,start:int,end:int,text:string,confidence:double>>``, with one more field,
    ``rule``, for a tagger with rules: null for a null, empty for a text without entities. Offsets count characters
    (Unicode code points) from 0, as everywhere in nertagger; Spark's ``substring`` counts the same from 1, so that an
    entity is ``substring(text, start + 1, end - start)``.

    Args:
        frame: any rows, also those of a stream.
        column: the column of the texts, or a field such as ``doc.body``.
        model: as for `nertagger.load`, or a `Tagger`.
        output: the name of the new column.
        min_confidence: entities with a lower confidence are left out.

    Raises:
        DataError: if there is no such column, it does not hold strings, or `output` exists already; or if the session
            is one of Spark Connect.
        ModelFileError: if the model cannot be read.
        MissingExtraError: if pyspark or pyarrow is missing.
    """
    if not hasattr(frame, "withColumn"):
        raise DataError(f"got {shown(frame)}, expected a DataFrame of Spark")
    texts = _text_column(frame, column)
    if taken := _named(frame, output):
        raise DataError(f"there is a column {taken[0]!r} already; name the entities otherwise: output=...")
    return frame.withColumn(output, _entities_udf(model, frame.sparkSession, min_confidence)(texts))


def entities_udf(model: Model = "english", *, min_confidence: float = 0.0) -> Callable[..., Column]:
    """Return a function of Spark (a vectorized UDF) from a column of texts to one of entities, see `tag`.

    A broadcast of the active session sends the model to each executor once. Each Python worker process loads it once
    and tags with one thread.

    >>> find = entities_udf("english")  # doctest: +SKIP
    >>> frame.select("id", find("title"), find("body"))  # doctest: +SKIP

    Raises:
        DataError: if `min_confidence` is not from 0 to 1, or no session is active.
        ModelFileError, MissingExtraError: as `tag`.
    """
    with requires_extra(*_FEATURE):
        from pyspark.sql import SparkSession
    session = SparkSession.getActiveSession()
    if session is None:
        raise DataError("no Spark session is active, expected one; begin with SparkSession.builder.getOrCreate()")
    return _entities_udf(model, session, min_confidence)


def _entities_udf(model: Model, session: SparkSession, min_confidence: float) -> Callable[..., Column]:
    """Return the function of `entities_udf`, for a session; a stream that handles a batch may have no active one."""
    check_fraction("min_confidence", min_confidence)
    with requires_extra(*_FEATURE):
        from pyspark.sql import functions
    tagger = _single_threaded(model)
    types = entity_types(tagger)
    shared = _broadcast(tagger, session)

    def tag_batches(batches: Iterator[Iterable[str | None]]) -> Iterator[list[Any]]:
        texts = chain.from_iterable(batches)
        yield from batches_of(entities_of_texts(_tagger(shared), texts, min_confidence=min_confidence), _ROWS)

    udf: Any = (_arrow_udf if hasattr(functions, "arrow_udf") else _pandas_udf)(tag_batches, types)
    # Of a deterministic function, Spark makes a copy below each filter on its result, and would tag twice.
    found: Callable[..., Column] = udf.asNondeterministic()
    return found


_TagBatches = Callable[[Iterator[Iterable[str | None]]], Iterator[list[Any]]]


def _arrow_udf(tag_batches: _TagBatches, types: Mapping[str, type]) -> Any:
    """Return a function of Arrow arrays, which needs no pandas."""
    with requires_extra(*_FEATURE):
        import pyarrow as pa
        from pyspark.sql.functions import arrow_udf

    arrow = {str: pa.string(), int: pa.int32(), float: pa.float64()}
    kind = pa.list_(pa.struct([(name, arrow[of]) for name, of in types.items()]))

    def texts_of(batch: Any) -> Iterator[str | None]:
        for value in batch.cast(pa.large_binary()):  # Spark does not check that strings from files are UTF-8
            content = value.as_py()
            yield None if content is None else content.decode("utf-8", "replace")

    def entities(batches: Any) -> Any:
        for rows in tag_batches(map(texts_of, batches)):
            yield pa.array(rows, kind)

    # Spark takes the kind of function from these, and needs types, not their names.
    entities.__annotations__ = {"batches": Iterator[pa.Array], "return": Iterator[pa.Array]}
    return arrow_udf(entities, _spark_type(types))


def _pandas_udf(tag_batches: _TagBatches, types: Mapping[str, type]) -> Any:
    """Return a function of pandas Series, for Spark before 4.1."""
    with requires_extra(*_FEATURE):
        import pandas as pd
        from pyspark.sql.functions import pandas_udf

    def entities(batches: Any) -> Any:
        for rows in tag_batches([text if isinstance(text, str) else None for text in batch] for batch in batches):
            yield pd.Series(rows, dtype=object)

    entities.__annotations__ = {"batches": Iterator[pd.Series], "return": Iterator[pd.Series]}
    return pandas_udf(entities, _spark_type(types))


def _spark_type(types: Mapping[str, type]) -> str:
    """Return the Spark type of the entities of a text."""
    names = {str: "string", int: "int", float: "double"}
    return f"array<struct<{','.join(f'{name}:{names[of]}' for name, of in types.items())}>>"


@dataclass(frozen=True)
class _Shared:
    """A tagger that each executor can fetch; equal if the content is.

    Attributes:
        digest: the SHA-256 of its pickle.
        broadcast: Spark's handle.
    """

    digest: str
    broadcast: Any = field(compare=False, repr=False)


def _single_threaded(model: Model) -> Tagger:
    tagger = model if isinstance(model, Tagger) else load(model)
    return Tagger(tagger.model, threads=1).with_rules(tagger.rules)


def _broadcast(tagger: Tagger, session: SparkSession) -> _Shared:
    from pyspark.sql.utils import is_remote

    if is_remote():
        raise DataError("got a session of Spark Connect, which has no broadcasts, expected one with a master")
    return _Shared(hashlib.sha256(pickle.dumps(tagger)).hexdigest(), session.sparkContext.broadcast(tagger))


@lru_cache(maxsize=_MODELS)
def _tagger(shared: _Shared) -> Tagger:
    """Return a tagger in this Python worker process, which runs many tasks, of several broadcasts of the same model."""
    tagger: Tagger = shared.broadcast.value
    return tagger


def _text_column(frame: DataFrame, column: str) -> Column:
    """Return a column of strings, or a field of a column; raises DataError if there is none."""
    from pyspark.errors import AnalysisException
    from pyspark.sql.functions import col
    from pyspark.sql.types import StringType

    check_text(column, remedy="the name of the column of the texts")
    names = _named(frame, column)
    if len(names) > 1:
        raise DataError(f"there are {len(names)} columns {column!r}; rename all but one")
    absent = DataError(f"there is no column {column!r}; there are {', '.join(frame.columns)}")
    if not names and "." not in column:
        raise absent
    texts = col(f"`{column.replace('`', '``')}`" if names else column)
    try:
        kind = frame.select(texts).schema[0].dataType
    except AnalysisException:
        raise absent from None
    if not isinstance(kind, StringType):
        raise DataError(f"column {column!r}: got {kind.simpleString()}, expected string; cast it, or name another")
    return texts


def _named(frame: DataFrame, name: str) -> list[str]:
    """Return the columns of this name, by the session's rule for upper and lower case."""
    if frame.sparkSession.conf.get("spark.sql.caseSensitive") == "true":
        return [column for column in frame.columns if column == name]
    return [column for column in frame.columns if column.lower() == name.lower()]
