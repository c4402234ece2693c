"""Tagging the texts of a DataFrame."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from nertagger.errors import DataError
from nertagger.integrations.pandas import tag_frame
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
        with pytest.raises(DataError, match=f"^got {got}, expected a DataFrame; texts in a list or column are for"):
            tag_frame(tagger, wrong, "t")  # type: ignore[arg-type]
    with pytest.raises(DataError, match=r"^min_confidence: got 2, expected a number from 0 to 1"):
        tag_frame(tagger, pd.DataFrame({"t": []}), "t", min_confidence=2)
    with pytest.raises(DataError, match="row 1, column 't': got 3, expected text"):
        tag_frame(tagger, pd.DataFrame({"t": ["a", 3]}), "t")
