"""The annotated sentences of a run: read from files, or passed in memory."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from nertagger.config import Config
from nertagger.corpus import annotated_sentences, read_documents, read_rows
from nertagger.corpus.io import Row
from nertagger.corpus.records.documents import with_tags
from nertagger.corpus.source import Segmenter, Source
from nertagger.errors import DataError, TrainingError
from nertagger.printable import counted
from nertagger.text.arguments import check_several, shown
from nertagger.text.document import Document, Sentence
from nertagger.text.in_memory import Annotated, annotated_documents
from nertagger.text.segment import segment
from nertagger.text.tokenization.agreement import Excerpt, choose_profile, excerpts_of
from nertagger.text.tokenization.profiles import Agreement, Profile

logger = logging.getLogger(__name__)

IN_MEMORY = "(sentences in memory)"
"""The value in a configuration of a split that was passed in memory, instead of its files."""
_HELD_OUT = 10  # without a dev split, one of this many training sentences is held out

Split = str | os.PathLike[str] | Iterable[str | os.PathLike[str] | Annotated | Row]
"""A file, several files, or annotated sentences, documents or rows."""
Passed = Mapping[str, Sequence[Document]]
"""The documents of the splits that were passed in memory, by the name of the split."""


def take_splits(config: Config, splits: Mapping[str, Split | None]) -> tuple[Config, Passed]:
    """Return the configuration with these splits in place of its own, and the documents of those in memory.

    Args:
        config: names the files of all other splits.
        splits: by name (train, dev, test); None for those of the configuration.

    Raises:
        DataError: if a split is neither files nor annotated sentences.
    """
    changes: dict[str, list[str]] = {}
    passed: dict[str, list[Document]] = {}
    for name, split in splits.items():
        if split is None:
            continue
        items: list[Any] = [split] if isinstance(split, str | os.PathLike) else _several(split)
        if all(isinstance(item, str | os.PathLike) for item in items):
            changes[f"data.{name}"] = list(map(os.fspath, items))
        else:
            passed[name] = _documents_of(items, name, _segmenter(config))
            changes[f"data.{name}"] = [IN_MEMORY]
    return config.updated(changes), passed


def _documents_of(items: list[Any], name: str, segmenter: Segmenter | None) -> list[Document]:
    """Return the documents of a split in memory, with tags."""
    if all(map(_is_row, items)):
        return read_rows(items, place=name, segment=segmenter)
    source = Source(name, segment=segmenter)
    documents = [
        with_tags(document, number, source) for number, document in enumerate(annotated_documents(items, place=name), 1)
    ]
    source.report()
    return documents


def _is_row(item: Any) -> bool:
    """Return whether an item is a record, or a text with the fields of its record."""
    is_pair = isinstance(item, tuple | list) and len(item) == 2 and isinstance(item[0], str)
    return isinstance(item[1] if is_pair else item, Mapping)


def _segmenter(config: Config) -> Segmenter | None:
    """Return what splits raw text by the tokenizer that the configuration names, if it names one."""
    named = config.text.tokenizer
    return None if named == "auto" else partial(segment, profile=Profile(named))


def read_train_and_dev(config: Config, passed: Passed) -> tuple[list[Sentence], list[Sentence], Agreement]:
    """Return the sentences to train on, those that score the epochs, and how raw text is to be tokenized.

    Args:
        config: the run.
        passed: the documents of splits in memory.

    Raises:
        DataError: for a file that cannot be read.
        TrainingError: if there are no sentences, or too few to hold some out.
    """
    if not config.data.train:
        raise TrainingError("no training data; set data.train, or pass --train FILE (from Python, train=...)")
    excerpts: list[Excerpt] = []
    train = _read("train", config, passed, excerpts=excerpts)
    tokenizer = _tokenizer(config, excerpts)
    if config.data.dev:
        return train, _read("dev", config, passed), tokenizer
    if len(train) < 2 * _HELD_OUT:
        raise TrainingError(
            f"got {counted(len(train), 'training sentence')} and no dev file; pass --dev FILE (from Python, dev=...)"
        )
    logger.warning("no dev file: one training sentence in %d is held out to score the epochs", _HELD_OUT)
    dev = train[_HELD_OUT - 1 :: _HELD_OUT]
    return [sentence for i, sentence in enumerate(train, start=1) if i % _HELD_OUT], dev, tokenizer


def read_test(config: Config, passed: Passed) -> list[Sentence]:
    """Return the sentences to score the final model on, which are used for nothing else.

    Raises:
        DataError, TrainingError: as `read_train_and_dev`.
    """
    return _read("test", config, passed) if config.data.test else []


def read_replay(config: Config) -> list[Sentence]:
    """Return the sentences of an earlier training, some of which are in each epoch.

    Raises:
        DataError, TrainingError: as `read_train_and_dev`.
    """
    return _read("replay", config, {}) if config.encoder.replay else []


def _several(split: Iterable[Any]) -> list[Any]:
    if hasattr(split, "column_names"):  # of Hugging Face, whose tags are numbers
        remedy = 'integrations.datasets.sentences_of(dataset["train"])'
        raise DataError(f"got {shown(split)}, expected a list of sentences or files; make sentences of it: {remedy}")
    check_several(split, "sentences or files", remedy="give a path, a list of paths, or annotated sentences")
    return list(split)


def _tokenizer(config: Config, excerpts: Sequence[Excerpt]) -> Agreement:
    """Return the tokenizer that is named or agrees best; warn if it agrees badly."""
    named = config.text.tokenizer
    tokenizer = choose_profile(excerpts, Profile if named == "auto" else [Profile(named)])
    if not tokenizer.fits:
        remedy = 'or train on characters, text.tokenizer = "character", if the data are annotated text'
        logger.warning("%s: %s; %s", ", ".join(config.data.train), tokenizer.warning, remedy)
    return tokenizer


def _read(name: str, config: Config, passed: Passed, *, excerpts: list[Excerpt] | None = None) -> list[Sentence]:
    """Return the sentences of a split; excerpts of each file are added to a list if there is one."""
    paths: list[str] = config.encoder.replay if name == "replay" else getattr(config.data, name)
    sentences: list[Sentence] = []
    for path in paths:
        documents = _documents(path, name, config, passed)
        annotated = annotated_sentences(documents, path, lenient=config.data.lenient)
        sentences.extend(sentence for sentence in annotated if len(sentence))
        if excerpts is not None:
            excerpts += excerpts_of(documents)
    if not sentences:
        raise TrainingError(f"{', '.join(paths)}: got no sentence, expected annotated text")
    return sentences


def _documents(path: str, name: str, config: Config, passed: Passed) -> Sequence[Document]:
    if path != IN_MEMORY:
        return list(read_documents(path, **config.data.reading, segment=_segmenter(config)))
    if name not in passed:
        problem = f"the sentences of data.{name} were passed in memory and are in no file"
        raise TrainingError(f"{problem}; pass them again from Python, {name}=..., or name a file")
    return passed[name]
