"""Former places of names hand them on with a warning."""

from __future__ import annotations

import importlib

import pytest


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("nertagger.sklearn", "nertagger.integrations.sklearn", "BiLSTMTagger"),
        ("nertagger.frames", "nertagger.integrations.pandas", "tag_frame"),
    ],
)
def test_a_former_place_hands_the_name_on(old: str, new: str, name: str) -> None:
    module = importlib.import_module(old)
    with pytest.warns(DeprecationWarning, match=f"{old}.{name} is now {new}.{name}") as caught:
        assert getattr(module, name) is getattr(importlib.import_module(new), name)
    assert caught[0].filename == __file__


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    module = importlib.import_module("nertagger.sklearn")
    with pytest.raises(AttributeError, match=r"module 'nertagger\.sklearn' has no attribute 'Tagger2'"):
        _ = module.Tagger2


def test_import_from_a_former_place_warns() -> None:
    with pytest.warns(DeprecationWarning, match="is now nertagger.integrations.pandas.tag_frame"):
        from nertagger.frames import tag_frame  # noqa: F401


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [("nertagger", "normalize", "normalize_date"), ("nertagger.runtime", "Reading", "Labelling")],
)
def test_a_former_name_gives_what_has_another_name_now(module: str, old: str, new: str) -> None:
    place = importlib.import_module(module)
    with pytest.warns(DeprecationWarning, match=rf"^{module}\.{old} is now {module}\.{new}$") as caught:
        assert getattr(place, old) is getattr(place, new)
    assert caught[0].filename == __file__
