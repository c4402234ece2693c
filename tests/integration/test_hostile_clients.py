"""Clients that attack a service: each gets one clear answer or none, and the next request is served."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.integration.test_service_process import ask, labels, until
from tests.services import RunningService


@pytest.fixture
def service(start_service: Callable[..., RunningService], lexicon_model: Path) -> RunningService:
    return start_service("serve", str(lexicon_model), "--timeout", "5")


@pytest.fixture(autouse=True)
def is_served_afterwards(service: RunningService):
    """Expect that the service answers at once after each attack, and that no request is left in progress."""
    yield
    begin = time.monotonic()
    assert labels(service) == ["PER", "LOC"]
    assert time.monotonic() - begin < 10  # at once, on a busy machine too
    until(lambda: b"nertagger_in_progress 0.0" in ask(service, "GET", "/metrics")[1])
    assert service.process.poll() is None
    assert not [line for line in service.lines if "Traceback" in line]


def connect(service: RunningService) -> socket.socket:
    return socket.create_connection(("127.0.0.1", service.port), timeout=30)


def raw(service: RunningService, content: bytes) -> bytes:
    """Send bytes and return all that comes back until the service closes the connection."""
    with connect(service) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(content)
        found = b""
        with suppress(ConnectionResetError):
            while piece := connection.recv(1 << 16):
                found += piece
        return found


def post(body: bytes, *, length: int | None = None, path: str = "/v1/tag") -> bytes:
    size = len(body) if length is None else length
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + body


def test_heads_that_arrive_slowly_are_given_up(service):
    connections = [connect(service) for _ in range(100)]
    begin = time.monotonic()
    closed = set()
    while len(closed) < len(connections) and time.monotonic() - begin < 20:
        for connection in set(connections) - closed:
            try:
                connection.sendall(b"X")
                connection.settimeout(0.001)
                if connection.recv(1) == b"":
                    closed.add(connection)
            except TimeoutError:
                continue
            except OSError:
                closed.add(connection)
        assert labels(service) == ["PER", "LOC"]  # while they try
        time.sleep(0.2)
    assert len(closed) == len(connections)
    for connection in connections:
        connection.close()


def test_a_body_that_arrives_slowly_is_given_up(service):
    with connect(service) as connection:
        connection.sendall(post(b'{"text":', length=100))
        answer = connection.recv(1 << 16)
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_large_bodies_are_refused(service):
    body = json.dumps({"text": "x" * 10_000_000}).encode()
    assert raw(service, post(body)).startswith(b"HTTP/1.1 413 ")
    status, answer = ask(service, "POST", "/v1/tag", {"text": "x" * 10_000_000})
    assert (status, b"larger than 1,000,000 bytes" in answer) == (413, True)


def test_a_large_body_of_unknown_length_is_refused(service):
    head = b"POST /v1/tag HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    head += b"Transfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    assert raw(service, head + chunk * 160).startswith((b"HTTP/1.1 413 ", b""))


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"GET\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (post(b"\xff\xfe{}"), 400),
        (post(b'{"text": "\\ud800"}'), 400),
        (post(b'{"text": "\xed\xa0\x80"}'), 400),
        (post(b"[" * 900_000), 400),
        (post(b'{"text": 1e999999}'), 422),
        (post(json.dumps({"text": ["a"] * 10_000}).encode()), 422),
        (post(b""), 422),
        (post(b"null"), 422),
        (post(b"{}", path="/v1/nothing"), 404),
        (post(b"{}", path="/" + "x" * 60_000), 404),
        (b"DELETE /v1/tag HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 405),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 403),
    ],
)
def test_nonsense_is_answered(service, content, status):
    assert raw(service, content).startswith(b"HTTP/1.1 %d " % status)


def test_ten_thousand_tiny_texts_are_tagged_where_they_are_allowed(start_service, lexicon_model):
    service = start_service("serve", str(lexicon_model), "--max-texts", "10000")
    status, body = ask(service, "POST", "/v1/tag", {"text": ["Paris"] * 10_000})
    assert status == 200
    assert len(json.loads(body)["documents"]) == 10_000


def test_connections_that_are_dropped_leave_nothing(service):
    for size in range(0, 400, 2):
        with connect(service) as connection:
            connection.sendall(post(b'{"text": ["Barack Obama flew to Paris.", "' + b"x " * 5000 + b'"]}')[: size * 50])
    assert labels(service) == ["PER", "LOC"]


def test_clients_that_have_gone_hold_no_place(service):
    """Each request would take a second; none of them is tagged to its end."""
    body = json.dumps({"text": ["Barack Obama flew to Paris. " * 300] * 30, "n_best": 20}).encode()
    for _ in range(3):
        for _ in range(70):  # more than there are places
            with connect(service) as connection:
                connection.sendall(post(body))
        assert labels(service) == ["PER", "LOC"]
    assert b'path="/v1/tag",status="200"} 3.0' in ask(service, "GET", "/metrics")[1]


def test_a_client_that_reads_nothing_holds_up_nobody(service):
    body = json.dumps({"text": ["Paris and New York. " * 40] * 200, "posteriors": True}).encode()
    with connect(service) as connection:
        connection.sendall(post(body))
        for _ in range(20):
            assert labels(service) == ["PER", "LOC"]


def test_a_stream_of_any_length_takes_constant_memory(service):
    line = json.dumps({"id": 1, "text": "Barack Obama flew to Paris. " * 20}).encode() + b"\n"
    before = memory(service)
    found = stream(service, line, times=20_000)  # 12 MB
    assert found == 20_000
    assert memory(service) - before < 60_000_000


def test_a_stream_that_nobody_reads_stops_and_is_given_up(service):
    line = json.dumps("Paris " * 1000).encode() + b"\n"
    before = memory(service)
    with connect(service) as connection:
        connection.sendall(b"POST /v1/tag/stream HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        connection.settimeout(2)
        sent = 0
        with suppress(OSError):
            while sent < 200_000_000:
                connection.sendall(b"%x\r\n%s\r\n" % (len(line), line))
                sent += len(line)
        assert sent < 100_000_000
        assert memory(service) - before < 100_000_000
        until(lambda: b"nertagger_in_progress 0.0" in ask(service, "GET", "/metrics")[1])


def stream(service: RunningService, line: bytes, *, times: int) -> int:
    """Send a line many times, while the answers are read, and return the number of these."""
    with connect(service) as connection:
        connection.sendall(
            b"POST /v1/tag/stream HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
            % (len(line) * times)
        )
        sender = threading.Thread(target=lambda: [connection.sendall(line * 100) for _ in range(times // 100)])
        sender.start()
        lines = 0
        while piece := connection.recv(1 << 16):
            lines += piece.count(b'"id":1}\n')
        sender.join()
    return lines


def memory(service: RunningService) -> int:
    """Return the resident memory of the service in bytes."""
    status = Path(f"/proc/{service.process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) * 1024


def test_the_description_of_the_api_holds(service, tmp_path):
    """Requests made of the description, valid and not, find no error of the service and no undescribed answer."""
    pytest.importorskip("schemathesis")
    command = [str(Path(sys.executable).parent / "schemathesis"), "run", f"{service.url}/openapi.json"]
    options = ["--exclude-checks", "positive_data_acceptance"]  # entities that are not in the text are not accepted
    options += ["--exclude-path", "/v1/tag/stream", "--max-examples", "25", "--seed", "1"]
    result = subprocess.run([*command, *options], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stdout[-5000:]
