"""Who is answered, and the headers of every answer."""

from __future__ import annotations

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from nertagger.serving.running import Binding
from nertagger.serving.security import SECURITY_HEADERS, Guard


def guarded(**options) -> TestClient:
    return TestClient(Guard(PlainTextResponse("fine"), **options), base_url="http://localhost:8000")


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer s3crèt".encode()}, 200),
        ({"Authorization": "bearer  s3crèt ".encode()}, 200),
        ({"Authorization": b"Bearer s3cret"}, 401),
        ({"Authorization": "Basic s3crèt".encode()}, 401),
        ({"Authorization": b"Bearer "}, 401),
        ({"Authorization": b"\xff\xfe"}, 401),
    ],
)
def test_only_who_sends_the_token_is_answered(header, status):
    answer = guarded(token="s3crèt").get("/", headers=header)
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "token" in answer.json()["error"]


def test_open_paths_need_no_token():
    client = guarded(token="a", is_open=lambda path: path == "/health")
    assert client.get("/health").status_code == 200
    assert client.get("/health/more").status_code == 401


def test_every_answer_has_the_security_headers():
    for answer in (guarded().get("/"), guarded(token="a").get("/"), guarded(hosts={"a"}).get("/")):
        assert {name: answer.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost", 200), ("LOCALHOST:9", 200), ("[::1]:8000", 200), ("evil.example", 403), ("", 403)],
)
def test_names_of_other_hosts_are_refused(host, status):
    """A name that an attacker points to 127.0.0.1 would make the service part of the attacker's site."""
    allowed = Binding(host="127.0.0.1").allowed_hosts
    assert guarded(hosts=allowed).get("/", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:8000"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost:8000"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_pages_of_other_sites_can_change_nothing(headers, status):
    assert guarded().post("/", headers=headers).status_code == status
    assert guarded().get("/", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("binding", "is_open", "is_loopback"),
    [
        (Binding(), False, True),
        (Binding(host="localhost"), False, True),
        (Binding(host="::1"), False, True),
        (Binding(host="0.0.0.0"), True, False),
        (Binding(host="0.0.0.0", token="a"), False, False),
        (Binding(host="box.example"), True, False),
    ],
)
def test_a_service_that_anybody_can_use_warns(binding, is_open, is_loopback, caplog):
    binding.warn()
    assert ("pass --token" in caplog.text) == is_open
    assert binding.is_loopback == is_loopback
    assert (binding.allowed_hosts is not None) == is_loopback
