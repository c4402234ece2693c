"""The file that keeps the trials of one search, and what the search was started with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from nertagger.config import Config
from nertagger.corpus import read
from nertagger.corpus.digest import digest
from nertagger.errors import ConfigError
from nertagger.files import check_output, locked, make_folder

_STUDY, _BEGAN = "nertagger", "began with"
_FIRST_BYTES = b'{"op_code"'  # of every line of Optuna's journal


def search_began_with(config: Config, search: Mapping[str, Any]) -> dict[str, str]:
    """Return a hash of each thing that a search depends on, by its name in messages."""
    settings = config.model_dump(exclude={"data": True, "output": True})
    found = {"the search": _digest(search), "the settings": _digest(settings)}
    for name, paths in (("training", config.data.train), ("dev", config.data.dev)):
        found[f"the {name} sentences"] = digest(one for path in paths for one in read(path, **config.data.reading))
    return found


@contextmanager
def open_study(optuna: ModuleType, path: Path, began: Mapping[str, str], *, seed: int) -> Iterator[Any]:
    """Open the study in a file, for one search at a time; a new one starts from the seed, an old one from its trials.

    Raises:
        NerTaggerError: if the file cannot be written, or another search is using it.
        ConfigError: if the file is not a study, or its trials `began` with something else.
    """
    make_folder(path.parent)
    check_output(path)
    path.touch()
    with locked(path):
        known = _mend(path)
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        try:
            journal = optuna.storages.journal
            storage = optuna.storages.JournalStorage(journal.JournalFileBackend(str(path)))
            sampler = optuna.samplers.TPESampler(seed=seed + known)  # a continued study must not propose the same again
            study = optuna.create_study(
                storage=storage, study_name=_STUDY, direction="maximize", sampler=sampler, load_if_exists=True
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError(f"{path}: is not the file of a search ({error}); name another one by --study") from error
        before = study.user_attrs.get(_BEGAN, {})
        if study.trials:
            _check(path, before, began)
        elif before != began:
            study.set_user_attr(_BEGAN, dict(began))
        yield study


def _check(path: Path, before: Mapping[str, str], began: Mapping[str, str]) -> None:
    changed = [name for name in began if before.get(name) != began[name]]
    if changed:
        problem = f"not the same as when this study was begun: {', '.join(changed)}"
        raise ConfigError(f"{path}: {problem}; scores would not compare: name another file by --study")


def _mend(path: Path) -> int:
    """Remove the last line of a study if a search was killed while writing it; return the number of bytes left.

    Raises:
        ConfigError: if the file is something else.
    """
    with path.open("r+b") as stream:
        content = stream.read()
        if content and not content.startswith(_FIRST_BYTES[: len(content)]):
            raise ConfigError(f"{path}: is not the file of a search; name another one by --study")
        whole = content.rfind(b"\n") + 1
        stream.truncate(whole)
    return whole


def _digest(values: Any) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
