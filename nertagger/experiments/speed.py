"""The speed of a tagger on this machine: tokens per second, latency, cold start and peak memory.

Each repetition has a tagger of its own, with an empty word cache, warmed up with a few sentences. Cold start and peak
memory are those of a whole `nertagger tag` in a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from typing import TypeVar

import numpy as np

from nertagger.corpus import read_documents, write_documents
from nertagger.errors import DataError, NerTaggerError
from nertagger.modelfile.schema import ENGLISH
from nertagger.printable import counted
from nertagger.runtime.tagger import Tagger
from nertagger.text.document import Document

Report = Callable[[str, int, int], None]
_T = TypeVar("_T")
_WARM_UP = "Barack Obama was born in Honolulu, Hawaii, and lives in Washington.\n" * 20
_LINE = "Barack Obama was born in Honolulu.\n"
_LATENCY_CALLS = 1000
_USUAL_LENGTH = 20
_SAMPLING_SECONDS = 0.005  # between two readings of the memory of a process


@dataclass(frozen=True)
class Figures:
    """The results of a benchmark; lists have one number per repetition.

    Attributes:
        model_megabytes: the size of the model file; of `english`, which is stored in two, that of its members.
        tokens: the number of tokens in the text.
        text_tokens_per_second: from raw text to JSONL, including reading and writing.
        token_tokens_per_second: from lists of words to lists of tags.
        latency_tokens: the mean length of the sentences whose latency was measured.
        latency_p50_ms, latency_p99_ms: percentiles of the time for one sentence, from text to entities, after warm-up.
        cold_start_seconds: the time of a `nertagger tag` process for one line.
        peak_megabytes: the peak memory of a `nertagger tag` process for the whole text.
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
    model: str,
    text: Path,
    *,
    format: str = "text",
    repetitions: int = 3,
    threads: int | None = None,
    report: Report | None = None,
) -> Figures:
    """Benchmark a model on the text of a file.

    Args:
        model: the model file, or the name of the tagger of the package.
        text: the file, which is read several times.
        format: the format of the file.
        repetitions: how often to measure rates and the cold start.
        threads: as in `Tagger.load`.
        report: called before each measurement with its name, the number of those done, and the number of all.

    Raises:
        DataError: if there is no word in the file.
        ModelFileError: if the model cannot be loaded.
    """
    tagger = Tagger.load(model, threads=threads)
    sentences = [sentence.words for document in _read(text, format, tagger) for sentence in document.sentences]
    tokens = sum(map(len, sentences))
    if not tokens:
        raise DataError(f"{text}: has no words; give a file with text to tag")
    timer = _Timer(model, threads)
    steps = _Steps(report, total=3 * repetitions + 2)
    p50, p99, length = steps.run("single sentences", lambda: _latencies(tagger, sentences))
    text_seconds = steps.repeat(repetitions, "raw text to JSONL", lambda: timer.tag_text(text, format))
    token_seconds = steps.repeat(repetitions, "tokens to tags", lambda: timer.tag_tokens(sentences))
    return Figures(
        model_megabytes=_model_bytes(model, tagger) / 1e6,
        tokens=tokens,
        text_tokens_per_second=[tokens / seconds for seconds in text_seconds],
        token_tokens_per_second=[tokens / seconds for seconds in token_seconds],
        latency_tokens=length,
        latency_p50_ms=p50,
        latency_p99_ms=p99,
        cold_start_seconds=steps.repeat(repetitions, "cold start", lambda: _cold_start(model)),
        peak_megabytes=steps.run("peak memory", lambda: _peak_megabytes(model, text, format, threads)),
    )


def figures_table(figures: Figures) -> str:
    """Return the figures as a table, with the median, lowest and highest of repetitions."""
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
    return "\n".join([*lines, f"text of {counted(figures.tokens, 'token')}"])


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.2f}"


class _Steps:
    """Runs measurements one after another and reports each before it begins."""

    def __init__(self, report: Report | None, *, total: int) -> None:
        self._report, self._total, self._done = report, total, 0

    def run(self, name: str, task: Callable[[], _T]) -> _T:
        """Return the result of a measurement."""
        if self._report is not None:
            self._report(name, self._done, self._total)
        self._done += 1
        return task()

    def repeat(self, repetitions: int, name: str, task: Callable[[], _T]) -> list[_T]:
        """Return the results of a repeated measurement."""
        return [self.run(name, task) for _ in range(repetitions)]


@dataclass(frozen=True)
class _Timer:
    """Measures the seconds that a newly loaded and warmed-up tagger takes."""

    model: str
    threads: int | None

    def tag_text(self, text: Path, format: str) -> float:
        """From the text of a file to JSONL."""
        tagger = self._warm_tagger()
        began = time.perf_counter()
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            write_documents(nowhere, tagger.tag_documents(_read(text, format, tagger)), format="jsonl")
        return time.perf_counter() - began

    def tag_tokens(self, sentences: Sequence[Sequence[str]]) -> float:
        """From lists of words to lists of tags."""
        tagger = self._warm_tagger()
        began = time.perf_counter()
        tagger.tag_tokens(sentences)
        return time.perf_counter() - began

    def _warm_tagger(self) -> Tagger:
        tagger = Tagger.load(self.model, threads=self.threads)
        tagger(_WARM_UP)
        return tagger


def _read(path: Path, format: str, tagger: Tagger) -> Iterable[Document]:
    return read_documents(path, format=format, segment=tagger.segment)


def _latencies(tagger: Tagger, sentences: Sequence[Sequence[str]]) -> tuple[float, float, float]:
    """Return the 50th and 99th percentile of the milliseconds per sentence, and the mean length in tokens."""
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


def _model_bytes(model: str, tagger: Tagger) -> int:
    return tagger.model.size if model == ENGLISH else Path(model).stat().st_size


def _cold_start(model: str) -> float:
    began = time.perf_counter()
    result = subprocess.run(_tag_command(model, "-"), input=_LINE.encode(), capture_output=True, check=False)
    seconds = time.perf_counter() - began
    _check_code(result.returncode, result.stderr)
    return seconds


def _peak_megabytes(model: str, text: Path, format: str, threads: int | None) -> float:
    import psutil  # not at the top: only `nertagger bench` needs it

    options = [] if threads is None else ["--threads", str(threads)]
    command = _tag_command(model, str(text), "--format", format, "-o", os.devnull, *options)
    peak = 0
    with TemporaryFile() as errors:
        process = psutil.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors)
        while process.poll() is None:
            with suppress(psutil.Error):  # the process may end at any time
                peak = max(peak, process.memory_info().rss)
            time.sleep(_SAMPLING_SECONDS)
        errors.seek(0)
        _check_code(process.returncode, errors.read())
    return peak / 1e6


def _tag_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "nertagger", "tag", *arguments]


def _check_code(code: int, errors: bytes) -> None:
    """Raise NerTaggerError, with the last line of a process' standard error, unless its exit code is 0."""
    if code:
        last = (errors.decode(errors="replace").splitlines() or [""])[-1]
        raise NerTaggerError(f"a measured process ended with code {code}: {last or 'it was killed'}")
