"""Rules of a service that are replaced while it runs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from nertagger.cli.tagging.rules import RuleOptions
from nertagger.serving.api.rules import ServedRules
from tests.services import until

STILL_USED = "the rules that were read before are still used"


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("nertagger.serving.api.models._LOOK_SECONDS", 0.01)
    path = tmp_path / "names.tsv"
    path.write_text("met\tVERB\tr1\n")
    return path


def replace(path: Path, content: str) -> None:
    path.with_suffix(".new").write_text(content)
    path.with_suffix(".new").replace(path)


def rules_of(client: TestClient) -> list[tuple[str, str | None]]:
    [document] = client.post("/v1/tag", json={"text": "Barack Obama met Acme."}).json()["documents"]
    return [(entity["label"], entity.get("rule")) for entity in document["entities"]]


def test_replaced_rules_are_read_again(client_of: Callable[..., TestClient], names: Path) -> None:
    client = client_of(rules=RuleOptions(gazetteer=[str(names)]))
    assert rules_of(client) == [("PER", None), ("VERB", "r1")]
    replace(names, "Acme\tORG\tr2\n")
    until(lambda: rules_of(client) == [("PER", None), ("ORG", "r2")])
    assert "ORG" in client.get("/v1/models").json()["models"][0]["labels"]


def test_faulty_rules_are_logged_once_and_the_former_stay(
    client_of: Callable[..., TestClient], names: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = client_of(rules=RuleOptions(gazetteer=[str(names)]))
    replace(names, "Acme\n")
    until(lambda: STILL_USED in caplog.text)
    names.unlink()  # is awaited
    assert [rules_of(client) for _ in range(20)] == [[("PER", None), ("VERB", "r1")]] * 20
    replace(names, "Acme\tORG\tr2\n")
    until(lambda: rules_of(client) == [("PER", None), ("ORG", "r2")])
    messages = [f"{names}:1: got the label '', expected one word such as PER; a line is name TAB label; {STILL_USED}"]
    assert caplog.messages == [*messages, f"{names}: rules read again"]


def test_rules_are_replaced_with_any_of_their_files(names: Path) -> None:
    patterns = names.with_name("patterns.jsonl")
    patterns.write_text('{"label": "ORG", "pattern": "Acme"}\n')
    rules = ServedRules(RuleOptions(gazetteer=[str(names)], patterns=[str(patterns)]))
    assert not rules.are_replaced
    os.utime(patterns, (1, 1))
    assert rules.are_replaced
    rules.read_again()
    assert not rules.are_replaced


@pytest.mark.parametrize("given", [None, RuleOptions(), RuleOptions(gazetteer=[os.devnull])])
def test_rules_without_files_are_never_replaced(given: RuleOptions | None) -> None:
    assert not ServedRules(given).are_replaced
