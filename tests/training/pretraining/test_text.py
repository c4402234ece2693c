"""Raw text as ids: every sentence once, the most frequent forms first, rare ones replaced, and read only once."""

from __future__ import annotations

import gzip
import lzma
from collections import Counter
from pathlib import Path

import pytest

from nertagger.errors import DataError, TrainingError
from nertagger.features.shapes import word_shape
from nertagger.training.pretraining import text as text_module
from nertagger.training.pretraining.exclusion import Exclusion
from nertagger.training.pretraining.text import EncodedText, encoded_text

TEXT = "The cat sat.\nThe dog sat on the Mat!\n\n" * 3 + "Zoe ran to Bergen, Oslo and Rome in 1999.\n"
NONE = Exclusion.of([])


def encode(path: Path, *, key: str = "k", **values: object) -> EncodedText:
    folder = path.parent / f"{key}.run"
    folder.mkdir(exist_ok=True)
    arguments = {"key": key, "exclusion": NONE, "max_forms": 100, "max_length": 50, **values}
    return encoded_text([str(path)], folder, **arguments)


def sentences(text: EncodedText) -> list[str]:
    tokens = [text.forms[i] for i in text.ids]
    starts = [int(text.lengths[:n].sum()) for n in range(len(text.lengths))]
    return [" ".join(tokens[a : a + n]) for a, n in zip(starts, text.lengths, strict=True)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "t.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


def test_sentences_and_forms(path: Path) -> None:
    text = encode(path)
    assert sentences(text)[:3] == ["The cat sat .", "The dog sat on the Mat !", "The cat sat ."]
    assert sentences(text)[-1] == "Zoe ran to Bergen , Oslo and Rome in 1999 ."
    counts = Counter(word for sentence in sentences(text) for word in sentence.split())
    assert dict(zip(text.forms, text.counts.tolist(), strict=True)) == counts
    assert text.counts.tolist() == sorted(counts.values(), reverse=True)


def test_compressed_files_are_the_same_text(path: Path, tmp_path: Path) -> None:
    expected = sentences(encode(path))
    for name, opened in (("t.gz", gzip.open), ("t.xz", lzma.open)):
        with opened(tmp_path / name, "wt", encoding="utf-8") as stream:
            stream.write(TEXT)
        assert sentences(encode(tmp_path / name, key=name)) == expected


def test_several_processes_give_the_same_text(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = encode(path)
    monkeypatch.setattr(text_module, "_LARGE", 0)
    monkeypatch.setattr(text_module, "_BLOCK", 30)
    found = encode(path, key="other")
    assert (found.forms, sentences(found)) == (expected.forms, sentences(expected))


def test_rare_forms_are_replaced_by_rare_ones_of_the_same_shape(path: Path) -> None:
    text = encode(path, max_forms=14)
    assert len(text.forms) == 14
    whole = encode(path, key="whole")
    for now, before in zip(sentences(text), sentences(whole), strict=True):
        for new, old in zip(now.split(), before.split(), strict=True):
            assert old == new or old not in text.forms
    assert text.counts.sum() == len(text.ids)
    (changed,) = {
        new
        for now, before in zip(sentences(text), sentences(whole), strict=True)
        for new, old in zip(now.split(), before.split(), strict=True)
        if old == "Rome"
    }
    assert word_shape(changed) == word_shape("Rome")


def test_long_sentences_are_cut(path: Path) -> None:
    text = encode(path, max_length=4)
    assert max(text.lengths) == 4
    assert " ".join(sentences(text)) == " ".join(sentences(encode(path, key="whole")))


def test_excluded_sentences_are_left_out_and_listed(path: Path) -> None:
    text = encode(path, exclusion=Exclusion.of([("The", "dog", "sat", "on", "the", "mat", "!")]))
    assert text.removed == ["exact\tThe dog sat on the Mat !"] * 3
    assert len(text.lengths) == 4
    assert encode(path).removed == text.removed  # from the folder


def test_the_text_is_read_again_only_with_another_key(path: Path) -> None:
    first = encode(path)
    path.write_text("Other words.", encoding="utf-8")
    assert sentences(encode(path)) == sentences(first)
    folder = path.parent / "k.run"
    again = encoded_text([str(path)], folder, key="new", exclusion=NONE, max_forms=100, max_length=50)
    assert sentences(again) == ["Other words ."]
    (folder / text_module.IDS_NAME).write_bytes(b"1234")
    again = encoded_text([str(path)], folder, key="new", exclusion=NONE, max_forms=100, max_length=50)
    assert sentences(again) == ["Other words ."]


def test_errors(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text(" \n")
    with pytest.raises(TrainingError, match=r"empty\.txt: got no text, expected sentences"):
        encode(tmp_path / "empty.txt")
    with pytest.raises((DataError, OSError)):
        encode(tmp_path / "missing.txt")
