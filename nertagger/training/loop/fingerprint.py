"""Hashes of the settings and data of a run, to check that it is resumed with the same ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nertagger.corpus.digest import digest
from nertagger.errors import TrainingError
from nertagger.files import open_binary
from nertagger.training.loop.workers import Workers

if TYPE_CHECKING:
    from nertagger.training.dataset import Dataset

Fingerprint = dict[str, str]
"""The SHA-256 of everything that decides the result of a run, by its name in messages."""
SETTINGS = "the settings"


def fingerprint(dataset: Dataset, *, processes: int = 1) -> Fingerprint:
    """Return the fingerprint of a tagger's run by some processes, from the contents of files, not their paths."""
    paths = {"words": {"vectors"}, "encoder": {"source", "replay"}, "features": {"language_model", "gazetteers"}}
    settings = dataset.config.model_dump(exclude={"data": True, "output": True, **paths})
    found = {
        SETTINGS: digest_values(settings),
        "the training sentences": digest(dataset.train),
        "the dev sentences": digest(dataset.dev),
    }
    if dataset.vectors is not None and dataset.features.vectors is not None:
        arrays = {**dataset.vectors.tensors, "keys": dataset.features.vectors.keys}
        found["the word vectors"] = _digest_arrays(arrays)
    if dataset.features.gazetteer is not None:
        found["the gazetteers"] = _digest_arrays(dataset.features.gazetteer.arrays)
    if dataset.replay:
        found["the replayed sentences"] = digest(dataset.replay)
    if dataset.encoder is not None:
        found["the encoder"] = dataset.encoder.digest
    if dataset.language is not None:
        found["the language model"] = _digest_arrays(dataset.language.weights)
    if processes > 1:  # together they make larger batches
        found["the number of processes"] = str(processes)
    return found


def check_unchanged(folder: Path, began: Fingerprint, now: Fingerprint) -> None:
    """Compare the fingerprint of a run with that of its checkpoint.

    Raises:
        TrainingError: if they differ; names what has changed.
    """
    changed = [name for name in {**began, **now} if began.get(name) != now.get(name)]
    if SETTINGS in changed:
        raise TrainingError(f"{folder}: {SETTINGS} have changed since this run began; train anew")
    if changed:
        remedy = f"train anew, or bring back {' and '.join(changed)} as before"
        raise TrainingError(f"{folder}: the data have changed since this run began; {remedy}")


def check_equal(found: Fingerprint, workers: Workers) -> None:
    """Compare the fingerprint of a process with that of the first one.

    Raises:
        TrainingError: if they differ; names what does.
    """
    first = workers.from_first(lambda: found)
    different = [name for name in {**first, **found} if first.get(name) != found.get(name)]
    if different:
        place = f"process {workers.rank + 1} of {workers.count}"
        raise TrainingError(f"{place}: {', '.join(different)} differ from those of the first process; start all anew")


def digest_values(values: Any) -> str:
    """Return the SHA-256 of JSON values."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def digest_files(paths: Iterable[str]) -> str:
    """Return the SHA-256 of the contents of files, decompressed, in order."""
    found = hashlib.sha256()
    for path in paths:
        with open_binary(path) as stream:
            hashlib.file_digest(stream, lambda: found)
        found.update(b"\0end of file\0")
    return found.hexdigest()


def _digest_arrays(arrays: Mapping[str, np.ndarray]) -> str:
    found = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        found.update(f"{name} {array.dtype} {array.shape}\n".encode())
        found.update(np.ascontiguousarray(array).view(np.uint8).data)
    return found.hexdigest()
