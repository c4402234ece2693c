"""How fast a model file tags on this machine, how soon, and in how much memory.

Each figure comes with its repetitions; a repetition has a tagger of its own, whose word cache is empty, warmed up with
a few sentences. What a whole program takes is measured in processes of their own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count, cycle, islice
from pathlib import Path
from statistics import median
from typing import TypeVar

import numpy as np

from nertagger.corpus import read_documents, write_documents
from nertagger.errors import DataError, NerTaggerError
from nertagger.runtime.tagger import Tagger
from nertagger.text.document import Document

Report = Callable[[str, int, int], None]
_T = TypeVar("_T")
_WARM_UP = "Barack Obama was born in Honolulu, Hawaii, and lives in Washington.\n" * 20
_LINE = "Barack Obama was born in Honolulu.\n"
_LATENCY_CALLS = 1000
_USUAL_LENGTH = 20
# The peak of the process itself: what getrusage says begins with that of the process that started it, on Linux.
_PEAK = """
import re, runpy, sys
from pathlib import Path
try:
    runpy.run_module("nertagger", run_name="__main__")
except SystemExit as done:
    code = done.code
status = Path("/proc/self/status")
if status.exists():
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) / 1000
else:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
print(peak, file=sys.stderr)
sys.exit(code)
"""


@dataclass(frozen=True)
class Figures:
    """What was measured; the lists have one number a repetition.

    Attributes:
        model_megabytes: of the file.
        tokens: how many the text has.
        text_tokens_per_second: from raw text to JSONL, reading and writing included.
        token_tokens_per_second: from lists of words to lists of tags.
        latency_tokens: the mean length of the sentences of the next two.
        latency_p50_ms, latency_p99_ms: of one sentence, from text to entities, in a warm process.
        cold_start_seconds: of `nertagger tag` for one line, from the start of the process to its end.
        peak_megabytes: of a process that tags the whole text, at most.
    """

    model_megabytes: float
    tokens: int
    text_tokens_per_second: list[float]
    token_tokens_per_second: list[float]
    latency_tokens: float
    latency_p50_ms: float
    latency_p99_ms: float
    cold_start_seconds: list[float]
    peak_megabytes: float


def measure(
    model: Path,
    text: Path,
    *,
    format: str = "text",
    repetitions: int = 3,
    threads: int | None = None,
    report: Report | None = None,
) -> Figures:
    """All figures of a model on the text of a file.

    Args:
        model: the model file.
        text: the file, read as `format` several times.
        format: how to read it.
        repetitions: of what is measured as a whole.
        threads: as of `Tagger.load`.
        report: called before each measurement with what is measured, how many are done, and of how many.

    Raises:
        DataError: if there is no word in the file.
        ModelFileError: if the model cannot be loaded.
    """
    tagger = Tagger.load(model, threads=threads)
    sentences = [sentence.words for document in _read(text, format, tagger) for sentence in document.sentences]
    tokens = sum(map(len, sentences))
    if not tokens:
        raise DataError(f"{text}: has no words; give a file with text to tag")

    done = count()

    def told(name: str, task: Callable[[], _T]) -> _T:
        if report is not None:
            report(name, next(done), 3 * repetitions + 2)
        return task()

    def rate(name: str, task: Callable[[Tagger], None]) -> list[float]:
        return [tokens / told(name, lambda: _timed(task, model, threads)) for _ in range(repetitions)]

    p50, p99, length = told("single sentences", lambda: _latencies(tagger, sentences))
    return Figures(
        model_megabytes=os.path.getsize(model) / 1e6,
        tokens=tokens,
        text_tokens_per_second=rate(
            "raw text to JSONL", lambda tagger: _write(tagger.tag_documents(_read(text, format, tagger)))
        ),
        token_tokens_per_second=rate("tokens to tags", lambda tagger: _ignore(tagger.tag_tokens(sentences))),
        latency_tokens=length,
        latency_p50_ms=p50,
        latency_p99_ms=p99,
        cold_start_seconds=[told("cold start", lambda: _cold_start(model)) for _ in range(repetitions)],
        peak_megabytes=told("peak memory", lambda: _peak(model, text, format, threads)),
    )


def describe(figures: Figures) -> str:
    """The figures as a table: of repetitions the median, and the lowest and highest."""
    rows = [
        ("raw text to JSONL", "tokens/s", figures.text_tokens_per_second),
        ("tokens to tags", "tokens/s", figures.token_tokens_per_second),
        (f"one sentence of {figures.latency_tokens:.0f} tokens, p50", "ms", [figures.latency_p50_ms]),
        (f"one sentence of {figures.latency_tokens:.0f} tokens, p99", "ms", [figures.latency_p99_ms]),
        ("first answer from a cold start", "s", figures.cold_start_seconds),
        ("peak memory", "MB", [figures.peak_megabytes]),
        ("model file", "MB", [figures.model_megabytes]),
    ]
    lines = [f"{'':36}  {'median':>10}  {'least':>10}  {'most':>10}"]
    for name, unit, values in rows:
        numbers = "  ".join(f"{_rounded(value):>10}" for value in (median(values), min(values), max(values)))
        lines.append(f"{name:36}  {numbers}  {unit}")
    return "\n".join([*lines, f"text of {figures.tokens:,} tokens"])


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.2f}"


def _read(path: Path, format: str, tagger: Tagger) -> Iterable[Document]:
    return read_documents(path, format=format, segment=tagger.segment)


def _write(documents: Iterable[Document]) -> None:
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        write_documents(nowhere, documents, format="jsonl")


def _ignore(value: object) -> None:
    """Take the result, as a caller would."""


def _timed(task: Callable[[Tagger], None], model: Path, threads: int | None) -> float:
    """Seconds of the task with a fresh, warm tagger."""
    tagger = Tagger.load(model, threads=threads)
    tagger(_WARM_UP)
    began = time.perf_counter()
    task(tagger)
    return time.perf_counter() - began


def _latencies(tagger: Tagger, sentences: Sequence[Sequence[str]]) -> tuple[float, float, float]:
    """Milliseconds, at the 50th and 99th percentile, of sentences one at a time, and their mean length."""
    usual = [words for words in sentences if abs(len(words) - _USUAL_LENGTH) <= 2] or sentences
    texts = [" ".join(words) for words in usual[:_LATENCY_CALLS]]
    for text in texts[:50]:
        tagger(text)
    seconds = []
    for text in islice(cycle(texts), _LATENCY_CALLS):
        began = time.perf_counter()
        tagger(text)
        seconds.append(time.perf_counter() - began)
    p50, p99 = np.percentile(np.array(seconds) * 1e3, [50, 99]).tolist()
    return p50, p99, float(np.mean([len(words) for words in usual[:_LATENCY_CALLS]]))


def _cold_start(model: Path) -> float:
    began = time.perf_counter()
    _run(["-m", "nertagger", "tag", str(model), "-"], stdin=_LINE)
    return time.perf_counter() - began


def _peak(model: Path, text: Path, format: str, threads: int | None) -> float:
    options = [] if threads is None else ["--threads", str(threads)]
    command = ["-c", _PEAK, "tag", str(model), str(text), "--format", format, "-o", os.devnull, *options]
    return float(_run(command).splitlines()[-1])


def _run(arguments: Sequence[str], *, stdin: str = "") -> str:
    """The standard error of another Python; raises NerTaggerError if it does not end well."""
    result = subprocess.run([sys.executable, *arguments], input=stdin, capture_output=True, text=True, check=False)
    if result.returncode:
        last = (result.stderr.splitlines() or [""])[-1]
        raise NerTaggerError(f"a measured process ended with code {result.returncode}: {last or 'it was killed'}")
    return result.stderr
