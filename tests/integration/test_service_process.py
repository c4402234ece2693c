"""The process of ``nertagger serve``: its end, models that are replaced, workers, and what it says at the start."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nertagger.modelfile.writer import write_model
from tests.services import RunningService, until
from tests.small_models import lexicon_members

TEXT = "Barack Obama flew to Paris."


def ask(service: RunningService, method: str, path: str, body: object = None, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    try:
        content = None if body is None else json.dumps(body).encode()
        connection.request(method, path, content, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def labels(service: RunningService, text: str = TEXT) -> list[str]:
    status, body = ask(service, "POST", "/v1/tag", {"text": text})
    assert status == 200, body
    return [entity["label"] for entity in json.loads(body)["documents"][0]["entities"]]


@contextmanager
def asking(service: RunningService, clients: int = 4) -> Iterator[list[tuple[str, ...]]]:
    """Ask again and again in the block, in threads; yields the answers so far, each of which must be complete."""
    answers: list[tuple[str, ...]] = []
    failures: list[BaseException] = []
    stop = threading.Event()

    def run() -> None:
        try:
            while not stop.is_set():
                answers.append(tuple(labels(service)))
        except BaseException as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not failures


@pytest.fixture
def model(lexicon_model: Path, tmp_path: Path) -> Path:
    path = tmp_path / "model.ner"
    shutil.copy(lexicon_model, path)
    return path


def test_requests_in_progress_are_answered_before_the_end(start_service, model):
    service = start_service("serve", str(model))
    body = {"text": [f"{TEXT} " * 20] * 50, "n_best": 5}
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(ask(service, "POST", "/v1/tag", body)[0])) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    until(lambda: b"nertagger_in_progress 8.0" in ask(service, "GET", "/metrics")[1])
    assert service.stop() == 0
    for thread in threads:
        thread.join()
    assert found == [200] * 8


def test_ctrl_c_ends_the_service_quietly(start_service, model):
    service = start_service("serve", str(model))
    service.process.send_signal(signal.SIGINT)
    assert service.process.wait(20) == 0
    service.reader.join()
    assert len(service.lines) == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_a_replaced_model_is_loaded_without_losing_a_request(start_service, model, workers):
    service = start_service("serve", str(model), "--workers", str(workers))
    with asking(service) as answers:
        until(lambda: len(answers) > 20)
        write_model(model, lexicon_members({"Paris": "S-TOWN"}))
        until(lambda: answers[-40:].count(("TOWN",)) == 40)
    assert set(answers) == {("PER", "LOC"), ("TOWN",)}
    assert service.stop() == 0


@pytest.mark.parametrize("workers", [1, 2])
def test_sighup_loads_the_models_again_without_losing_a_request(start_service, model, workers):
    service = start_service("serve", str(model), "--workers", str(workers))
    with asking(service) as answers:
        until(lambda: len(answers) > 20)
        service.process.send_signal(signal.SIGHUP)
        number = len(answers)
        until(lambda: len(answers) > number + 200 and any("again" in line for line in service.lines))
    assert set(answers) == {("PER", "LOC")}
    assert service.stop() == 0


def test_a_damaged_replacement_is_not_served(start_service, model):
    service = start_service("serve", str(model))
    model.write_bytes(model.read_bytes()[:-100])
    until(lambda: any("is still served" in line for line in service.lines))
    assert labels(service) == ["PER", "LOC"]
    write_model(model, lexicon_members({"Paris": "S-TOWN"}))
    until(lambda: labels(service) == ["TOWN"])


def test_replaced_rules_are_read_again_without_losing_a_request(start_service, model, tmp_path):
    names, new = tmp_path / "names.tsv", tmp_path / "new.tsv"
    names.write_text("flew\tVERB\n")
    service = start_service("serve", str(model), "--gazetteer", str(names))
    with asking(service) as answers:
        until(lambda: len(answers) > 20)
        new.write_text("Paris\tTOWN\n")
        new.replace(names)
        until(lambda: answers[-40:].count(("PER", "TOWN")) == 40)
        new.write_text("no label\n")
        new.replace(names)
        service.process.send_signal(signal.SIGHUP)
        until(lambda: any("loaded again as model" in line for line in service.lines))
    assert set(answers) == {("PER", "VERB", "LOC"), ("PER", "TOWN")}
    assert answers[-1] == ("PER", "TOWN")
    assert service.stop() == 0


def test_rules_that_can_be_read_once_only_are_for_one_process(model):
    command = [sys.executable, "-m", "nertagger", "serve", str(model), "--gazetteer", "-", "--workers", "2"]
    found = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    message = "error: -: standard input can be read once only, and each of the --workers reads it; give a file\n"
    assert (found.returncode, found.stderr) == (2, message)


def test_workers_share_the_requests_and_count_together(start_service, model):
    service = start_service("serve", str(model), "--workers", "2")
    for _ in range(40):
        assert labels(service) == ["PER", "LOC"]
    shown = ask(service, "GET", "/metrics")[1]
    assert b'nertagger_requests_total{method="POST",path="/v1/tag",status="200"} 40.0' in shown
    assert service.stop() == 0


def test_a_worker_that_dies_is_replaced(start_service, model):
    service = start_service("serve", str(model), "--workers", "2")
    children = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children")
    if not children.exists():
        pytest.skip("this system does not list the children of a process")
    until(lambda: len(children.read_text().split()) >= 2)
    assert labels(service)
    workers = [int(pid) for pid in children.read_text().split() if _is_worker(pid)]
    os.kill(workers[0], signal.SIGKILL)
    until(lambda: len({pid for pid in children.read_text().split() if _is_worker(pid)} - {str(workers[0])}) == 2)
    assert [labels(service) for _ in range(10)] == [["PER", "LOC"]] * 10
    assert service.stop() == 0


def _is_worker(pid: str) -> bool:
    return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_the_busy_service_says_when_to_come_again(start_service, model):
    service = start_service("serve", str(model), "--concurrency", "1")
    body = {"text": [f"{TEXT} " * 20] * 300, "n_best": 20}
    slow = threading.Thread(target=ask, args=(service, "POST", "/v1/tag", body))
    slow.start()
    until(lambda: b"nertagger_in_progress 1.0" in ask(service, "GET", "/metrics")[1])
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
    connection.request("POST", "/v1/tag", b'{"text": "Paris"}', {"Content-Type": "application/json"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    connection.close()
    slow.join()
    assert labels(service) == ["PER", "LOC"]


def test_only_who_knows_the_token_is_answered(start_service, model):
    service = start_service("serve", str(model), NERTAGGER_TOKEN="abc")
    assert ask(service, "POST", "/v1/tag", {"text": TEXT})[0] == 401
    assert ask(service, "POST", "/v1/tag", {"text": TEXT}, Authorization="Bearer abc")[0] == 200


def test_listening_for_all_without_a_token_is_warned_of(start_service, model):
    service = start_service("serve", str(model), "--host", "0.0.0.0")
    assert "no token is set; pass --token" in "".join(service.lines)


def test_a_taken_port_is_one_line(start_service, model):
    service = start_service("serve", str(model))
    command = [sys.executable, "-m", "nertagger", "serve", str(model), "--port", str(service.port)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.returncode == 2
    expected = f"error: 127.0.0.1:{service.port}: cannot be listened on (Address already in use); choose another"
    assert result.stderr.startswith(expected)
    assert result.stderr.count("\n") == 1


def test_a_service_loads_neither_keras_nor_tensorflow(start_service, model):
    service = start_service("serve", str(model))
    assert labels(service)
    loaded = Path(f"/proc/{service.process.pid}/maps").read_text()
    assert "onnxruntime" in loaded
    assert not any(name in loaded for name in ("/tensorflow/", "/keras/", "/pandas/", "/scipy/", "/sklearn/"))
