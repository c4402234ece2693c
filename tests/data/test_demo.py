"""The model of `make demo` on the sentences that a new user would try first."""

from __future__ import annotations

from pathlib import Path

import pytest

import nertagger

DATA = Path(__file__).resolve().parents[2] / "data"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> nertagger.runtime.Tagger:
    folder = tmp_path_factory.mktemp("demo")
    config, model = folder / "config.toml", folder / "model.ner"
    data = f'train = ["{DATA}/train.conll"]\ndev = ["{DATA}/dev.conll"]'
    config.write_text(f'[data]\n{data}\n[output]\nmodel = "{model}"\n', encoding="utf-8")
    nertagger.train(config)
    return nertagger.load(model)


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("Anna Kern lives in Oslo.", {("PER", "Anna Kern"), ("LOC", "Oslo")}),
        ("Barack Obama was born in Honolulu.", {("PER", "Barack Obama"), ("LOC", "Honolulu")}),
    ],
)
def test_names_of_the_readme_are_found(
    tagger: nertagger.runtime.Tagger, text: str, entities: set[tuple[str, str]]
) -> None:
    assert {(entity.label, entity.text) for entity in tagger(text).entities} == entities


def test_ordinary_words_of_the_raw_text_are_not_tagged(tagger: nertagger.runtime.Tagger) -> None:
    found = tagger((DATA / "raw.txt").read_text(encoding="utf-8")).entities
    assert len(found) > 60
    assert [entity.text for entity in found if entity.text.islower()] == []
