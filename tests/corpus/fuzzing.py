"""Mutated inputs for readers, and the properties of anything that is read from them.

A test gives a reader and a good input: ``fuzz(file_reader(tmp_path / "x.jsonl"), GOOD)``.
"""

from __future__ import annotations

import logging
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from nertagger.corpus import read_documents
from nertagger.corpus.tag_forms import NAMELESS
from nertagger.errors import NerTaggerError
from nertagger.text import Document
from nertagger.text.entities import document_entities
from nertagger.text.schemes import split_tag

Read = Callable[[bytes], Iterable[Document]]
Rewriting = Callable[[str], bytes]


class Mutation(NamedTuple):
    """A changed input: bytes, number of changed places (0: same content in another form), kind of change."""

    data: bytes
    edits: int
    name: str


# The same content in other bytes: nothing may be lost.
REWRITINGS: dict[str, Rewriting] = {
    "CR LF": lambda text: text.replace("\n", "\r\n").encode(),
    "CR": lambda text: text.replace("\n", "\r").encode(),
    "CR CR LF": lambda text: text.replace("\n", "\r\r\n").encode(),
    "CR, then LF": lambda text: text.replace("\n", "\r", text.count("\n") // 2).encode(),
    "byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "no final line end": lambda text: text.rstrip("\n").encode(),
    "blank lines around": lambda text: f"\n\n{text}\n\n\n".encode(),
}
_NASTY = (*"\t\r\n \"',;:-_#|\\{}[]0O\ufeff\u2028\x00\u0085é🙂\u00a0", "-DOCSTART-", "\n\n", '""')


def file_reader(path: Path, **options: object) -> Read:
    """Return a function that reads bytes as a file of this name; options are those of `read_documents`."""

    def read(data: bytes) -> list[Document]:
        path.unlink(missing_ok=True)  # a disk is waited for when a file is overwritten
        path.write_bytes(data)
        return list(read_documents(path, **options))  # type: ignore[arg-type]

    return read


def fuzz(
    read: Read,
    original: bytes,
    *,
    count: int = 2000,
    seed: int = 0,
    entities_per_edit: int = 2,
    rewritings: Iterable[Rewriting] | None = None,
    binary: bool = False,
) -> Counter[str]:
    """Read mutated inputs; each must give sentences without unreported losses, or raise one of the project's errors.

    A mutated input must not lose more entities than its edits may have changed, unless a warning was logged. It must
    not have a label that is not in the input.

    Args:
        read: a reader of bytes; see `file_reader`.
        original: a valid input with several entities; small, as it is read `count` times.
        count: number of mutated inputs.
        seed: of the mutations.
        entities_per_edit: number of entities that a change of a line (of a place, if `binary`) may affect.
        rewritings: other forms of the same content, which must not lose anything; None for `REWRITINGS`.
        binary: whether the input is not text, so that bytes are changed instead of characters and lines.

    Returns:
        Number of inputs that were read completely ("read"), read with warnings ("warned"), and "rejected".
    """
    outcomes: Counter[str] = Counter()
    with _Warnings() as warnings:
        expected = _entities(read(original))
        assert expected, "the original must have entities"
        warnings.expected = warnings.kinds()
        for mutation in _mutations(original, count, seed, rewritings, binary=binary):
            outcomes[_outcome(read, mutation, expected, entities_per_edit * mutation.edits, warnings)] += 1
    return outcomes


def _mutations(
    original: bytes, count: int, seed: int, rewritings: Iterable[Rewriting] | None, *, binary: bool
) -> Iterator[Mutation]:
    rng = random.Random(seed)
    if binary:
        yield from (_changed_bytes(original, rng) for _ in range(count))
        return
    text = original.decode()
    named = REWRITINGS if rewritings is None else {rewrite.__name__: rewrite for rewrite in rewritings}
    written = [Mutation(rewrite(text), 0, name) for name, rewrite in named.items()]
    yield from written
    for _ in range(count - len(written)):
        edits, name, changed = 0, "", text
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            change = rng.choice(_CHANGES)
            changed, number = change(changed, rng)
            edits, name = edits + number, f"{name} {change.__name__}"
        yield Mutation(changed.encode(), edits, name)


def _outcome(
    read: Read, mutation: Mutation, expected: Counter[tuple[str, str]], allowed: int, warnings: _Warnings
) -> str:
    warnings.messages.clear()
    case = f"after {mutation.name}: {mutation.data!r}"
    try:
        documents = list(read(mutation.data))
    except NerTaggerError as error:
        message = str(error)
    else:
        message = None
    if message is not None:
        assert message, case
        assert "\n" not in message, case
        return "rejected"
    for document in documents:
        _check(document, case)
    found = _entities(documents)
    if warnings.kinds() - warnings.expected:
        return "warned"
    lost = expected - found
    assert lost.total() <= allowed, f"lost without a warning {dict(lost)}, {case}"
    known = {label for label, _ in expected} | {NAMELESS}
    invented = {label for label, _ in found if label not in known and label.encode() not in mutation.data}
    assert not invented, f"invented {invented}, {case}"
    return "read"


def _check(document: Document, case: str) -> None:
    """Check that words and entities are at their offsets, and that every word of an annotated sentence has a tag."""
    for sentence in document.sentences:
        assert sentence.words, case
        assert all(document.text[t.start : t.end] == t.text != "" for t in sentence.tokens), case
        if sentence.tags is not None:
            assert len(sentence.tags) == len(sentence.words), case
            assert all(map(split_tag, sentence.tags)), case
    assert all(document.text[e.start : e.end] == e.text != "" for e in document_entities(document)), case


def _entities(documents: Iterable[Document]) -> Counter[tuple[str, str]]:
    return Counter((e.label, e.text) for document in documents for e in document_entities(document))


class _Warnings(logging.Handler):
    """A handler that collects the warnings of nertagger while the block runs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []
        self.expected: set[str] = set()  # logged for the original input too

    def kinds(self) -> set[str]:
        """Return the messages without numbers and places."""
        return {re.sub(r"\d+|, first at .*", "", message) for message in self.messages}

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())

    def __enter__(self) -> _Warnings:
        logging.getLogger("nertagger").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("nertagger").removeHandler(self)


def _changed_bytes(data: bytes, rng: random.Random) -> Mutation:
    """Change one to three bytes, or remove or repeat a piece."""
    first, stop = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    if rng.random() < 0.3:
        return Mutation(data[:first] + data[stop:] * rng.randint(1, 2), stop - first + 1, "a piece left out")
    changed, edits = bytearray(data), rng.randint(1, 3)
    for _ in range(edits):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return Mutation(bytes(changed), edits, "bytes changed")


def _place(text: str, rng: random.Random) -> int:
    return rng.randrange(len(text) + 1)


def _insert(text: str, rng: random.Random) -> tuple[str, int]:
    place = _place(text, rng)
    return text[:place] + rng.choice(_NASTY) + text[place:], 1


def _replace(text: str, rng: random.Random) -> tuple[str, int]:
    place = _place(text, rng)
    return text[:place] + rng.choice(_NASTY) + text[place + 1 :], 2  # may remove a line end, which changes two lines


def _drop(text: str, rng: random.Random) -> tuple[str, int]:
    place = _place(text, rng)
    return text[:place] + text[place + 1 :], 2


def _cut(text: str, rng: random.Random) -> tuple[str, int]:
    first, stop = sorted(_place(text, rng) for _ in range(2))
    return text[:first] + text[stop:], text.count("\n", first, stop) + 2


def _truncate(text: str, rng: random.Random) -> tuple[str, int]:
    place = _place(text, rng)
    return text[:place], text.count("\n", place) + 1


def _on_lines(change: Callable[[list[str], random.Random], int]) -> Callable[[str, random.Random], tuple[str, int]]:
    """Convert a change of a list of lines (returning the number of changed lines) to a change of text."""

    def on_text(text: str, rng: random.Random) -> tuple[str, int]:
        lines = text.split("\n")
        edits = change(lines, rng)
        return "\n".join(lines), edits

    on_text.__name__ = change.__name__
    return on_text


@_on_lines
def _drop_line(lines: list[str], rng: random.Random) -> int:
    del lines[rng.randrange(len(lines))]
    return 1


@_on_lines
def _double_line(lines: list[str], rng: random.Random) -> int:
    place = rng.randrange(len(lines))
    lines.insert(place, lines[place])
    return 1


@_on_lines
def _swap_lines(lines: list[str], rng: random.Random) -> int:
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return 4  # each line leaves one sentence and disturbs another


@_on_lines
def _change_case(lines: list[str], rng: random.Random) -> int:
    place = rng.randrange(len(lines))
    lines[place] = rng.choice((str.upper, str.lower))(lines[place])
    return 1


@_on_lines
def _change_separators(lines: list[str], rng: random.Random) -> int:
    place = rng.randrange(len(lines))
    lines[place] = lines[place].replace(rng.choice("\t ,;:-"), rng.choice("\t ,;:_"))
    return 1


@_on_lines
def _return_inside(lines: list[str], rng: random.Random) -> int:
    place = rng.randrange(len(lines))
    lines[place : place + 2] = ["\r".join(lines[place : place + 2])]
    return 0


_CHANGES: Sequence[Callable[[str, random.Random], tuple[str, int]]] = (
    _insert, _replace, _drop, _cut, _truncate, _drop_line, _double_line, _swap_lines, _change_case, _change_separators,
    _return_inside,
)  # fmt: skip
