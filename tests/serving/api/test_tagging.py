"""POST /v1/tag."""

from __future__ import annotations

import json

import pytest

import nertagger
from nertagger.errors import NerTaggerError
from nertagger.rules import Rules
from nertagger.serving.api.models import read_sources

TEXT = "Barack Obama flew to Paris."


def test_the_answer_is_that_of_the_tagger(client, lexicon_model):
    answer = client.post("/v1/tag", json={"text": TEXT})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    expected = nertagger.load(lexicon_model)(TEXT).to_dict()
    assert answer.json() == {"model": "lexicon", "documents": [expected]}
    assert [entity["text"] for entity in expected["entities"]] == ["Barack Obama", "Paris"]


def test_ids_and_other_fields_come_back(client):
    record = {"id": 7, "text": TEXT, "meta": {"a": [1, None, 2.5]}, "entities": "mine", "läbel": "é"}
    (found,) = client.post("/v1/tag", json={"text": record}).json()["documents"]
    assert found.pop("entities_") == "mine"
    assert len(found.pop("entities")) == 2
    assert found == {name: value for name, value in record.items() if name != "entities"}


def test_several_texts_are_answered_in_order(client):
    texts = [f"Paris {i}" if i % 2 else {"text": f"Michelle {i}", "id": i} for i in range(300)]
    found = client.post("/v1/tag", json={"text": texts}).json()["documents"]
    assert [one["text"] for one in found] == [one if isinstance(one, str) else one["text"] for one in texts]
    assert [one.get("id") for one in found] == [None if i % 2 else i for i in range(300)]
    assert {one["entities"][0]["label"] for one in found} == {"PER", "LOC"}


def test_no_texts_are_no_documents(client):
    assert client.post("/v1/tag", json={"text": []}).json() == {"model": "lexicon", "documents": []}
    empty = client.post("/v1/tag", json={"text": ["", " \n"]}).json()["documents"]
    assert [one["entities"] for one in empty] == [[], []]


def test_entities_of_low_confidence_are_left_out(client):
    sure = client.post("/v1/tag", json={"text": TEXT}).json()["documents"][0]["entities"]
    least = min(entity["confidence"] for entity in sure)
    found = client.post("/v1/tag", json={"text": TEXT, "confidence": least + 1e-4}).json()["documents"][0]["entities"]
    assert 0 < len(found) < len(sure)


def test_sentences_have_what_was_asked_for(client):
    text = "Paris rains. Michelle left."
    (found,) = client.post("/v1/tag", json={"text": text, "n_best": 2, "posteriors": True}).json()["documents"]
    first, second = found["sentences"]
    assert text[first["start"] : first["end"]] == "Paris rains."
    assert [len(first["readings"]), len(second["readings"])] == [2, 2]
    assert first["readings"][0]["entities"][0]["text"] == "Paris"
    assert [token["text"] for token in second["tokens"]] == ["Michelle", "left", "."]
    (found,) = client.post("/v1/tag", json={"text": text, "sentences": True}).json()["documents"]
    assert [*found["sentences"][0]] == ["start", "end"]


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({}, 422, "body.text: field required"),
        ([], 422, "body: expected a JSON object, got a list"),
        ({"text": "a", "texts": ["b"]}, 422, "body.texts: is not a field of this request"),
        ({"text": "a", "n_best": 2.5}, 422, "body.n_best"),
        ({"text": "a", "posteriors": "yes"}, 422, "body.posteriors"),
        ({"text": 3}, 422, "body.text: expected a string, an object with text, or a list of these, got 3"),
        ({"text": ["a", {"id": 3}]}, 422, "body.text.1.text: field required"),
        ({"text": ["a", ["b"]]}, 422, "body.text.1: expected a string, or an object with text, got a list"),
        ({"text": "a", "confidense": 0.5}, 422, "body.confidense"),
        ({"text": "a", "confidence": 2}, 422, "body.confidence: input should be less than or equal to 1, got 2"),
        ({"text": "a", "n_best": -1}, 422, "body.n_best"),
        ({"text": "a", "model": "other"}, 404, "got 'other', expected lexicon"),
        ({"text": ["a"] * 1001}, 422, "got 1,001 texts, expected at most 1,000"),
    ],
)
def test_wrong_requests_are_answered_with_one_line(client, body, status, message):
    answer = client.post("/v1/tag", json=body)
    assert answer.status_code == status
    assert message in answer.json()["error"]
    assert client.post("/v1/tag", json={"text": TEXT}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b'{"text": "\xff"}',
        b'{"text": "\\ud800"}',
        b'{"text": {"text": "a", "id": NaN}}',
        b"[" * 100_000,
        b'{"text": "a", "text": "\\udfff"}',
    ],
)
def test_what_is_not_json_is_answered_with_400(client, body):
    answer = client.post("/v1/tag", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert "is not JSON" in answer.json()["error"]


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "application/vnd.a+json"])
def test_other_names_of_json_are_answered_alike(client, content_type):
    expected = client.post("/v1/tag", json={"text": TEXT})
    found = client.post("/v1/tag", content=json.dumps({"text": TEXT}), headers={"Content-Type": content_type})
    assert (found.status_code, found.content) == (200, expected.content)
    assert found.headers == expected.headers
    shown = client.get("/metrics").text
    assert 'nertagger_requests_total{method="POST",path="/v1/tag",status="200"} 2.0' in shown


