"""Everything that the README and the pages of docs/ show is run: commands, and Python with its results."""

from __future__ import annotations

import doctest
import gzip
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

import nertagger
from nertagger.cli import main
from nertagger.corpus import read_documents, save_documents
from nertagger.text import Document, Sentence

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
GUIDES = [
    f"docs/guides/{name}.md" for name in ("encoders", "experiments", "language-models", "pretrain", "runs", "settings")
]
SLOW = {*GUIDES, "docs/index.md", "docs/tutorials/train.md"}  # several trainings, or those of the README again
ELSEWHERE = {"docs/guides/spark.md"}  # needs Java: run by tests/integration/test_spark.py
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
SETTINGS = """\
[data]
train = ["train.conll"]
dev = ["dev.conll"]
[network]
layers = 1
units = 8
[training]
epochs = 1
refit = 1
"""


class Block(NamedTuple):
    """A fenced block of a page: its language, its text, and its line."""

    language: str
    text: str
    line: int


def blocks(page: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a page."""
    content = page.read_text(encoding="utf-8")
    for match in re.finditer(r"^```(\w+)\n(.*?)^```$", content, re.M | re.S):
        yield Block(match[1], match[2], content.count("\n", 0, match.start()) + 2)


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Yield the commands of a ``console`` block, each with the output that the page shows below it, if any."""
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the pages name."""
    folder = tmp_path_factory.mktemp("pages")
    parts = {name: nertagger.read(ROOT / "data" / f"{name}.conll")[:60] for name in ("train", "dev", "test")}
    for name, sentences in parts.items():
        nertagger.write(folder / f"{name}.conll", sentences)
    nertagger.write(folder / "gold.conll", parts["test"])
    for name, every in (("predicted", 3), ("other", 4)):
        nertagger.write(folder / f"{name}.conll", [_spoiled(s, i % every == 0) for i, s in enumerate(parts["test"])])
    for name in ("train", "predicted"):
        save_documents(folder / f"{name}.jsonl", read_documents(folder / f"{name}.conll"))
    _write_documents(folder / "all.conll", [sentence for part in parts.values() for sentence in part])
    (folder / "config.toml").write_text(SETTINGS, encoding="utf-8")
    raw = (ROOT / "data" / "raw.txt").read_text(encoding="utf-8")
    for name in ("letter.txt", "text.txt", "held-out.txt", "letters/one.txt", "letters/two.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(raw, encoding="utf-8")
    words = sorted({word.lower() for sentence in parts["train"] for word in sentence.words})
    with gzip.open(folder / "glove.6B.50d.txt.gz", "wt", encoding="utf-8") as stream:
        stream.writelines(f"{word} {i % 7 / 7} {i % 11 / 11} {i % 13 / 13}\n" for i, word in enumerate(words))
    shutil.copy(ROOT / "tests" / "models" / "small.ner", folder / "model.ner")
    return folder


def _spoiled(sentence: Sentence, is_missed: bool) -> Sentence:
    """Return the sentence, without its entities if they are missed."""
    return Sentence.from_words(sentence.words, tags=("O",) * len(sentence.words)) if is_missed else sentence


def _write_documents(path: Path, sentences: list[Sentence]) -> None:
    """Write documents of ten sentences each."""
    documents = [
        replace(Document.from_sentence(Sentence.from_words(s.words, tags=s.tags)), opens=i % 10 == 0)
        for i, s in enumerate(sentences)
    ]
    save_documents(path, documents)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, marks=[pytest.mark.slow] if page.relative_to(ROOT).as_posix() in SLOW else [])
        for page in PAGES
        if page.relative_to(ROOT).as_posix() not in ELSEWHERE
        and any(block.language in {"console", "python"} for block in blocks(page))
    ],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_page(
    page: Path, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(workspace, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("nertagger.training.loop.schedule._STEPS", 10)  # fewer epochs
    names: dict[str, object] = {}
    for block in blocks(page):
        place = f"{page.relative_to(ROOT)}:{block.line}"
        if block.language == "python":
            run_python(block.text, names, place)
        elif block.language == "console":
            for command, expected in commands(block.text):
                run_command(command, expected, place, capfd)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert not missing


def test_every_page_is_in_the_contents() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = {page.relative_to(ROOT / "docs").with_suffix("").as_posix() for page in PAGES[1:]} - {"index"}
    books = {f"notebooks/{path.stem}" for path in (ROOT / "notebooks").glob("*.ipynb")}
    listed = set(re.findall(r"^((?:tutorials|guides|reference|explanation|notebooks)/\S+)$", index, re.M))
    assert pages | books == listed


def run_python(code: str, names: dict[str, object], place: str) -> None:
    """Run a block of Python, and compare its results with those shown, if it is a session with ``>>>``."""
    if ">>>" not in code:
        exec(compile(code, place, "exec"), names)
        return
    test = doctest.DocTestParser().get_doctest(code, names, place, None, None)
    report: list[str] = []
    result = doctest.DocTestRunner(optionflags=FLAGS).run(test, out=report.append, clear_globs=False)
    names.update(test.globs)
    assert result.failed == 0, "".join(report)


def run_command(command: str, expected: str, place: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Run a command, in this process unless it needs a shell; its exit code must be 0."""
    capfd.readouterr()
    if command.startswith("nertagger ") and not re.search(r"[|<>]", command):
        code = main(shlex.split(command)[1:])
    else:
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)}
        code = subprocess.run(["bash", "-c", command], env=environment, timeout=120).returncode
    printed = capfd.readouterr()
    assert code == 0, f"{place}: {command}: exit code {code}\n{printed.err}"
    if expected.strip():
        assert doctest.OutputChecker().check_output(expected, printed.out, FLAGS), f"{place}: {command}\n{printed.out}"
