"""Tagging the texts of a DataFrame."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nertagger.errors import DataError
from nertagger.integrations.pandas import tag_frame
from nertagger.rules import Rules
from nertagger.runtime import Tagger


@pytest.fixture
def tagger(lexicon_model: Path) -> Tagger:
    return Tagger.load(lexicon_model)


def test_one_row_per_entity(tagger: Tagger) -> None:
    frame = pd.DataFrame({"id": [7, 8, 9], "body": ["in Paris", None, "Paris is"]}, index=["a", "b", "c"])
    found = tag_frame(tagger, frame, "body")
    assert list(found.columns) == ["label", "start", "end", "text", "confidence"]
    assert found[["label", "start", "end", "text"]].to_numpy().tolist() == [
        ["LOC", 3, 8, "Paris"],
        ["LOC", 0, 5, "Paris"],
    ]
    assert list(found.index) == ["a", "c"]
    assert found.confidence.between(0, 1).all()
    assert frame.join(found)["id"].tolist() == [7, 8, 9]


def test_no_entity_and_no_row(tagger: Tagger) -> None:
    for texts in ([], ["nothing here"], [None]):
        found = tag_frame(tagger, pd.DataFrame({"t": texts}, dtype=object), "t")
        assert (len(found), found["start"].dtype.kind, found["confidence"].dtype.kind) == (0, "i", "f")
    assert len(tag_frame(tagger, pd.DataFrame({"t": ["Paris"]}), "t", min_confidence=1.0)) == 0


def test_wrong_arguments_are_refused(tagger: Tagger) -> None:
    with pytest.raises(DataError, match="there is no column 'x'; there are t"):
        tag_frame(tagger, pd.DataFrame({"t": []}), "x")
    for wrong, got in ((["Paris"], "a list"), (pd.Series(["Paris"]), "a Series"), ("Paris", "the text 'Paris'")):
        with pytest.raises(
            DataError, match=f"^got {got}, expected a DataFrame of pandas; texts in a list or column are for"
        ):
            tag_frame(tagger, wrong, "t")  # type: ignore[arg-type]
    with pytest.raises(DataError, match=r"^min_confidence: got 2, expected a number from 0 to 1"):
        tag_frame(tagger, pd.DataFrame({"t": []}), "t", min_confidence=2)
    with pytest.raises(DataError, match=r"^row 1, column 't': got 3, expected text"):
        tag_frame(tagger, pd.DataFrame({"t": ["a", 3]}), "t")
    with pytest.raises(DataError, match=r"^got a DataFrame, expected a list of texts; pass a column"):
        tagger.pipe(pd.DataFrame({"t": ["Paris"]}))


@pytest.mark.parametrize(
    "index",
    [
        pd.Index([7, 7, 8], name="id"),
        pd.MultiIndex.from_tuples([("a", 1), ("a", 1), ("b", 2)], names=["part", "n"]),
        pd.date_range("2024-01-01", periods=3, tz="Europe/Oslo"),
        pd.CategoricalIndex(["x", "y", "x"]),
    ],
)
def test_the_index_keeps_its_levels_names_and_type(tagger: Tagger, index: pd.Index) -> None:
    frame = pd.DataFrame({"t": ["Paris and Paris", None, "in New York"]}, index=index)
    found = tag_frame(tagger, frame, "t")
    pd.testing.assert_index_equal(found.index, index[[0, 0, 2]])
    pd.testing.assert_index_equal(tag_frame(tagger, frame[1:2], "t").index, index[:0], exact="equiv")


@pytest.mark.parametrize("kind", [object, "string", "category", "string[pyarrow]"])
def test_types_of_texts(tagger: Tagger, kind: object) -> None:
    frame = pd.DataFrame({"t": pd.Series(["Paris", None, float("nan"), pd.NA, ""], dtype=object).astype(kind)})
    before = frame.copy(deep=True)
    found = tag_frame(tagger, frame, "t")
    assert found.text.tolist() == ["Paris"]
    assert (found.dtypes == tag_frame(tagger, frame[1:], "t").dtypes).all()
    pd.testing.assert_frame_equal(frame, before)


def test_entities_of_rules_have_the_name_of_the_rule(tagger: Tagger) -> None:
    tagger = tagger.with_rules(Rules(patterns=[{"label": "CITY", "pattern": "Oslo", "id": "oslo"}]))
    frames = [pd.DataFrame({"t": [text]}) for text in ("Oslo and Paris", "Paris", "nowhere")]
    found = [tag_frame(tagger, frame, "t") for frame in frames]
    assert [rule if isinstance(rule, str) else None for one in found for rule in one.rule] == ["oslo", None, None]
    assert all((one.dtypes == found[0].dtypes).all() for one in found)


def test_names_of_columns(tagger: Tagger) -> None:
    frame = pd.DataFrame([["Paris", "x", "Oslo"]], columns=["t", "u", "t"])
    with pytest.raises(DataError, match="there are 2 columns 't'; rename all but one"):
        tag_frame(tagger, frame, "t")
    levels = pd.DataFrame([["Paris", 1]], columns=pd.MultiIndex.from_tuples([("a", "t"), ("a", "n")]))
    assert tag_frame(tagger, levels, ("a", "t")).text.tolist() == ["Paris"]
    assert tag_frame(tagger, pd.DataFrame({0: ["Paris"]}), 0).text.tolist() == ["Paris"]
