"""Files and folders beside a file that a command names: one rule for their names, and nothing of others is replaced.

A companion is called what the file is called, with all of its name but the suffix that files of its kind have::

    model.ner -> model.run    model.v1 -> model.v1.run    model.lm -> model.lm.run    a.b.ann -> a.b.txt
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from nertagger.errors import TrainingError

RunKind = Literal["tagger", "language model"]
_CONFIG = "config.toml"
_FIELD_OF_KIND: dict[RunKind, str] = {"tagger": "output", "language model": "model"}


def companion(path: str | Path, suffix: str, *, own: str | tuple[str, ...]) -> Path:
    """The path of a companion with this suffix; only a suffix that is `own` to files of the kind is taken off first.

    >>> companion("a.b.ann", ".txt", own=(".ann", ".txt")).name
    'a.b.txt'
    >>> companion("corpus.v1", ".txt", own=(".ann", ".txt")).name
    'corpus.v1.txt'
    """
    file = Path(path)
    name = file.name[: -len(file.suffix)] if file.suffix and file.suffix.lower() in own else file.name
    return file.parent / f"{name}{suffix}"


def tagger_run_folder(model: str | Path) -> Path:
    """The folder of log and checkpoint beside a tagger's model file: ``model.run``."""
    return companion(model, ".run", own=(".ner",))


def language_model_run_folder(model: str | Path) -> Path:
    """The folder of log and checkpoint beside a language model: ``model.lm.run``, never a tagger's."""
    return companion(model, ".lm.run", own=(".lm",))


def check_run_folder(folder: Path, kind: RunKind) -> None:
    """Refuse a folder that holds a run of another kind, which a new run would destroy.

    Raises:
        TrainingError: if there is a configuration in the folder that is none of this kind.
    """
    path = folder / _CONFIG
    if not path.is_file():
        return
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):  # neither TOML nor text: no run wrote it
        values = {}
    if _FIELD_OF_KIND[kind] not in values:
        problem = f"the folder is used by something else ({path} is not the configuration of a {kind})"
        raise TrainingError(f"{folder}: {problem}; give the model file another name, or remove the folder")
