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
from nertagger.experiments.storage import mend_journal
from nertagger.files import check_output, locked, make_folder, open_binary

_STUDY, _BEGAN = "nertagger", "began with"
_FILES = (
    ("words", "vectors"),
    ("encoder", "source"),
    ("encoder", "replay"),
    ("features", "language_model"),
    ("features", "gazetteers"),
)
_SPLITS = {"train": "the training sentences", "dev": "the dev sentences", "test": "the test sentences"}
_REMEDY = "name another {} by --study"


def search_began_with(config: Config, search: Mapping[str, Any], *splits: str) -> dict[str, str]:
    """Return a hash of each thing that the results of a search depend on, by its name in messages.

    Files count by their contents, so that their paths may differ between machines.

    Args:
        config: the settings.
        search: everything else that is asked for, as JSON values.
        splits: the names of the splits that are read.
    """
    settings = config.model_dump(exclude={"data": True, "output": True})
    for section, key in _FILES:
        named = settings[section][key]
        settings[section][key] = [*map(_digest_file, named)] if isinstance(named, list) else _digest_file(named)
    found = {"the search": _digest(search), "the settings": _digest(settings)}
    for name in splits:
        paths = getattr(config.data, name)
        found[_SPLITS[name]] = digest(one for path in paths for one in read(path, **config.data.reading))
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
        known = mend_journal(path, remedy=_REMEDY.format("one"))
        try:
            journal = optuna.storages.journal
            storage = optuna.storages.JournalStorage(journal.JournalFileBackend(str(path)))
            sampler = optuna.samplers.TPESampler(seed=seed + known)  # a continued study must not propose the same again
            study = optuna.create_study(
                storage=storage, study_name=_STUDY, direction="maximize", sampler=sampler, load_if_exists=True
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError(f"{path}: is not the file of a search ({error}); {_REMEDY.format('one')}") from error
        before = study.user_attrs.get(_BEGAN, {})
        if study.trials:
            check_began(str(path), before, began, remedy=_REMEDY.format("file"))
        elif before != began:
            study.set_user_attr(_BEGAN, dict(began))
        yield study


def check_began(place: str, before: Mapping[str, str], began: Mapping[str, str], *, remedy: str) -> None:
    """Compare what a search depends on with what it did when it began.

    Raises:
        ConfigError: if they differ; names what has changed.
    """
    changed = [name for name in began if before.get(name) != began[name]]
    if changed:
        problem = f"not the same as when this study was begun: {', '.join(changed)}"
        raise ConfigError(f"{place}: {problem}; scores would not compare: {remedy}")


def _digest(values: Any) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _digest_file(path: str) -> str:
    """Return the SHA-256 of a file's content, or what is not a file, such as ``none``, as it is."""
    if not Path(path).is_file():
        return path
    with open_binary(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
