"""Annotated text in parts for training and judging: like in labels, sharing no sentence, the same for the same seed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum

import numpy as np

from nertagger.errors import DataError
from nertagger.text.document import Document, Sentence
from nertagger.text.entities import document_entities


class Unit(StrEnum):
    """What stays together."""

    SENTENCE = "sentence"
    DOCUMENT = "document"


def split(
    documents: Sequence[Document], fractions: Sequence[float], *, by: Unit = Unit.SENTENCE, seed: int = 0
) -> list[list[Document]]:
    """The records in as many parts as there are fractions, each in their first order.

    Units that share a sentence (its words, upper and lower case alike) come into the same part. Each part gets its
    fraction of the entities of every label and of the sentences, as nearly as the groups allow (see `stratify`;
    scikit-learn's splitters know a single label of a unit).

    Args:
        documents: records as read: a sentence each from tables, a text each from JSON lines.
        fractions: of each part; they add up to 1.
        by: a record, or all from one that ``opens`` a document to the next one.
        seed: decides between parts that need a group as much.

    Raises:
        DataError: if there are fewer groups than parts.
    """
    units = [[number] for number in range(len(documents))] if by is Unit.SENTENCE else _opened(documents)
    groups = _groups_without_shared_sentences(documents, units)
    if len(groups) < len(fractions):
        got = f"got {len(groups)} {by}s without a sentence in common"
        raise DataError(f"{got}, expected at least {len(fractions)}, one a part; ask for fewer parts or give more text")
    part_of_group = stratify(_contents(documents, groups), fractions, seed=seed)
    parts: list[list[int]] = [[] for _ in fractions]
    for group, part in zip(groups, part_of_group.tolist(), strict=True):
        parts[part].extend(group)
    return [[documents[number] for number in sorted(part)] for part in parts]


def folds(
    documents: Sequence[Document], number: int, *, by: Unit = Unit.SENTENCE, seed: int = 0
) -> list[tuple[list[Document], list[Document]]]:
    """For each of `number` folds, the other folds together and the fold itself; see `split`."""
    parts = split(documents, [1 / number] * number, by=by, seed=seed)
    fold_of = {id(document): fold for fold, part in enumerate(parts) for document in part}
    rest = [[document for document in documents if fold_of[id(document)] != fold] for fold in range(number)]
    return list(zip(rest, parts, strict=True))


def stratify(contents: np.ndarray, fractions: Sequence[float], *, seed: int) -> np.ndarray:
    """The part of each group, (G,), so that every column of `contents` is parted as the fractions say.

    The largest groups come first, each to the part where it leaves the least chi-square distance between what the parts
    hold and their fractions of all that was given out so far.

    Args:
        contents: how much of each kind a group holds, (G, N).
        fractions: (P,), of each part, above 0; they add up to 1.
        seed: decides draws.
    """
    dice = np.random.default_rng(seed)
    shares = contents / np.maximum(contents.sum(axis=0), 1)
    order = dice.permutation(len(shares))
    order = order[np.argsort(-np.square(shares[order]).sum(axis=1), kind="stable")]
    parts = np.zeros(len(shares), dtype=np.intp)
    f = np.asarray(fractions)
    missing = np.zeros((len(f), shares.shape[1]))  # (P, N), a part's fraction of what was given out, less what it holds
    for group, draw in zip(order, dice.random((len(shares), len(f))), strict=True):
        share = shares[group]
        missing += np.outer(f, share)
        # ||missing - share||^2 - ||missing||^2, over the part's fraction; the draw does no more than break ties
        parts[group] = np.argmin((share @ share - 2 * missing @ share) / f + 1e-15 * draw)
        missing[parts[group]] -= share
    return parts


def sentence_key(sentence: Sentence) -> str:
    """What two sentences have in common that are duplicates of each other."""
    return "\0".join(sentence.words).lower()


def _opened(documents: Sequence[Document]) -> list[list[int]]:
    """The records from one that opens a document to the next one, as their numbers."""
    units: list[list[int]] = []
    for number, document in enumerate(documents):
        if document.opens or not units:
            units.append([])
        units[-1].append(number)
    return units


def _groups_without_shared_sentences(documents: Sequence[Document], units: Iterable[list[int]]) -> list[list[int]]:
    """The units, joined where they have a sentence in common, in the order of their first records."""
    owner: dict[str, int] = {}  # of each sentence, the group that has it
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
    """The entities of each label and, last, the sentences of each group, (G, L + 1)."""
    labels: defaultdict[str, int] = defaultdict(lambda: len(labels))
    rows = [
        Counter(labels[e.label] for number in group for e in document_entities(documents[number])) for group in groups
    ]
    table = np.zeros((len(groups), len(labels) + 1))
    for row, counts in zip(table, rows, strict=True):
        row[list(counts)] = list(counts.values())
    table[:, -1] = [max(sum(len(documents[number].sentences) for number in group), 1) for group in groups]
    return table
