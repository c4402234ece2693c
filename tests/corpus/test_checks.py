"""Findings one by one, and in the real corpora as published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nertagger.corpus.checks import Findings, check_files
from nertagger.corpus.checks.tags import one_edit_apart, scheme_evidence
from nertagger.text import TagScheme

Check = Callable[..., dict[str, tuple[str, int, int]]]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Return the findings in files with these texts: severity, line and count by code."""
    monkeypatch.chdir(tmp_path)

    def check(*texts: str | bytes, suffix: str = ".conll", splits: tuple[str, ...] = (), **options):
        names = [f"{split}{suffix}" for split in splits] or [f"f{n}{suffix}" for n in range(len(texts))]
        for name, text in zip(names, texts, strict=True):
            Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
        files = list(zip(names, splits or [""] * len(names), strict=True))
        found = check_files(files, **options)
        return {f.kind.code: (f.kind.severity.value, f.line, f.count) for f in found}

    return check


GOOD = "Ann\tB-PER\nran\tO\n\n" + "".join(f"Bo{n}\tB-PER\n\n" for n in range(5))


def test_clean_text_has_notes_only(check: Check) -> None:
    assert {severity for severity, _, _ in check(GOOD).values()} == {"note"}


@pytest.mark.parametrize(("text", "code", "expected"), [
    ("", "empty", ("error", 1, 1)),
    ("-DOCSTART- O\n\n", "empty", ("error", 1, 1)),
    ("a\tO\n\nb\tO\n", "no-entity", ("warning", 1, 1)),
    ("Ann\nran\n\nBo\n", "unannotated", ("error", 1, 2)),
    (b"Ann\tB-PER\n\xff\tO\n", "unreadable", ("error", 2, 1)),
    (GOOD + "x\n\ny\n\n", "ragged-row", ("error", 14, 2)),
    (GOOD + "x\tI-PER\ny\tO\nz\tI-PER\n", "illegal-tag", ("error", 14, 2)),
    (GOOD.replace("\n", "\r\n") + "x\tO\n", "mixed-line-ends", ("warning", 14, 1)),
    (GOOD + "x\ry\tO\n", "carriage-return", ("warning", 14, 1)),
    (GOOD + "-DOCSTART-\tO\nx\tO\n", "docstart-in-sentence", ("warning", 14, 1)),
    (GOOD + "\t\nx\tO\n", "blank-separator", ("note", 14, 1)),
    (GOOD + "a b\tO\n", "space-inside", ("note", 14, 1)),
    (GOOD + "Ann\tB-PER\nran\tO\n\n", "repeated", ("note", 14, 1)),
])  # fmt: skip
def test_findings_of_one_file(check: Check, text: str | bytes, code: str, expected: tuple[str, int, int]) -> None:
    assert check(text)[code] == expected


def test_joiners_in_emoji_are_accepted(check: Check) -> None:
    assert {severity for severity, _, _ in check(GOOD + "\U0001f469\u200d\U0001f4bb\tO\n").values()} == {"note"}


@pytest.mark.parametrize(("text", "code"), [
    ('{"text": "anti-Obama", "label": [[5, 10, "PER"]]}\n', "off-token"),
    ('{"text": "Go. Come.", "label": [[0, 9, "PER"]]}\n', "across-sentences"),
    ('{"text": "a b", "label": [[0, 2, "PER"]]}\n', "edge-space"),
    ('{"text": "a b", "label": [[0, 3, "PER"], [2, 3, "X"]]}\n', "overlap"),
    ('{"text": "a b", "label": [[0, 9, "PER"]]}\n', "faulty-row"),
    ('{"text": "a b", "answer": "reject"}\n', "changed"),
])  # fmt: skip
def test_findings_of_spans(check: Check, text: str, code: str) -> None:
    found = check('{"text": "Ann", "label": [[0, 3, "PER"]]}\n' + text, suffix=".jsonl")
    assert found[code][1:] == (2, 1)


