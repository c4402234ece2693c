"""The small model files of the runtime's tests, for the commands."""

from __future__ import annotations

import importlib.util
from pathlib import Path

_PATH = Path(__file__).parents[1] / "runtime" / "conftest.py"
_SPEC = importlib.util.spec_from_file_location("runtime_conftest", _PATH)
assert _SPEC is not None
assert _SPEC.loader is not None
_MODULE = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MODULE)

lexicon_model = _MODULE.lexicon_model
