"""Tests every pair of formats on every real corpus: read, written as A, read, written as B, read, and compared.

    python benchmarks/round_trips.py --rows ROWS.jsonl [--only wnut17 gmb/dev]

The comparison is by the characters that are not white space, which no format may change: entities with their labels
always; words, sentences, records, the white space between words and the beginnings of documents unless a format has
reported their loss. A thing may differ in no more records than the losses of both formats count. Where two formats give
the same documents, the next format is applied once. ROWS.jsonl gets one row per pair and file, and files that it has
are not read again. The summary is written to benchmarks/results/round_trips.md. The exit status is 1 if anything
differs without being reported.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from corpora import DATA

from nertagger.corpus import FORMATS, read_documents
from nertagger.corpus.conversion import convert
from nertagger.text.document import Document
from nertagger.text.entities import document_entities

SUMMARY = Path(__file__).parent / "results" / "round_trips.md"
SUFFIXES = (".conll", ".iob2", ".tsv", ".conll.gz", ".csv.gz")
NAMES = [name for name, entry in FORMATS.items() if entry.readable and entry.writable and name != "text"]  # no entities
SPACES, WORDS, SENTENCES, RECORDS, OPENINGS = "spaces", "words", "sentences", "records", "openings"
LETTERS = {SPACES: "s", WORDS: "w", SENTENCES: "e", RECORDS: "r", OPENINGS: "o"}
EXCUSES = {
    "texts whose words are not separated by single spaces": (SPACES,),
    "texts of several sentences or lines kept as one": (RECORDS, SPACES),
    "texts whose words or sentences differ from the tokenizer's": (WORDS, SENTENCES),
    "sentence boundaries inside a text": (SENTENCES,),
    "texts appended to others as parts of one text": (RECORDS, SPACES, SENTENCES),
    "beginnings of documents": (OPENINGS,),
    "words with a tab or line end inside": (SPACES, WORDS),
    "texts without annotation, as opposed to without entities": (),
    "confidences": (),
}
"""What may differ for each loss that `convert` counts."""


@dataclass(frozen=True)
class Content:
    """The content of documents; places are counted in characters that are not white space.

    Attributes:
        characters: all of those, in order.
        entities: label, first place, place after the last.
        begins: the place where each record begins.
        things: per kind, a set of (place, value).
    """

    characters: str
    entities: list[tuple[str, int, int]]
    begins: list[int]
    things: dict[str, set[tuple[int, str]]]


@dataclass(frozen=True)
class Step:
    """The outcome of writing documents in a format and reading them; a document may be several records of the corpus.

    Attributes:
        losses: the number of documents of each kind of loss, as the writer counts.
        records: the greatest number of records of the corpus in a document.
        after: the content of the documents read.
    """

    losses: dict[str, int]
    records: int
    after: Content

    def allowed(self) -> Counter[str]:
        """Return in how many records each kind of thing may differ."""
        total: Counter[str] = Counter()
        for loss, number in self.losses.items():
            total.update(dict.fromkeys(EXCUSES[loss], number * self.records))
        return total


@dataclass(frozen=True)
class Pair:
    """A file through two formats: entities kept, records in which things differ, losses reported, and faults."""

    first: str
    second: str
    sentences: int
    kept: int
    entities: int
    differ: dict[str, int]
    losses: dict[str, int]
    faults: tuple[str, ...]


def content(documents: Iterable[Document]) -> Content:
    """Return the content of documents."""
    found = Content("", [], [], {kind: set() for kind in LETTERS})
    pieces: list[str] = []
    done = 0
    for document in documents:
        places = list(accumulate((not c.isspace() for c in document.text), initial=done))
        _add(found, document, places)
        pieces += document.text.split()
        done = places[-1]
    return replace(found, characters="".join(pieces))


def _add(found: Content, document: Document, places: Sequence[int]) -> None:
    """Add the content of a document; `places` are those of the characters of its text, and of its end."""
    begin, things = places[0], found.things
    found.begins.append(begin)
    found.entities.extend((e.label, places[e.start], places[e.end]) for e in document_entities(document))
    things[RECORDS].add((begin, ""))
    things[SPACES].update((places[i], c) for i, c in enumerate(document.text) if c.isspace())
    for sentence in document.sentences:
        things[SENTENCES].update((places[start], "") for start in sentence.starts[:1])
        things[WORDS].update((places[token.start], str(places[token.end])) for token in sentence.tokens)
    if document.opens and begin:  # a document begins at the beginning, whether or not it is said
        things[OPENINGS].add((begin, ""))


def differences(before: Content, after: Content) -> dict[str, int]:
    """Return in how many records of `before` each kind of thing differs."""
    return {
        kind: len({bisect_right(before.begins, place) for place, _ in things ^ after.things[kind]})
        for kind, things in before.things.items()
    }


def all_pairs(path: Path, folder: Path) -> Iterator[Pair]:
    """Yield the outcome of each ordered pair of formats on a file, whose few ragged rows are repaired."""
    documents = [replace(d, source=str(folder / "x")) for d in read_documents(path, lenient=True)]
    before, known = content(documents), {}
    for first in NAMES:
        losses, once = passed_through(documents, first, folder)
        start, key = Step(losses, 1, content([])), digest(once)
        for second in NAMES:
            if (key, second) not in known:
                told, twice = passed_through(once, second, folder)
                known[key, second] = Step(told, max(1, len(documents) // len(once)), content(twice))
            yield compared(first, second, before, start, known[key, second])


def compared(first: str, second: str, before: Content, start: Step, end: Step) -> Pair:
    """Compare the content after both formats with that before; faults are differences that neither format reported."""
    after, differ, allowed = end.after, differences(before, end.after), start.allowed() + end.allowed()
    kept = (Counter(before.entities) & Counter(after.entities)).total()
    entities = max(len(before.entities), len(after.entities))
    faults = [f"{n} records differ in {kind}, {allowed[kind]} told" for kind, n in differ.items() if n > allowed[kind]]
    faults += [f"{entities - kept} entities gone or new"] if kept < entities else []
    faults += ["the characters differ"] if before.characters != after.characters else []
    losses = dict(Counter(start.losses) + Counter(end.losses))
    return Pair(first, second, len(after.things[SENTENCES]), kept, entities, differ, losses, tuple(faults))


def passed_through(documents: list[Document], name: str, folder: Path) -> tuple[dict[str, int], list[Document]]:
    """Write documents in a format and read them; return the losses reported and the documents read."""
    path = folder / ("x.ann" if name == "brat" else "x")
    losses = convert(documents, path, format=name)
    return losses, list(read_documents(path, format=name))


def digest(documents: Iterable[Document]) -> str:
    """Return a hash of everything in the documents that a writer sees."""
    total = hashlib.sha256()
    for d in documents:
        sentences = [(sentence.words, sentence.starts, sentence.tags) for sentence in d.sentences]
        total.update(repr((d.text, sentences, d.entities, d.source, d.offset, d.opens)).encode())
    return total.hexdigest()


def corpus_files(only: Sequence[str]) -> list[Path]:
    """Return the annotated files below `DATA`, small ones first, whose path has a part in `only` if any is given."""
    found = [path for path in DATA.rglob("*") if path.name.endswith(SUFFIXES)]
    return sorted(
        (p for p in found if not only or any(part in str(p) for part in only)), key=lambda p: p.stat().st_size
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[], metavar="PART", help="of the paths of the files to read")
    parser.add_argument("--rows", type=Path, required=True, help="JSON lines that keep the outcome of each pair")
    options = parser.parse_args()
    logging.disable(logging.WARNING)  # the losses, which are counted here
    known = {row["file"] for row in rows_of(options.rows)}
    for path in corpus_files(options.only):
        name = str(path.relative_to(DATA))
        if name in known:
            continue
        with TemporaryDirectory() as folder, options.rows.open("a", encoding="utf-8") as stream:
            pairs = list(all_pairs(path, Path(folder)))
            stream.writelines(json.dumps({"file": name, **asdict(pair)}) + "\n" for pair in pairs)
        faults = [f"  {pair.first} to {pair.second}: {fault}" for pair in pairs for fault in pair.faults]
        print(name, *faults, sep="\n", flush=True)
    rows = rows_of(options.rows)
    SUMMARY.write_text("\n".join(summary(rows)) + "\n", encoding="utf-8")
    sys.exit(any(row["faults"] for row in rows))


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Return the rows so far."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def summary(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of the summary, by file and by pair of formats."""
    files = sorted({row["file"] for row in rows})
    yield f"# {len(NAMES) ** 2} pairs of formats on {len(files)} files\n"
    yield "By `benchmarks/round_trips.py`, which says what is compared. Losses are what formats count and report.\n"
    yield "| file | sentences | entities | kept by each pair | pairs without loss | pairs with losses | faults |"
    yield "|---|---|---|---|---|---|---|"
    for file in files:
        mine = [row for row in rows if row["file"] == file]
        whole = next(row for row in mine if row["first"] == row["second"] == "parquet")  # which holds everything
        exact = sum(not any(row["differ"].values()) for row in mine)
        kept, faults = min(row["kept"] for row in mine), sum(len(row["faults"]) for row in mine)
        counts = (whole["sentences"], whole["entities"], kept, exact, len(mine) - exact, faults)
        yield " | ".join([f"| {file}", *(f"{count:,}" for count in counts)]) + " |"
    yield "\nWhat differs after each pair, in any file, all of it reported: s spaces between words, w words, e sentence"
    yield "ends, r records, o openings of documents; = nothing. Written first: the rows; then: the columns.\n"
    yield " | ".join(["| ", *NAMES]) + " |"
    yield "|---" * (len(NAMES) + 1) + "|"
    for first in NAMES:
        cells = [_letters(row["differ"] for row in rows if (row["first"], row["second"]) == (first, n)) for n in NAMES]
        yield " | ".join([f"| {first}", *cells]) + " |"


def _letters(differ: Iterable[dict[str, int]]) -> str:
    found = {kind for one in differ for kind, number in one.items() if number}
    return "".join(letter for kind, letter in LETTERS.items() if kind in found) or "="


if __name__ == "__main__":
    main()