def test_findings_of_splits(check: Check) -> None:
    train = "".join(f"w{n}\tB-PER\nb\tO\nc\tO\nd\tO\ne\tO\n\n" for n in range(20)) + "x\tB-LOC\n\n"
    test = "w1\tB-PER\nb\tO\nc\tO\nd\tO\ne\tO\n\nnew\tS-ORG\nx\tB-PER\ny\tE-PER\n"
    found = check(train, test, splits=("train", "test"))
    assert found["leak"] == ("error", 1, 1)
    assert found["shared-sentence"] == ("warning", 1, 1)
    assert found["label-not-in-train"] == ("warning", 7, 1)
    assert found["label-only-in-train"] == ("warning", 1, 1)
    assert found["scheme-differs"] == ("warning", 1, 1)
    assert found["vocabulary"] == ("note", 1, 1)


def test_label_shift(check: Check) -> None:
    train = "a\tB-PER\nb\tB-LOC\n\n" * 50
    test = "c\tB-PER\nd\tB-LOC\n\n" * 5 + "c\tB-PER\n\n" * 60
    assert check(train, test, splits=("train", "dev"))["label-shift"][2] == 1


@pytest.mark.parametrize(
    ("known", "code"), [("Ann ran Bo0", "vector-coverage-low"), ("Ann ran Bo0 Bo1 Bo2 Bo3 Bo4", "vector-coverage")]
)
def test_vectors(check: Check, known: str, code: str) -> None:
    assert code in check(GOOD, has_vector=lambda words: [word in known.split() for word in words])


def test_details_state_the_fraction_of_unknown_words(tmp_path: Path) -> None:
    for name, text in (("a", GOOD), ("b", "Ann\tB-PER\nZoe\tI-PER\nwalked\tO\nran\tO\n")):
        (tmp_path / f"{name}.conll").write_text(text)
    files = [(str(tmp_path / "a.conll"), "train"), (str(tmp_path / "b.conll"), "test")]
    details = {f.kind.code: f.places[0][1] for f in check_files(files) if f.file.endswith("b.conll")}
    assert details["vocabulary"] == "2 of 4 (50.0 %) tokens, inside entities 1 of 2 (50.0 %)"
    assert details["scheme"].startswith(
        "IOB2: 1 B-, 1 I-; tags that would be illegal: IOB2 0, IOB1 1, BIOES 1, BILOU 1"
    )
    assert details["entity-lengths"] == "2: 100.0 %; longest 2, of 1 entity"


def test_ten_places_are_kept_and_all_faults_counted() -> None:
    from nertagger.corpus.checks.reading import EMPTY

    findings = Findings()
    for line in range(1, 30):
        findings.add(EMPTY, "x", line)
    [finding] = findings
    assert (finding.count, len(finding.places), finding.line) == (29, 10, 1)
    assert finding.to_dict()["places"][9] == {"line": 10, "detail": ""}


@pytest.mark.parametrize(("one", "other", "near"), [
    ("PER", "PRE", True), ("PER", "PERS", True), ("PER", "PE", True), ("PER", "PEX", True), ("PER", "XER", True),
    ("PER", "PER", False), ("PER", "REP", False), ("PER", "LOC", False), ("PER", "PERSO", False), ("geo", "gpe", False),
])  # fmt: skip
def test_one_edit_apart(one: str, other: str, near: bool) -> None:
    assert one_edit_apart(one, other) is near
    assert one_edit_apart(other, one) is near


def test_scheme_evidence_counts_the_tags_that_would_change() -> None:
    evidence = scheme_evidence([["B-PER", "I-PER", "O", "B-LOC"], ["O"]])
    assert evidence == {TagScheme.IOB2: 0, TagScheme.IOB1: 2, TagScheme.BIOES: 2, TagScheme.BILOU: 2}


