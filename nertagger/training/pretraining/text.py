"""Raw text as the ids of its forms, in a file, so that passes after the first read numbers instead of text.

The first pass tokenizes the text, in several processes if it is large, and leaves out the sentences that an exclusion
names. Memory is needed for the distinct forms and the lengths of the sentences, not for the text.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import safetensors.numpy

from nertagger.errors import TrainingError
from nertagger.features.shapes import word_shape
from nertagger.files import atomic_write, counting_reads, open_text
from nertagger.grouping import blocks_of
from nertagger.modelfile.tensors import read_tensors
from nertagger.processes import worker_pool
from nertagger.text.passages import read_passages
from nertagger.text.segment import segment
from nertagger.training.pretraining.exclusion import EXACT, Exclusion

IDS_NAME, FORMS_NAME = "text.ids", "text.safetensors"
"""The files of an encoded text in its folder: the ids, and all else."""
_BLOCK = 1_000_000  # characters that are tokenized together
_LARGE = 8_000_000  # bytes of text that are worth several processes
_RENUMBERED = 1 << 22  # ids that are renumbered at once
_RARE_FROM = 0.5  # of the forms by rank: those that can replace even rarer ones

Report = Callable[[int, int], None]
"""Called with the bytes read so far, and all."""


@dataclass(frozen=True)
class EncodedText:
    """The sentences of a text as ids of forms.

    Attributes:
        forms: the different words, most frequent first.
        counts: how often each occurs, int64.
        ids: the ids of all tokens in one sequence, int32; a view of a file.
        lengths: the number of tokens of each sentence, int32.
        removed: the sentences that were left out, each as what it was, a tab and its words.
    """

    forms: list[str]
    counts: np.ndarray
    ids: np.ndarray
    lengths: np.ndarray
    removed: list[str]


def encoded_text(
    paths: Sequence[str],
    folder: Path,
    *,
    key: str,
    exclusion: Exclusion,
    max_forms: int,
    max_length: int,
    report: Report = lambda done, total: None,
) -> EncodedText:
    """Return the text of files, from the folder if it was encoded there before with the same key.

    Args:
        paths: the files, compressed or not.
        folder: where the ids are kept.
        key: says of what the ids are: the contents of the files, and everything below.
        exclusion: the sentences to leave out.
        max_forms: rarer forms are replaced by rare ones of the same shape.
        max_length: longer sentences are cut into parts of at most this many tokens.
        report: receives the progress.

    Raises:
        DataError: if a file cannot be read.
        TrainingError: if there is no text in them.
    """
    if (known := _read(folder, key)) is not None:
        return known
    numbers = _Numbers()
    lengths: list[np.ndarray] = [np.zeros(0, np.int32)]
    removed: list[str] = []
    (folder / FORMS_NAME).unlink(missing_ok=True)  # it would be of other ids
    with (folder / IDS_NAME).open("wb") as stream:
        for block in _blocks(paths, exclusion, max_length, report):
            ids = np.fromiter(map(numbers.__getitem__, block.words), np.int32, len(block.words))[block.ids]
            stream.write(ids.tobytes())
            lengths.append(block.lengths)
            removed += block.removed
    if not numbers:
        raise TrainingError(f"{', '.join(paths)}: got no text, expected sentences")
    _renumber(folder, list(numbers), max_forms, np.concatenate(lengths), removed, key)
    found = _read(folder, key)
    assert found is not None
    return found


class _Numbers(dict[str, int]):
    """Forms with their numbers, in the order in which they are asked for."""

    def __missing__(self, form: str) -> int:
        number = self[form] = len(self)
        return number


class _Block(NamedTuple):
    """A part of a text: its different words, its tokens as numbers of these, the lengths of its sentences."""

    words: list[str]
    ids: np.ndarray
    lengths: np.ndarray
    removed: list[str]


def _blocks(paths: Sequence[str], exclusion: Exclusion, max_length: int, report: Report) -> Iterator[_Block]:
    """Yield the parts of the text in order."""
    total, done = sum(map(os.path.getsize, paths)), 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        report(min(done, total), total)

    encode = partial(_encode, exclusion=exclusion, max_length=max_length)
    workers = os.cpu_count() or 1
    with counting_reads(count):
        texts = chain.from_iterable(map(_texts, paths))
        if total < _LARGE or workers == 1:
            yield from map(encode, texts)
            return
        with worker_pool(workers) as pool:
            waiting: deque[Callable[[], _Block]] = deque()
            for text in texts:
                waiting.append(pool.submit(encode, text).result)
                if len(waiting) > 2 * workers:
                    yield waiting.popleft()()
            yield from (result() for result in waiting)


def _texts(path: str) -> Iterator[list[str]]:
    """Yield the passages of a file, some together."""
    with open_text(path) as stream:
        yield from (block for block, _ in blocks_of((passage for _, passage in read_passages(stream)), _BLOCK, len))


def _encode(passages: Sequence[str], *, exclusion: Exclusion, max_length: int) -> _Block:
    sentences = [sentence.words for passage in passages for sentence in segment(passage).sentences if len(sentence)]
    kinds = exclusion.kinds(sentences).tolist()
    removed = [_line(kind, words) for kind, words in zip(kinds, sentences, strict=True) if kind]
    kept = [
        part for kind, words in zip(kinds, sentences, strict=True) if not kind for part in _parts(words, max_length)
    ]
    numbers = _Numbers()
    ids = np.fromiter(map(numbers.__getitem__, chain.from_iterable(kept)), np.int32)
    return _Block(list(numbers), ids, np.fromiter(map(len, kept), np.int32, len(kept)), removed)


def _line(kind: int, words: Iterable[str]) -> str:
    return f"{'exact' if kind == EXACT else 'near'}\t{' '.join(words)}"


def _parts(words: Sequence[str], most: int) -> Iterator[Sequence[str]]:
    return (words[first : first + most] for first in range(0, len(words), most))


def _renumber(
    folder: Path, forms: list[str], max_forms: int, lengths: np.ndarray, removed: list[str], key: str
) -> None:
    """Give the ids in the folder the order of frequency, with the rarest forms replaced, and write the rest."""
    ids = np.memmap(folder / IDS_NAME, np.int32, "r+")
    counts = np.zeros(len(forms), np.int64)
    for part in _slices(len(ids)):
        counts += np.bincount(ids[part], minlength=len(forms))
    order = np.argsort(-counts, kind="stable")
    new = np.empty(len(forms), np.int32)
    new[order] = np.arange(len(forms))
    ranked = [forms[i] for i in order.tolist()]
    stand_ins = _stand_ins(ranked[:max_forms], ranked[max_forms:])
    new = np.concatenate([np.arange(min(max_forms, len(forms)), dtype=np.int32), stand_ins])[new]
    for part in _slices(len(ids)):
        ids[part] = new[ids[part]]
    ids.flush()
    kept = np.bincount(new, counts, minlength=min(max_forms, len(forms))).astype(np.int64)
    tensors = {"counts": kept, "lengths": lengths, "forms": _packed(ranked[:max_forms]), "removed": _packed(removed)}
    with atomic_write(folder / FORMS_NAME) as stream:
        stream.write(safetensors.numpy.save({**tensors, "key": _packed([key])}))


def _slices(size: int) -> Iterator[slice]:
    return (slice(first, first + _RENUMBERED) for first in range(0, size, _RENUMBERED))


def _stand_ins(kept: Sequence[str], dropped: Sequence[str]) -> np.ndarray:
    """Return for each form that is dropped the number of a rare one that is kept, of the same shape if there is one."""
    first = int(_RARE_FROM * len(kept))
    by_shape: dict[str, list[int]] = {}
    for number in range(first, len(kept)) if dropped else ():
        by_shape.setdefault(word_shape(kept[number]), []).append(number)
    every = range(first, len(kept))
    chosen = (by_shape.get(word_shape(form), every) for form in dropped)
    return np.fromiter((numbers[i % len(numbers)] for i, numbers in enumerate(chosen)), np.int32, len(dropped))


def _read(folder: Path, key: str) -> EncodedText | None:
    """Return the text in the folder, None if there is none with this key."""
    path = folder / FORMS_NAME
    try:
        tensors: Mapping[str, np.ndarray] = read_tensors(memoryview(path.read_bytes()))
        if _unpacked(tensors["key"]) != [key]:
            return None
        ids = np.memmap(folder / IDS_NAME, np.int32, "r")
    except (OSError, ValueError, KeyError):
        return None
    if len(ids) != tensors["lengths"].sum():
        return None
    forms, removed = _unpacked(tensors["forms"]), _unpacked(tensors["removed"])
    return EncodedText(forms, tensors["counts"], ids, tensors["lengths"], removed)


def _packed(lines: Sequence[str]) -> np.ndarray:
    return np.frombuffer("\n".join(lines).encode("utf-8", "surrogatepass"), np.uint8)


def _unpacked(array: np.ndarray) -> list[str]:
    return array.tobytes().decode("utf-8", "surrogatepass").split("\n") if len(array) else []
