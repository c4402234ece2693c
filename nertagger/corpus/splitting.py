"""Stratified splits of annotated text for training and evaluation, without shared sentences and reproducible."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum

import numpy as np

from nertagger.errors import DataError
from nertagger.printable import counted
from nertagger.text.document import Document, Sentence
from nertagger.text.entities import document_entities


class SplitUnit(StrEnum):
    """The unit that is never split between parts."""

    SENTENCE = "sentence"
    DOCUMENT = "document"


def split_documents(
    documents: Sequence[Document], fractions: Sequence[float], *, by: SplitUnit = SplitUnit.SENTENCE, seed: int = 0
) -> list[list[Document]]:
    """Split records into one part per fraction; each part keeps their order.

    Units that share a sentence (the same words, ignoring case) are put into the same part. Each part gets its fraction
    of the entities of every label and of the sentences, as closely as these groups allow (see `stratify`; the splitters
    of scikit-learn support only a single label per unit).

    Args:
        documents: records as they were read: sentences from tables, texts from JSON lines.
        fractions: size of each part; they add up to 1.
        by: whether a unit is a record, or all records from one that ``opens`` a document to the next one.
        seed: decides between parts that need a group equally.

    Raises:
        DataError: if there are fewer groups than parts.
    """
    units = [[number] for number in range(len(documents))] if by is SplitUnit.SENTENCE else _opened(documents)
    groups = _groups_without_shared_sentences(documents, units)
    if len(groups) < len(fractions):
        raise DataError(
            got=f"{counted(len(groups), by)} without a sentence in common",
            expected=f"at least {len(fractions)}, one per part",
            remedy="ask for fewer parts or give more text",
        )
    part_of_group = stratify(_contents(documents, groups), fractions, seed=seed)
    parts: list[list[int]] = [[] for _ in fractions]
    for group, part in zip(groups, part_of_group.tolist(), strict=True):
        parts[part].extend(group)
    return [[documents[number] for number in sorted(part)] for part in parts]


def split_into_folds(
    documents: Sequence[Document], number: int, *, by: SplitUnit = SplitUnit.SENTENCE, seed: int = 0
) -> list[tuple[list[Document], list[Document]]]:
    """Return, for each of `number` folds, the records outside and inside the fold; see `split_documents`."""
    parts = split_documents(documents, [1 / number] * number, by=by, seed=seed)
    fold_of = {id(document): fold for fold, part in enumerate(parts) for document in part}
    rest = [[document for document in documents if fold_of[id(document)] != fold] for fold in range(number)]
    return list(zip(rest, parts, strict=True))


def stratify(contents: np.ndarray, fractions: Sequence[float], *, seed: int) -> np.ndarray:
    """Assign groups to parts so that each column of `contents` is divided in proportion to the fractions.

    Greedy, largest group first: each group goes to the part that minimises the chi-square distance between what the
    parts hold and their fractions of everything assigned so far.

    Args:
        contents: amount of each of N kinds in each group, shape (G, N).
        fractions: size of each part, shape (P,), positive; they add up to 1.
        seed: breaks ties.

    Returns:
        Index of the part of each group, shape (G,).
    """
    rng = np.random.default_rng(seed)
    amounts = contents / np.maximum(contents.sum(axis=0), 1)
    order = rng.permutation(len(amounts))
    order = order[np.argsort(-np.square(amounts[order]).sum(axis=1), kind="stable")]
    parts = np.zeros(len(amounts), dtype=np.intp)
    f = np.asarray(fractions)
    missing = np.zeros((len(f), amounts.shape[1]))  # (P, N), a part's fraction of all assigned, minus what it holds
    for group, noise in zip(order, rng.random((len(amounts), len(f))), strict=True):
        amount = amounts[group]
        missing += np.outer(f, amount)
        # ||missing - amount||^2 - ||missing||^2, divided by the part's fraction; the noise only breaks ties
        parts[group] = np.argmin((amount @ amount - 2 * missing @ amount) / f + 1e-15 * noise)
        missing[parts[group]] -= amount
    return parts


def sentence_key(sentence: Sentence) -> str:
    """Return a string that is equal for duplicate sentences: the words, ignoring case."""
    return "\0".join(sentence.words).lower()


def _opened(documents: Sequence[Document]) -> list[list[int]]:
    """Group the indices of records, each group from a record that opens a document to the next one."""
    units: list[list[int]] = []
    for number, document in enumerate(documents):
        if document.opens or not units:
            units.append([])
        units[-1].append(number)
    return units


def _groups_without_shared_sentences(documents: Sequence[Document], units: Iterable[list[int]]) -> list[list[int]]:
    """Join the units that have a sentence in common; in the order of their first records."""
    owner: dict[str, int] = {}  # the group of each sentence
    groups: dict[int, list[int]] = {}
    for number, unit in enumerate(units):
        keys = {sentence_key(sentence) for record in unit for sentence in documents[record].sentences}
        joined = sorted({owner[key] for key in keys if key in owner})
        home = joined[0] if joined else number
        for other in joined[1:]:
            moved = groups.pop(other)
            groups[home].extend(moved)
            owner.update((sentence_key(s), home) for record in moved for s in documents[record].sentences)
        groups.setdefault(home, []).extend(unit)
        owner.update(dict.fromkeys(keys, home))
    return list(groups.values())


def _contents(documents: Sequence[Document], groups: Sequence[Sequence[int]]) -> np.ndarray:
    """Return the number of entities of each label and, last, of sentences in each group, shape (G, L + 1)."""
    labels: defaultdict[str, int] = defaultdict(lambda: len(labels))
    rows = [
        Counter(labels[e.label] for number in group for e in document_entities(documents[number])) for group in groups
    ]
    table = np.zeros((len(groups), len(labels) + 1))
    for row, counts in zip(table, rows, strict=True):
        row[list(counts)] = list(counts.values())
    table[:, -1] = [max(sum(len(documents[number].sentences) for number in group), 1) for group in groups]
    return table
