"""ONNX Runtime is imported without its telemetry."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import os
from nertagger.runtime import session
session.onnx_runtime()
print(os.environ.get("ORT_DISABLE_TELEMETRY"))
"""


@pytest.mark.parametrize("value", [None, "1"])
def test_importing_onnx_runtime_writes_no_file_and_leaves_the_environment(tmp_path: Path, value: str | None) -> None:
    environment = {name: text for name, text in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    environment |= {"TMPDIR": str(tmp_path)} | ({} if value is None else {"ORT_DISABLE_TELEMETRY": value})
    shown = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert shown.strip() == str(value)
    assert list(tmp_path.iterdir()) == []
