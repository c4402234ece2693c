"""`nertagger annotate` killed at random moments of labelling and training: nothing that was confirmed is lost."""

from __future__ import annotations

import json
import random
import signal
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nertagger.annotation.project import Project
from tests.small_corpus import ONE_EPOCH

pytest_plugins = ["tests.services"]

KILLS = 30


def ask(url: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Return the answer to a request."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/api/{path}", data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def label(url: str, until: float) -> list[int]:
    """Answer sentences until a moment; return the numbers of the decisions that were confirmed."""
    confirmed = []
    while time.monotonic() < until:
        sentence = ask(url, "next?annotator=ann")["sentence"]
        if sentence is None:
            time.sleep(0.05)
            continue
        body = {
            "sentence": sentence["id"],
            "annotator": "ann",
            "entities": [{"label": "PER", "first": 0, "stop": 1}],
            "version": sentence["version"],
        }
        confirmed.append(ask(url, "decisions", body)["version"])
    return confirmed


def test_killed_at_random_moments(tmp_path: Path, start_service: Callable[..., Any]):
    rng = random.Random(7)
    (tmp_path / "raw.txt").write_text("\n".join(f"Anna saw {n} things." for n in range(20_000)), encoding="utf-8")
    folder = tmp_path / "p"
    confirmed: list[int] = []
    for turn in range(KILLS):
        given = [str(tmp_path / "raw.txt"), "--labels", "PER"] if turn == 0 else []
        service = start_service("annotate", str(folder), *given)
        (folder / "config.toml").write_text(ONE_EPOCH, encoding="utf-8")
        confirmed += label(service.url, time.monotonic() + rng.uniform(0.05, 3 if turn % 3 else 8))
        service.process.send_signal(signal.SIGKILL)
        service.process.wait()
        project = Project.open(folder)
        assert project.database.check() == "ok"
        with project.database.read() as connection:
            kept = {row["id"] for row in connection.execute("SELECT id FROM decisions")}
        assert kept.issuperset(confirmed)
        for model in project.models.all():
            assert project.model_path(model.file).is_file()
        project.database.close()
    assert len(confirmed) > KILLS
