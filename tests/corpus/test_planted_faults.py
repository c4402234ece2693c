"""An invented corpus with thirty planted faults, each of which must be found at its place and by its kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nertagger.corpus.checks import Finding, check_files

Lines = dict[str, list[str]]
SPLITS = {"train": 400, "dev": 120, "test": 120}
LABELS = ("person", "location", "group", "product", "corporation", "creative-work")


def sentence(*rows: str) -> str:
    return "".join(f"{row}\n" for row in rows) + "\n"


def sound(split: str, count: int) -> str:
    """Return distinct sentences without faults, each with three of the labels in turn."""
    sentences = []
    for number in range(count):
        one, two, three = (LABELS[(number + n) % len(LABELS)] for n in range(3))
        name = f"{split.capitalize()}{number}"
        rows = [f"{name}\tB-{one}", "of\tO", f"{name}x\tB-{two}", f"Y{name}\tI-{two}", "and\tO", f"Z{name}\tB-{three}"]
        sentences.append(sentence(*rows, "came\tO", ".\tO"))
    return "".join(sentences)


def insert(split: str, text: str, place: float = 0.5) -> Callable[[Lines], None]:
    """Insert a sentence (or other lines) after a sentence of a split."""

    def plant(lines: Lines) -> None:
        rows = lines[split]
        blank = next(n for n in range(int(place * len(rows)), len(rows)) if not rows[n].strip())
        rows[blank + 1 : blank + 1] = text.splitlines(keepends=True)

    return plant


def change(split: str, old: str, new: str) -> Callable[[Lines], None]:
    """Replace text in a whole file."""

    def plant(lines: Lines) -> None:
        text = "".join(lines[split])
        assert old in text
        lines[split] = text.replace(old, new).splitlines(keepends=True)

    return plant


def copy_from(source: str, target: str, marker: str) -> Callable[[Lines], None]:
    """Insert a sentence of 12 new words into both splits."""
    text = sentence(*(f"{marker}{n}\tO" for n in range(12)))

    def plant(lines: Lines) -> None:
        insert(source, text)(lines)
        insert(target, text)(lines)

    return plant


# Name, split, code of the finding, content of the line, and function that plants the fault.
FAULTS: tuple[tuple[str, str, str, str, Callable[[Lines], None]], ...] = (
    ("a row without its tag", "train", "ragged-row", "zaa", insert("train", sentence("zaa", "x\tO"))),
    ("a row with a surplus column", "dev", "ragged-row", "zab", insert("dev", sentence("zab\tNN\tO", "x\tO"))),
    ("a tag in lower case", "train", "unknown-tag", "zac", insert("train", sentence("zac\tb-person"), 0.1)),
    ("a label without prefix", "dev", "unknown-tag", "zad", insert("dev", sentence("zad\tperson"), 0.1)),
    ("a prefix and label joined by an underscore", "test", "unknown-tag", "zae",
     insert("test", sentence("zae\tB_person"))),
    ("a blank token", "train", "blank-token", "\tO\n", insert("train", sentence("zaf\tO", "\tO"), 0.6)),
    ("a misspelt label", "train", "label-typo", "zag", insert("train", sentence("zag\tB-preson"))),
    ("a label in another case", "dev", "label-typo", "zah", insert("dev", sentence("zah\tB-Person"))),
    ("an inner tag after none", "train", "illegal-tag", "zai", insert("train", sentence("zai\tI-person"), 0.2)),
    ("an inner tag after another label", "dev", "illegal-tag", "zaj",
     insert("dev", sentence("x\tB-group", "zaj\tI-person"))),
    ("a tag of another scheme", "test", "illegal-tag", "zak", insert("test", sentence("zak\tS-person"))),
    ("a control character", "train", "control-character", "za\x07l", insert("train", sentence("za\x07l\tO"))),
    ("a zero-width space", "train", "zero-width", "za\u200bm", insert("train", sentence("za\u200bm\tO"))),
    ("a decomposed accent", "train", "unnormalised", "zane\u0301", insert("train", sentence("zane\u0301\tO"))),
    ("a no-break space in a word", "train", "odd-space", "za\u00a0o", insert("train", sentence("za\u00a0o\tO"))),
    ("a space at a word's edge", "train", "space-at-edge", "zap ", insert("train", sentence("zap \tO"))),
    ("a lost character", "train", "replacement-character", "za\ufffdq", insert("train", sentence("za\ufffdq\tO"))),
    ("UTF-8 read as cp1252", "train", "mojibake", "zar\u00c3\u00a9", insert("train", sentence("zar\u00c3\u00a9\tO"))),
    ("-DOCSTART- in two forms", "dev", "docstart-variants", "-DOCSTART- -X- O O\n",
     insert("dev", "-DOCSTART-\tO\n\n-DOCSTART-\tO\n\n-DOCSTART- -X- O O\n\n")),
    ("-docstart- that is a token", "test", "docstart-misspelt", "-docstart-",
     insert("test", sentence("-docstart-\tO"))),
    ("a space at a row's end", "train", "trailing-space", "zas", insert("train", sentence("zas\tO\t"))),
    ("spaces for tabs", "dev", "mixed-separators", "zat", insert("dev", sentence("zat O"))),
    ("CR LF", "test", "mixed-line-ends", "zau", insert("test", "zau\tO\r\n\n")),
    ("a byte order mark", "test", "byte-order-mark", "\ufeff", lambda lines: lines["test"].insert(0, "\ufeff\n")),
    ("no final line end", "dev", "no-final-line-end", "zav", lambda lines: lines["dev"].append("zav\tO")),
    ("the same sentence with other tags", "train", "contradiction", "zaw\tO",
     insert("train", sentence("zaw\tB-person", "b\tO") + sentence("zaw\tO", "b\tO"))),
    ("a training sentence in the test file", "test", "shared-sentence", "zax0", copy_from("train", "test", "zax")),
    ("a sentence of 300 tokens", "train", "long-sentence", "zay0\t",
     insert("train", sentence(*(f"zay{n}\tO" for n in range(300))))),
    ("a label that training lacks", "test", "label-not-in-train", "zaz", insert("test", sentence("zaz\tB-event"))),
    ("an entity of 20 tokens", "dev", "long-entity", "zba0\t",
     insert("dev", sentence(*(f"zba{n}\t{'I' if n else 'B'}-product" for n in range(20))))),
    ("a rare label", "train", "rare-label", "zbb", insert("train", sentence("zbb\tB-vehicle"))),
    ("an entity of punctuation", "train", "punctuation-entity", "...\tB-group",
     insert("train", sentence("zbc\tO", "...\tB-group"))),
    ("an escape of HTML", "dev", "html-entity", "zbd&amp;", insert("dev", sentence("zbd&amp;\tO"))),
    ("a word of 200 characters", "train", "long-word", "zbe", insert("train", sentence(f"zbe{'e' * 200}\tO"))),
)  # fmt: skip


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lines, list[Finding]]:
    """The lines of the corrupted files, and the findings in them."""
    lines = {split: sound(split, count).splitlines(keepends=True) for split, count in SPLITS.items()}
    for *_, plant in FAULTS:
        plant(lines)
    folder = tmp_path_factory.mktemp("planted")
    for split, rows in lines.items():
        lines[split] = "".join(rows).replace("\ufeff\n", "\ufeff").split("\n")
        (folder / f"{split}.conll").write_bytes("\n".join(lines[split]).encode())
    return lines, list(check_files([(str(folder / f"{split}.conll"), split) for split in SPLITS]))


def test_clean_files_have_no_errors_or_warnings(tmp_path: Path) -> None:
    for split, count in SPLITS.items():
        (tmp_path / f"{split}.conll").write_text(sound(split, count), encoding="utf-8")
    found = list(check_files([(str(tmp_path / f"{split}.conll"), split) for split in SPLITS]))
    assert [finding for finding in found if finding.kind.severity != "note"] == []


def test_at_least_thirty_faults_are_planted() -> None:
    assert len({name for name, *_ in FAULTS}) >= 25


@pytest.mark.parametrize(("split", "code", "holds"), [fault[1:4] for fault in FAULTS], ids=[f[0] for f in FAULTS])
def test_planted_fault_is_found(planted: tuple[Lines, list[Finding]], split: str, code: str, holds: str) -> None:
    lines, findings = planted
    [finding] = [f for f in findings if f.kind.code == code and f.file.endswith(f"{split}.conll")]
    found = [f"{lines[split][line - 1]}\n" for line, _ in finding.places]
    assert any(holds in line for line in found), finding
    assert finding.count >= 1
    assert finding.kind.remedy


def test_severities_of_planted_faults(planted: tuple[Lines, list[Finding]]) -> None:
    errors = {finding.kind.code for finding in planted[1] if finding.kind.severity == "error"}
    assert errors == {"ragged-row", "missing-tag", "unknown-tag", "illegal-tag"}
