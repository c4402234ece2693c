"""Tagging the texts of a frame of polars."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from nertagger.errors import DataError
from nertagger.integrations.polars import tag_frame
from nertagger.rules import Rules
from nertagger.runtime import Tagger

TEXTS = ["😀 in Paris, in New York", None, "", "nothing"]
FOUND = [[("LOC", 5, 10, "Paris"), ("LOC", 15, 23, "New York")], None, [], []]


@pytest.fixture
def tagger(lexicon_model: Path) -> Tagger:
    return Tagger.load(lexicon_model)


def found_in(frame: pl.DataFrame) -> list[list[tuple] | None]:
    rows = frame["entities"].to_list()
    return [row and [tuple(entity.values())[:4] for entity in row] for row in rows]


@pytest.mark.parametrize("kind", [pl.String, pl.Categorical, pl.Enum([text for text in TEXTS if text is not None])])
def test_all_columns_are_kept_and_entities_are_structs(tagger: Tagger, kind: pl.DataType) -> None:
    frame = pl.DataFrame(
        {"id": [1, None, 3, 4], "text": pl.Series(TEXTS, dtype=kind), "more": [[1], [], None, [2, 3]]},
        schema_overrides={"id": pl.UInt8},
    )
    tagged = tag_frame(tagger, frame, "text")
    assert tagged.drop("entities").equals(frame)
    assert tagged.drop("entities").schema == frame.schema
    assert found_in(tagged) == FOUND
    exploded = tagged.explode("entities").unnest("entities", separator="_")
    places = exploded["entities_start"], exploded["entities_text"].str.len_chars()
    assert exploded["text"].cast(pl.String).str.slice(*places)[:2].to_list() == ["Paris", "New York"]


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_a_lazy_frame_is_tagged_when_it_is_collected(tagger: Tagger, engine: str) -> None:
    frame = pl.DataFrame({"text": TEXTS, "n": range(4)})
    lazy = tag_frame(tagger, frame.lazy(), "text")
    assert isinstance(lazy, pl.LazyFrame)
    assert lazy.collect(engine=engine).equals(tag_frame(tagger, frame, "text"))


def test_the_type_of_the_column_does_not_depend_on_the_rows(tagger: Tagger) -> None:
    frame = pl.DataFrame({"text": TEXTS})
    kind = tag_frame(tagger, frame, "text").schema["entities"]
    for rows in (frame.clear(), frame[1:2], frame[2:], pl.DataFrame({"text": [None]})):
        assert tag_frame(tagger, rows, "text").schema["entities"] == kind
    sure = tag_frame(tagger, frame, "text", output="sure", min_confidence=1.0)
    assert sure["sure"].to_list() == [[], None, [], []]


def test_entities_of_rules_have_the_name_of_the_rule(tagger: Tagger) -> None:
    rules = Rules(patterns=[{"label": "CITY", "pattern": "Oslo", "id": "oslo"}])
    tagged = tag_frame(tagger.with_rules(rules), pl.DataFrame({"text": ["Oslo and Paris"]}), "text")
    assert [entity["rule"] for entity in tagged["entities"].to_list()[0]] == ["oslo", None]


def test_wrong_arguments_are_refused(tagger: Tagger) -> None:
    frame = pl.DataFrame({"text": TEXTS, "n": range(4)})
    with pytest.raises(DataError, match="there is no column 'x'; there are text, n"):
        tag_frame(tagger, frame, "x")
    with pytest.raises(DataError, match="column 'n': got Int64, expected String; cast it, or name another"):
        tag_frame(tagger, frame.lazy(), "n")
    with pytest.raises(DataError, match="there is a column 'n' already; name the entities otherwise"):
        tag_frame(tagger, frame, "text", output="n")
    with pytest.raises(DataError, match="got a list, expected a DataFrame or LazyFrame of polars"):
        tag_frame(tagger, TEXTS, "text")  # type: ignore[type-var]
    with pytest.raises(DataError, match="got a list, expected a text; the name of the column"):
        tag_frame(tagger, frame, ["text"])  # type: ignore[arg-type]