FILES = {
    "wnut17": {"train": ["train.conll"], "dev": ["dev.conll"], "test": ["test.conll"]},
    "wikigold": {"train": ["train.conll"], "dev": ["dev.conll"], "test": ["test.conll"]},
    "btc": {"train": [f"{part}.conll" for part in "abeg"], "dev": ["h.conll"], "test": ["f.conll"]},
    "uner_ewt": {"train": ["train.conll"], "dev": ["dev.iob2"], "test": ["test.iob2"]},
    "ncbi_disease": {"train": ["train.tsv"], "dev": ["dev.tsv"], "test": ["test.tsv"]},
    "sec": {"train": ["train.conll"], "test": ["test.conll"]},
    "germeval2014": {"dev": ["dev.tsv"], "test": ["test.tsv"]},
    "gmb": {"train": ["train.conll.gz"], "dev": ["dev.conll.gz"], "test": ["test.conll.gz"]},
}

# The warnings in these corpora: file, line of the first, count. There are no errors.
FOUND = {
    "wnut17": {
        "html-entity": [("train", 78, 337), ("test", 701, 8)],
        "contradiction": [("train", 2297, 13), ("dev", 15421, 1), ("test", 16274, 1)],
        "label-shift": [("dev", 1, 1)],
        "zero-width": [("dev", 15556, 2)],
        "long-entity": [("test", 18492, 1)],
    },
    "wikigold": {"shared-sentence": [("dev", 2605, 7)]},
    "btc": {
        "blank-token": [("h", 22918, 4), ("f", 16301, 2)],
        "space-at-edge": [("f", 4533, 118), ("e", 2224, 3), ("g", 15617, 14)],
        "shared-sentence": [("f", 8675, 2)],
        "zero-width": [("f", 14954, 1), ("g", 4592, 1)],
        "punctuation-entity": [("f", 30072, 1), ("a", 2841, 5)],
        "unnormalised": [("a", 5075, 8), ("b", 1528, 17)],
        "replacement-character": [("b", 25806, 1)],
    },
    "uner_ewt": {
        "long-entity": [("train", 2012, 1)],
        "mojibake": [("train", 12749, 1)],
        "contradiction": [("train", 52958, 7)],
        "zero-width": [("train", 162852, 1)],
        "shared-sentence": [("dev", 344, 72), ("test", 131, 182)],
    },
    "ncbi_disease": {
        "contradiction": [("train", 47212, 1)],
        "long-entity": [("train", 70240, 4)],
        "shared-sentence": [("dev", 514, 5), ("test", 1034, 2)],
    },
    "sec": {
        "contradiction": [("train", 19520, 1)],
        "long-sentence": [("train", 20491, 5), ("test", 471, 4)],
        "shared-sentence": [("test", 841, 11)],
        "replacement-character": [("test", 1581, 3)],
    },
    "germeval2014": {
        "long-entity": [("test", 9374, 3)],
        "zero-width": [("test", 10645, 9), ("dev", 13063, 7)],
        "trailing-space": [("test", 19728, 1)],
        "control-character": [("test", 39086, 9), ("dev", 24127, 1)],
        "rare-label": [("dev", 2920, 2)],
        "changed": [("test", 1, 1), ("dev", 1, 1)],  # the nested entities are not read
    },
    "gmb": {
        "punctuation-entity": [("train", 17819, 20), ("dev", 93136, 2), ("test", 69778, 4)],
        "contradiction": [("train", 151736, 37), ("dev", 57388, 4), ("test", 72031, 3)],
        "odd-space": [("test", 110260, 1)],
    },
}


@pytest.mark.parametrize("corpus", FILES)
def test_findings_in_real_corpora(shared_data: Path, corpus: str) -> None:
    files = [(str(shared_data / corpus / name), split) for split, names in FILES[corpus].items() for name in names]
    found: dict[str, list[tuple[str, int, int]]] = {}
    for finding in check_files(files):
        assert finding.kind.severity != "error", finding
        if finding.kind.severity == "warning":
            name = Path(finding.file).name.partition(".")[0]
            found.setdefault(finding.kind.code, []).append((name, finding.line, finding.count))
    assert {code: sorted(places) for code, places in found.items()} == {
        code: sorted(places) for code, places in FOUND[corpus].items()
    }
