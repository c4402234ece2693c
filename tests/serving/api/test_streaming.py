"""POST /v1/tag/stream."""

from __future__ import annotations

import json


def stream(client, *lines: bytes, end: bytes = b"\n", **parameters) -> list[dict]:
    content = b"\n".join(lines) + end
    answer = client.post(
        "/v1/tag/stream", content=(content[i : i + 7] for i in range(0, len(content), 7)), params=parameters
    )
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.content.splitlines()]


def test_each_line_is_answered_in_order(client):
    lines = [json.dumps({"id": i, "text": f"Paris {i}"}).encode() for i in range(300)]
    found = stream(client, *lines)
    assert [one["id"] for one in found] == list(range(300))
    assert all(one["entities"][0]["text"] == "Paris" for one in found)


def test_strings_blank_lines_and_a_last_line_without_end(client):
    assert [one["text"] for one in stream(client, b'"a"', b"", b"  ", b'"b"', end=b"")] == ["a", "b"]
    assert stream(client, end=b"") == []


def test_a_wrong_line_is_answered_and_the_others_are_tagged(client):
    lines = [b'"Paris"', b"{", b'{"text": 3}', b'"\xff"', b'"\\ud800"', b'"Michelle"']
    first, *wrong, last = stream(client, *lines)
    assert [first["text"], last["text"]] == ["Paris", "Michelle"]
    assert [one["line"] for one in wrong] == [2, 3, 4, 5]
    assert wrong[1]["error"] == "text: input should be a valid string, got 3"
    assert all(one["error"] for one in wrong)


def test_a_line_that_is_too_long_is_not_kept(client_of):
    client = client_of(max_body_bytes=1000)
    found = stream(client, b'"Paris"', b'"' + b"x" * 5000 + b'"', b'"Michelle"')
    assert [one.get("text", one.get("error")) for one in found] == ["Paris", "the line is too long", "Michelle"]


def test_options_are_parameters(client):
    (found,) = stream(client, b'"Paris rains"', n_best=2, model="lexicon")
    assert len(found["sentences"][0]["readings"]) == 2
    for parameters, status in (({"model": "other"}, 404), ({"n_best": "x"}, 422), ({"confidense": 1}, 422)):
        assert client.post("/v1/tag/stream", content=b'"a"', params=parameters).status_code == status
