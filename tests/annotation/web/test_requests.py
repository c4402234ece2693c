"""The requests of the page, to an application in the process of the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from nertagger.annotation.project import Project
from nertagger.annotation.store.decisions import Answer
from nertagger.annotation.web.application import make_app
from nertagger.text.document import Span

ANN = {"annotator": "ann"}
PER = {"label": "PER", "first": 0, "stop": 1}
LOC = {"label": "LOC", "first": 4, "stop": 5}
HOSTILE = "<img/src=x/onerror=alert(1)>"


@pytest.fixture
def client_of() -> Iterator[Callable[..., TestClient]]:
    """Return a function that opens a project in an application."""
    with ExitStack() as clients:

        def start(project: Project, **options: object) -> TestClient:
            app = make_app(project, **options)  # type: ignore[arg-type]
            return clients.enter_context(TestClient(app, raise_server_exceptions=False))

        yield start


@pytest.fixture
def client(client_of, project: Project) -> TestClient:
    """Return a client of the project of four sentences, where nothing is trained by itself."""
    project.settings.update(train_every=0)
    return client_of(project)


def decide(client: TestClient, sentence: int, *entities: dict[str, object], **more: object):
    return client.post("/api/decisions", json={**ANN, "sentence": sentence, "entities": list(entities), **more})


def test_a_sentence_is_shown_decided_undone_and_shown_again(client):
    sentence = client.get("/api/next", params=ANN).json()["sentence"]
    assert sentence["drawn"] == "random"
    assert sentence["mine"] is None
    version = decide(client, sentence["id"], PER).json()["version"]
    shown = client.get(f"/api/sentences/{sentence['id']}", params=ANN).json()
    assert (shown["version"], shown["mine"]["entities"]) == (version, [PER])
    assert client.get("/api/next", params=ANN).json()["sentence"]["id"] != sentence["id"]
    assert client.post("/api/undo", json=ANN).json() == {"sentence": sentence["id"]}
    assert client.get("/api/next", params=ANN).json()["sentence"]["mine"] is None
    assert client.post("/api/undo", json=ANN).json() == {"sentence": None}


def test_a_label_is_removed_unless_it_is_in_use(client):
    decide(client, 1, PER)
    assert client.put("/api/settings", json={"labels": ["PER", "MISC"]}).json()["settings"]["labels"] == ["PER", "MISC"]
    answer = client.put("/api/settings", json={"labels": ["MISC"]})
    assert (answer.status_code, "PER is in use" in answer.json()["error"]) == (422, True)


def test_when_all_is_decided_there_is_no_next_sentence(client):
    for number in (1, 2, 3, 4):
        decide(client, number)
    assert client.get("/api/next", params=ANN).json() == {"sentence": None}
    assert client.get("/api/project").json()["counts"]["left"] == 0


def test_a_conflict_is_answered_with_the_version_that_holds(client):
    version = decide(client, 1, PER).json()["version"]
    answer = decide(client, 1)
    assert (answer.status_code, answer.json()["version"]) == (409, version)
    assert decide(client, 1, version=version).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "problem"),
    [
        ("POST", "/api/decisions", {"annotator": "ann"}, 422, "sentence"),
        ("POST", "/api/decisions", {**ANN, "sentence": 99}, 422, "no sentence 99"),
        ("POST", "/api/decisions", {**ANN, "sentence": 1, "entities": [{**PER, "stop": 9}]}, 422, "do not overlap"),
        ("POST", "/api/decisions", {**ANN, "sentence": 1, "kind": "undo"}, 422, "kind"),
        (
            "POST",
            "/api/decisions",
            {**ANN, "sentence": 1, "entities": [{**PER, "label": "X"}]},
            422,
            "got the label 'X'",
        ),
        ("POST", "/api/training", {"action": "start"}, 422, "got 0 answers, expected at least 20"),
        ("POST", "/api/decisions", {**ANN, "sentence": 10**30}, 422, "sentence"),
        ("POST", "/api/undo", {"annotator": ""}, 422, "annotator"),
        ("PUT", "/api/settings", {"strategy": "best"}, 422, "Input should be 'random'"),
        ("PUT", "/api/settings", {"labels": ["a\n"]}, 422, "without spaces"),
        ("PUT", "/api/settings", {"random_share": 7}, 422, "random_share"),
        ("GET", "/api/sentences/99?annotator=a", None, 422, "no sentence 99"),
        ("GET", "/api/export?format=none", None, 422, "no format 'none'"),
        ("GET", "/api/nothing", None, 404, "not found: GET"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(client, method, path, body, status, problem):
    answer = client.request(method, path, json=body)
    assert answer.status_code == status
    assert problem in answer.json()["error"]


def test_proposals_of_the_latest_model_are_shown_with_confidence(client_of, project, lexicon_model):
    project.use_model(lexicon_model)
    client = client_of(project)
    shown = client.get("/api/sentences/3", params=ANN).json()
    (proposal,) = shown["proposals"]
    assert (proposal["label"], proposal["first"], proposal["stop"], proposal["origin"]) == ("LOC", 3, 4, "model")
    assert 0.5 < proposal["confidence"] <= 1


def test_a_sentence_asked_twice_hides_what_the_other_has_decided(client, project):
    project.settings.update(overlap=1.0)
    project.decisions.record(Answer(1, "bob", [Span("PER", 0, 1)]))
    sentence = client.get("/api/next", params=ANN).json()["sentence"]
    assert (sentence["id"], sentence["drawn"], sentence["others"]) == (1, "overlap", [])
    assert client.get("/api/sentences/1", params=ANN).json()["others"][0]["annotator"] == "bob"


def test_a_name_is_labelled_everywhere(client):
    decide(client, 1, PER)
    places = client.get("/api/names", params={"text": "Oslo", **ANN}).json()["places"]
    assert [(one["sentence"], one["is_answered"], one["label"]) for one in places] == [(1, True, ""), (2, False, "")]
    body = {"text": "Oslo", "label": "LOC", "sentences": [1], **ANN}
    assert client.post("/api/names", json=body).json() == {"changed": 1}
    assert client.get("/api/sentences/1", params=ANN).json()["mine"]["entities"] == [PER, LOC]
    assert client.get("/api/sentences/2", params=ANN).json()["proposals"][0]["origin"] == "name"
    client.delete("/api/names", params={"text": "Oslo"})
    assert client.get("/api/sentences/2", params=ANN).json()["proposals"] == []


def test_disagreements_are_listed(client, project):
    decide(client, 1, PER)
    project.decisions.record(Answer(1, "bob", []))
    found = client.get("/api/agreement").json()
    assert found["pairs"][0]["annotators"] == ["ann", "bob"]
    assert [one["id"] for one in found["sentences"]] == [1]


def test_learning_says_that_it_is_too_early(client):
    found = client.get("/api/learning", params={"aim": 0.8}).json()
    assert found["points"] == []
    assert "too early" in found["forecast"]["reason"]


def test_export_and_backup_are_files(client):
    decide(client, 1, PER)
    answer = client.get("/api/export", params={"format": "conll"})
    assert answer.text.startswith("Anna\tB-PER\nmet\tO\n")
    assert answer.headers["content-disposition"] == 'attachment; filename="p.conll"'
    assert client.get("/api/backup").content.startswith(b"SQLite format 3")
    assert client.get("/api/export", params={"format": "brat"}).content.startswith(b"PK")


def test_the_decisions_can_be_had_in_every_format(client):
    decide(client, 1, PER)
    formats = [entry["name"] for entry in client.get("/api/project").json()["formats"]]
    assert {"jsonl", "parquet", "docbin"} <= set(formats)
    for format in formats:
        assert client.get("/api/export", params={"format": format}).status_code == 200, format


def test_a_read_only_project_refuses_changes(client_of, project):
    client = client_of(Project.open(project.folder, read_only=True))
    assert decide(client, 1).status_code == 422
    assert client.post("/api/training", json={"action": "start"}).status_code == 422
    assert client.get("/api/next", params=ANN).json()["sentence"]["id"]
    assert client.get("/api/export").status_code == 200


def test_the_token_and_other_sites_are_checked(client_of, project):
    client = client_of(project, token="secret", hosts=None)
    assert client.get("/api/project").status_code == 401
    assert client.get("/api/project", headers={"Authorization": "Bearer secret"}).status_code == 200
    forged = {"Authorization": "Bearer secret", "Origin": "http://evil.example"}
    assert client.post("/api/undo", json=ANN, headers=forged).status_code == 403


def test_the_page_is_served_with_a_strict_policy(client):
    answer = client.get("/")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert '<script type="module" src="/static/app.js"></script>' in answer.text
    assert client.get("/static/app.js").headers["content-type"].startswith("text/javascript")


def test_the_page_never_makes_markup_of_text():
    folder = Path(__file__).parents[3] / "nertagger" / "annotation" / "web" / "page"
    for script in folder.glob("*.js"):
        text = script.read_text(encoding="utf-8")
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "http://", "https://"):
            assert word not in text.replace("http://www.w3.org/2000/svg", ""), (script.name, word)


def test_hostile_strings_come_back_as_they_are(client):
    client.put("/api/settings", json={"labels": [HOSTILE], "guidelines": HOSTILE})
    body = {"annotator": HOSTILE, "sentence": 1, "entities": [{**PER, "label": HOSTILE}]}
    assert client.post("/api/decisions", json=body).status_code == 200
    project = client.get("/api/project").json()
    assert project["labels"][0]["name"] == HOSTILE
    assert project["annotators"] == {HOSTILE: 1}
