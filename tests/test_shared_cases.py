"""Inputs that failed in the past, in ../shared/cases: the commands of each folder are run and their output checked.

    python tests/test_shared_cases.py [NAME ...]     # `make cases`: a table of all of them

The expected.txt of each folder says what is right; here it is given as patterns that the output must and must not
have. The folders are copied before they are run, because they may be read-only.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import nertagger

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT.parent / "shared" / "cases"
MINUTES = 10  # maximum time of a case on a busy machine
BIG_TEXT = "Anna Kern lives in Oslo. She works for Hale & Sons, Inc. in Honolulu since May 2009.\n"


@dataclass(frozen=True)
class Case:
    """The expected output of a case.

    Attributes:
        has: patterns that the output must have.
        lacks: patterns that it must not have, in addition to that of a traceback.
        slow: whether the case trains a model or waits for many seconds.
        prepare: makes files that are missing in the folder, given the folder and a model.
    """

    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    slow: bool = False
    prepare: Callable[[Path, Path], None] = lambda folder, model: None


def write_big_text(folder: Path, model: Path) -> None:
    """Write the megabytes of text for the workers."""
    (folder / "big.txt").write_text(BIG_TEXT * (2_500_000 // len(BIG_TEXT)), encoding="utf-8")


def write_models_with_escapes(folder: Path, model: Path) -> None:
    """Write models with control characters in their members."""
    escape = "\x1b[31mred"
    change(model, folder / "readme_esc.ner", "README.md", lambda text: text + escape)
    change(
        model, folder / "cfg_seedesc.ner", "config.toml", lambda text: f'# {escape}\n[x]\ny = "\\u001b[31m"\n' + text
    )
    change(model, folder / "voc_esc.ner", "vocabulary.json", lambda text: text.replace("-PER", "-\\u001b[31m"))
    change(model, folder / "man_esc.ner", "manifest.json", lambda text: text.replace('"0.', '"\\u001b[31m0.'))


def write_model_with_line_ends(folder: Path, model: Path) -> None:
    """Write a model with a tab and a line end in a label."""
    change(model, folder / "voc_nl.ner", "vocabulary.json", lambda text: text.replace("-PER", "-P\\t\\nER"))


def change(model: Path, target: Path, member: str, edit: Callable[[str], str]) -> None:
    """Write a model file with one text member edited and its hash in the manifest updated."""
    with zipfile.ZipFile(model) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[member] = edit(members[member].decode()).encode()
    if member != "manifest.json":
        manifest = json.loads(members["manifest.json"])
        manifest["members"][member] = hashlib.sha256(members[member]).hexdigest()
        members["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


ERROR = r"(?m)^(nertagger: )?error: "
EXPECTED = {
    "brat-output-overwrites-another-file": Case(
        (r"train\.txt now: my own text", r"corpus\.v1\.ann", r"corpus\.v2\.ann", r"train\.brat\.ann|error")
    ),
    "brat-small-faults": Case(
        (r"nested/a\.ann:3", r"gastric|contents", r"(?i)space|Date of Birth"), (r"error: order",)
    ),
    "carriage-return-line-ends": Case((r"Anna Kern|carriage return", r"PER"), (r"0 of 1 tokens", r'"entities": \[\]')),
    "closed-streams-and-full-disk": Case((r"(?s)rc=2.*rc=2.*rc=2", r"/dev/full|standard output"), (r"rc=[013-9]",)),
    "csv-from-a-pipe-is-lost": Case((r"2 a\.jsonl", r"2 sentences|error"), (r"rc=0\n0 ", r"\n0 sentences")),
    "csv-unescaped-quotes-swallow-rows": Case((r"Anna Kern|quotation mark",), (r",NNP,",)),
    "docbin-entity-across-sentences": Case((r"\[\('Kern\. Lives', 'X'\)\]", r'"text": "Kern\. Lives"')),
    "fifo": Case(
        (r"a FIFO: rc=2", r"good CSV from a FIFO: rc=[02]"), (r"rc=124", r"no sentence in the file", r"bl\.txt:1:")
    ),
    "flat-token-list-tagged-by-letters": Case(
        (r"(?s)(list of (words|tags).*){4}",), (r"has no len", r"isascii", r"'O', 'O', 'O'")
    ),
    "hostile-inputs-give-tracebacks": Case(
        (r"own_neg\.parquet\n.*error", r"own_mismatch\.parquet\n.*error"), (r"MemoryError",)
    ),
    "label-studio-completions-lost": Case((r"(?s)B-PER.*B-LOC.*B-PER.*B-LOC",)),
    "label-studio-hypertext-silently-empty": Case((r'"label": "|hypertextlabels',)),
    "label-with-tab-or-newline-corrupts-conll": Case(
        (r"(?i)tab|line end",), (r"cannot be read back",), prepare=write_model_with_line_ends
    ),
    "lenient-keeps-wrong-or-drops-right-entities": Case((r"Anna Kern",), (r'"Tom Ree"', r"nothing was read")),
    "lenient-repairs-into-new-labels": Case(
        (r'"label": "PER".*"Anna van Kern"',), (r'"label": "(M-PER|B_PER|I_PER|B|I|tag|GEO)"',)
    ),
    "many-labels-stuck-after-the-last-epoch": Case((r"80 labels, entity_bias=true: [\d.]+ s",), slow=True),
    "numbered-columns-apart-by-spaces": Case((r"Anna Kern visited Oslo",), (r'"text": "1 2 3',)),
    "out-is-a-folder": Case((r"is a folder; give the name of a file",), (r"epoch +1 ",), slow=True),
    "parquet-bomb": Case((r"\d s \d{4,6} KB",)),
    "parquet-label-minus-one": Case(
        (r"== hidden\n.*without annotation", r"(?s)== ignored.*error: .*== unknown.*error: .*== missing.*error: "),
        (r'"label": "PER".*"Anna Kern ran"',),
    ),
    "raw-text-cut-otherwise-than-training": Case((r"김철수", r"서울"), slow=True),
    "resume-takes-the-checkpoint-of-another-run": Case(
        (r"resume rc=2|seed = 4",), (r"(?s)resume rc=0.*seed = 3",), slow=True
    ),
    "resume-with-changed-data": Case((r"resume rc=2", r"data have changed"), slow=True),
    "resume-writes-to-another-folder": Case((r"\d exp1\.run/log\.jsonl",), (r"\d m\.run/log\.jsonl",), slow=True),
    "score-credits-part-of-a-token": Case((r"GPE .* 0\.00 +1 +1 +0", r"micro +50\.00 +50\.00 +50\.00")),
    "sentence-ends-of-hindi-urdu-arabic": Case((r"\A2\n2\n2\n",)),
    "sklearn-drop-in": Case((r"expected words", r"sentence"), (r"temporary file", r"--lenient")),
    "tagger-cannot-be-pickled": Case((r"pickle works", r"deepcopy works")),
    "terminal-escapes": Case((r"== inspect voc_esc",), (r"\^\[", "\x1b"), prepare=write_models_with_escapes),
    "tsv-header-row": Case((r'"label": "pers".*"Anna Kern"',), (r"TOKEN",)),
    "workers": Case(
        (r"rc=2 lines on stderr: 1",), (r"spawn_main", r"nertagger-\w{8}"), slow=True, prepare=write_big_text
    ),
}


def run_case(name: str, model: Path, folder: Path) -> str:
    """Return what a case prints on both streams when it is run in a copy in `folder`."""
    copy = folder / name
    shutil.copytree(CASES / name, copy)
    for path in [copy, *copy.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    for script in copy.glob("*.py"):
        script.write_text(script.read_text(encoding="utf-8").replace("$MODEL", str(model)), encoding="utf-8")
    EXPECTED[name].prepare(copy, model)
    command = Path(sys.executable).with_name("nertagger")
    environment = os.environ | {"NT": str(command), "PY": sys.executable, "MODEL": str(model), "TMPDIR": str(folder)}
    ran = subprocess.run(
        ["bash", "cmd.sh"], cwd=copy, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        timeout=60 * MINUTES,
    )  # fmt: skip
    return ran.stdout.decode(errors="replace")


def faults(name: str, output: str) -> list[str]:
    """Return how the output differs from expected.txt."""
    case = EXPECTED[name]
    missing = [f"lacks {pattern}" for pattern in case.has if not re.search(pattern, output)]
    bad = [f"has {pattern}" for pattern in (*case.lacks, r"Traceback \(most recent") if re.search(pattern, output)]
    return missing + bad


def write_english(path: Path) -> Path:
    """Write the English tagger as a model file, which is there without training."""
    nertagger.load("english").save(path)
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_english(tmp_path_factory.mktemp("model") / "model.ner")


def _parameters() -> list[object]:
    return [pytest.param(name, marks=pytest.mark.slow if case.slow else ()) for name, case in EXPECTED.items()]


@pytest.mark.parametrize("name", _parameters())
def test_inputs_that_failed_in_the_past(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if not CASES.is_dir():
        pytest.skip(f"the inputs that failed are not at {CASES}")
    output = run_case(name, request.getfixturevalue("model"), tmp_path)
    assert not faults(name, output), output


def test_every_case_has_expectations() -> None:
    if not CASES.is_dir():
        pytest.skip(f"the inputs that failed are not at {CASES}")
    assert {path.name for path in CASES.iterdir() if path.is_dir()} == set(EXPECTED)


def main(names: list[str]) -> int:
    """Print a table of the cases; return 1 if any is not as expected."""
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        model = write_english(Path(folder) / "model.ner")
        for name in names or EXPECTED:
            began = time.monotonic()
            output = run_case(name, model, Path(folder))
            found = faults(name, output)
            failed += bool(found)
            print(
                f"{'FAILED' if found else 'ok':6} {time.monotonic() - began:6.1f} s  {name}  {'; '.join(found)}",
                flush=True,
            )
            if found:
                print("       | " + output.replace("\n", "\n       | "))
    print(f"{len(names or EXPECTED) - failed} of {len(names or EXPECTED)} as expected")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
