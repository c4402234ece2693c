"""The sentences of the splits of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from nertagger.config import Config
from nertagger.errors import DataError
from nertagger.training.splits import read_test


def test_unannotated_sentences_among_others_are_left_out_leniently(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Ann ran", "entities": []}\n{"text": "Bo ran"}\n')
    config = Config.from_values({}, [f'data.test=["{path}"]'])
    with pytest.raises(DataError, match=r"in 1 of 2 sentences.* leave them out .*--lenient"):
        read_test(config, {})
    assert [one.words for one in read_test(config.updated({"data.lenient": True}), {})] == [("Ann", "ran")]
    assert "1 sentence without tags left out" in caplog.text