def test_an_error_that_nobody_foresaw_is_one_line(client, monkeypatch):
    monkeypatch.setattr("nertagger.serving.api.tagging.document_record", lambda *_: 1 / 0)
    answer = client.post("/v1/tag", json={"text": TEXT})
    assert (answer.status_code, answer.json()) == (500, {"error": "the service failed; its log says why"})


def test_other_types_of_content_are_refused(client):
    """A form of another site can send plain text without asking, JSON only if the service allows it."""
    answer = client.post("/v1/tag", content=b'{"text": "a"}', headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415
    assert "got text/plain, expected application/json" in answer.json()["error"]


def test_a_byte_order_mark_is_no_part_of_json(client):
    """Editors and shells of Windows write one."""
    body = b'\xef\xbb\xbf{"text": "Paris"}'
    for path in ("/v1/tag", "/v1/tag/stream"):
        answer = client.post(path, content=body, headers={"Content-Type": "application/json"})
        assert (answer.status_code, "LOC" in answer.text) == (200, True)


def test_a_wrong_address_is_named(client):
    assert client.get("/v1/tags").json() == {"error": "not found: GET /v1/tags"}
    assert client.get("/v1/tag").json() == {"error": "method not allowed: GET /v1/tag"}


def test_models_are_found_by_name(client_of, lexicon_model, make_lexicon_model):
    other = make_lexicon_model({"Paris": "S-PER"})
    client = client_of({"first": str(lexicon_model), "second": str(other)})
    labels = [
        client.post("/v1/tag", json={"text": "Paris", **more}).json()["documents"][0]["entities"][0]["label"]
        for more in ({}, {"model": "first"}, {"model": "second"})
    ]
    assert labels == ["LOC", "LOC", "PER"]
    info = client.get("/v1/models").json()
    assert [(model["name"], model["labels"]) for model in info["models"]] == [
        ("first", ["PER", "LOC"]),
        ("second", ["PER"]),
    ]
    assert info["max_texts"] == 1000


def test_models_of_the_same_name_must_be_told_apart():
    with pytest.raises(NerTaggerError, match=r"b/m\.ner: another model is called 'm' already"):
        read_sources(["a/m.ner", "b/m.ner"])


def test_the_state_of_the_service(client):
    assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/ready").json() == {"status": "ready"}
    client.post("/v1/tag", json={"text": ["Paris", "x"]})
    shown = client.get("/metrics").text
    assert 'nertagger_requests_total{method="POST",path="/v1/tag",status="200"} 1.0' in shown
    assert 'nertagger_texts_total{model="lexicon"} 2.0' in shown
    assert "nertagger_batch_texts_sum 2.0" in shown


def test_the_description_of_the_api_has_an_example_of_each_body(client):
    schema = client.get("/openapi.json").json()
    assert {"/v1/tag", "/v1/tag/stream", "/v1/convert", "/v1/models"} <= set(schema["paths"])
    for name in ("TagRequest", "ConvertRequest", "TaggedDocument"):
        assert schema["components"]["schemas"][name]["examples"]
    example = schema["components"]["schemas"]["TagRequest"]["examples"][1]
    assert client.post("/v1/tag", json=example).status_code == 200
    assert "cdn" not in json.dumps(schema)


@pytest.mark.parametrize("path", ["/", "/health", "/ready", "/metrics", "/v1/models"])
def test_head_is_answered_like_get(client, path):
    """Load balancers and link checkers ask for the head alone."""
    assert client.head(path).status_code == client.get(path).status_code == 200
    assert client.head("/v1/tag").status_code == client.get("/v1/tag").status_code == 405


def test_the_description_of_the_api_says_where_the_token_is_needed(client, client_of):
    assert "securitySchemes" not in client.get("/openapi.json").json()["components"]
    schema = client_of(token="abc").get("/openapi.json", headers={"Authorization": "Bearer abc"}).json()
    assert [scheme["scheme"] for scheme in schema["components"]["securitySchemes"].values()] == ["bearer"]
    secured = {
        path for path, operations in schema["paths"].items() if any("security" in o for o in operations.values())
    }
    assert secured == set(schema["paths"]) - {"/health", "/ready"}


def test_without_the_token_only_the_page_and_the_health_are_shown(client_of):
    client = client_of(token="abc")
    assert {client.get(path).status_code for path in ("/", "/health", "/ready")} == {200}
    assert {client.get(path).status_code for path in ("/v1/models", "/metrics", "/openapi.json", "/x")} == {401}
    answer = client.post("/v1/tag", json={"text": "a"}, headers={"Authorization": "Bearer abc"})
    assert answer.status_code == 200


def test_entities_of_rules_name_their_rule(client_of):
    rules = Rules(patterns={"label": "ORG", "pattern": [{"LOWER": "acme"}], "id": "acme"})
    answer = client_of(rules=rules).post("/v1/tag", json={"text": "Acme met Obama."}).json()
    found = {"label": "ORG", "start": 0, "end": 4, "text": "Acme", "confidence": 1.0, "rule": "acme"}
    assert found in answer["documents"][0]["entities"]
