"""Run what the Dockerfile starts, and its health check, in an environment where its packages are installed.

    python .ci/dockerfile.py VENV

Few machines that test have Docker.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PORT = 8000
TOKEN = "checks"


def main(venv: Path) -> None:
    """Start the service, check its health, and let it tag a text."""
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    (entry,) = (json.loads(found) for found in re.findall(r"^ENTRYPOINT (.+)$", dockerfile, re.M))
    (health,) = (json.loads(found) for found in re.findall(r"^HEALTHCHECK .*\\\n  CMD (.+)$", dockerfile, re.M))
    environment = {"PATH": f"{venv / 'bin'}:/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", "NERTAGGER_TOKEN": TOKEN}
    for name in ("tensorflow", "keras", "onnx"):
        code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec('{name}') is not None)"
        subprocess.run([venv / "bin" / "python", "-c", code], check=True)
    model = ROOT / "tests" / "models" / "small.ner"
    with subprocess.Popen([*entry, "/dev/stdin"], env=environment, cwd="/", stdin=model.open("rb")) as process:
        try:
            wait_until_healthy(health, environment)
            tag_a_text()
        finally:
            process.terminate()
        assert process.wait(30) == 0
    print("the service of the Dockerfile runs without TensorFlow and is healthy")


def wait_until_healthy(health: list[str], environment: dict[str, str]) -> None:
    """Wait until the health check of the Dockerfile succeeds."""
    for _ in range(60):
        with suppress(subprocess.CalledProcessError):
            subprocess.run(health, env=environment, check=True, stderr=subprocess.DEVNULL)
            return
        time.sleep(1)
    raise SystemExit("the service did not become healthy within a minute")


def tag_a_text() -> None:
    """Tag a text over HTTP."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}/v1/tag", b'{"text": "Ann ran."}', headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert json.load(answer)["documents"][0]["text"] == "Ann ran."


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
