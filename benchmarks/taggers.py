"""Taggers as programs in processes of their own: data for them, their training, what they find."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from corpora import DATA, VECTORS, Corpus

from nertagger.corpus import read, write
from nertagger.text.document import Sentence
from nertagger.text.schemes import TagScheme

PROGRAMS = Path(__file__).parent / "programs"


@dataclass(frozen=True)
class Peer:
    """A tagger: its name, the module that it cannot do without, the Python that has it, and its program."""

    name: str
    module: str
    python: str
    program: str
    takes_vectors: bool = False

    def is_installed(self) -> bool:
        """Return whether the module can be found."""
        find = f"import importlib.util as u, sys; sys.exit(u.find_spec({self.module!r}) is None)"
        return subprocess.run([self.python, "-c", find], check=False).returncode == 0

    def prepare(self, folder: Path) -> None:
        """Do what is not timed."""
        self._run("prepare", folder)

    def train(self, folder: Path, *, train_on_dev: bool = False) -> float:
        """Seconds of the training, on the training split alone or on the dev split as well."""
        began = time.perf_counter()
        vectors = ["--vectors", str(VECTORS)] if self.takes_vectors else []
        self._run("train", folder, *vectors, *(["--train-on-dev"] if train_on_dev else []))
        return time.perf_counter() - began

    def tag(self, folder: Path, *, scores_only: bool = False) -> dict[str, Any]:
        """Return what the program's `tag` prints."""
        output = self._run("tag", folder, *(["--scores-only"] if scores_only else []))
        answer: dict[str, Any] = json.loads(output.splitlines()[-1])
        return answer

    def _run(self, command: str, folder: Path, *options: str) -> str:
        program = PROGRAMS / self.program
        arguments = [self.python, str(program), command, str(folder), *options]
        return subprocess.run(arguments, stdout=subprocess.PIPE, check=True, text=True).stdout


def all_peers(python: str) -> list[Peer]:
    """nertagger in this Python, and its peers in another."""
    return [
        Peer("nertagger", "nertagger", sys.executable, "nertagger_ner.py", takes_vectors=True),
        Peer("spacy", "spacy", python, "spacy_ner.py"),
        Peer("spacy-vectors", "spacy", python, "spacy_ner.py", takes_vectors=True),
        Peer("crfsuite", "sklearn_crfsuite", python, "crfsuite_ner.py"),
        Peer("flair", "flair", python, "flair_ner.py", takes_vectors=True),
    ]


def write_splits(corpus: Corpus, folder: Path, *, limit: int | None = None) -> list[Sentence]:
    """Write the first `limit` sentences of each split as the programs want them; returns those of the test split."""
    for split, paths in (("train", corpus.train), ("dev", (corpus.dev,)), ("test", (corpus.test,))):
        sentences = list(islice(_sentences(paths), limit))
        write(folder / f"{split}.jsonl", sentences, format="jsonl-tokens", scheme=TagScheme.IOB2)
    return sentences


def _sentences(paths: Iterable[str]) -> Iterable[Sentence]:
    return (sentence for path in paths for sentence in read(DATA / path) if len(sentence))
