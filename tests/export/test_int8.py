"""Export of taggers with 8-bit weights, with scores beside those of the float model."""

from __future__ import annotations

from pathlib import Path

from nertagger.export.int8 import Int8Export, export_int8
from nertagger.modelfile.reader import read_model
from nertagger.text import Sentence


class Silent:
    """A tagger that predicts no entity."""

    def tag_tokens(self, sentences: list[tuple[str, ...]], /) -> list[list[str]]:
        return [["O"] * len(words) for words in sentences]


def test_export_scores_the_int8_and_the_float_model(lexicon_model: Path, tmp_path: Path) -> None:
    gold = {"a.conll": [Sentence.from_words(("Ann", "ran"), tags=("B-PER", "O"))]}
    made = []
    model = read_model(lexicon_model)
    export = export_int8(model, tmp_path / "m.ner", dev=gold, make_tagger=lambda one: made.append(one) or Silent())
    assert [one.path.name for one in made] == ["m.ner", lexicon_model.name]
    assert (export.dev, export.dev_f1, export.float_dev_f1) == (("a.conll",), 0.0, 0.0)
    assert read_model(tmp_path / "m.ner").json("metrics.json")["int8"] == {**export.to_dict(), "dev": ["a.conll"]}


def test_string_and_dictionary_without_scores() -> None:
    export = Int8Export(bytes=2_000_000, float_bytes=8_000_000)
    assert str(export) == "8-bit weights, 2.0 MB, 25 % of the size of the float model"
    assert export.to_dict() == {"bytes": 2_000_000, "float_bytes": 8_000_000}
