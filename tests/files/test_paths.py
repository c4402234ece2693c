"""What paths name."""

from __future__ import annotations

import pytest

from nertagger.files import base_suffix


@pytest.mark.parametrize(
    ("name", "suffix"), [("a.conll", ".conll"), ("b/a.CONLL.gz", ".conll"), ("a.gz", ""), ("a", "")]
)
def test_base_suffix(name: str, suffix: str) -> None:
    assert base_suffix(name) == suffix
