"""Spark on this machine beside `Tagger.pipe`: bytes per second, gain of a second core, memory, and what 1 TB costs.

    python benchmarks/spark.py [--megabytes 1000] [--rounds 3] [--cores 2]
    python benchmarks/spark.py --rate 1.0e6 --memory 300        only the table of costs, from figures measured before

The text is that of corpora.py's Wikipedia, one paragraph a row, repeated until it is as long as asked for. Each round
times `Tagger.pipe` in one and in several processes with half of the rows each, and Spark with as many cores, in turn;
models are loaded before. Both sides read the file of text, and give up the entities. The table is written to
benchmarks/results/spark.md.
"""

from __future__ import annotations

import argparse
import lzma
import math
import os
import platform
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import psutil
from corpora import DATA

import nertagger
from nertagger.integrations.spark import tag
from nertagger.processes import worker_pool
from nertagger.runtime import Tagger

RESULTS = Path(__file__).parent / "results" / "spark.md"
TEXT = DATA / "raw" / "enwiki2015-200mb.txt.xz"
PARTITION = 128e6  # bytes that Spark reads in one task by default (spark.sql.files.maxPartitionBytes)
NETWORK = 10e9 / 8  # bytes per second of one machine's usual network
TERABYTE = 1e12


class Cost(NamedTuple):
    """What tagging so many bytes takes, by measured figures.

    Attributes:
        cores: as many tasks run at a time.
        hours: by the clock.
        core_hours: paid for; cores wait for the last tasks.
        use: the fraction of these hours in which a core tags.
        bytes_per_second: read by all cores together.
        memory: bytes of all Python worker processes together.
    """

    cores: int
    hours: float
    core_hours: float
    use: float
    bytes_per_second: float
    memory: float


def cost(cores: int, *, rate: float, memory: float, size: float = TERABYTE, partition: float = PARTITION) -> Cost:
    """Return the cost of tagging `size` bytes of text.

    Args:
        cores: of the cluster.
        rate: bytes per second that one core tags in Spark.
        memory: bytes of a Python worker process.
        size: bytes of the text.
        partition: bytes of a task.

    >>> round(cost(10, rate=1e6, memory=3e8).hours, 1)
    27.8
    >>> round(cost(20_000, rate=1e6, memory=3e8).use, 2)  # there are only 7,813 tasks
    0.39
    """
    tasks = math.ceil(size / partition)
    seconds = math.ceil(tasks / cores) * min(partition, size) / rate
    use = size / rate / (seconds * cores)
    return Cost(cores, seconds / 3600, seconds * cores / 3600, use, size / seconds, cores * memory)


def cost_table(*, rate: float, memory: float) -> Iterator[str]:
    """Yield the lines of a table: the cost of 1 TB on 10, 100 and 1,000 cores, and what is the limit beyond."""
    yield "| cores | hours | core hours | cores in use | read together | memory of Python workers |"
    yield "|---|---|---|---|---|---|"
    for cores in (10, 100, 1000):
        one = cost(cores, rate=rate, memory=memory)
        yield (
            f"| {cores:,} | {one.hours:,.1f} | {one.core_hours:,.0f} | {one.use:.0%} "
            f"| {one.bytes_per_second / 1e6:,.0f} MB/s | {one.memory / 1e9:,.0f} GB |"
        )
    tasks = math.ceil(TERABYTE / PARTITION)
    yield ""
    yield (
        f"One task of {PARTITION / 1e6:.0f} MB takes {PARTITION / rate / 60:.1f} minutes. Processors are the limit as "
        f"long as there are tasks for all of them: up to {tasks:,} cores with tasks of this size, and "
        f"{NETWORK / rate:,.0f} cores read as much as a network of 10 Gbit/s carries."
    )


class Round(NamedTuple):
    """Bytes per second of each side, and the most bytes of memory that a Python worker of Spark has used."""

    pipe_one: float
    pipe_all: float
    spark_one: float
    spark_all: float
    memory: int


def write_text(path: Path, size: int) -> int:
    """Write at least `size` bytes of paragraphs, one a line; returns how many."""
    written = 0
    with path.open("wb") as out:
        while written < size:
            with lzma.open(TEXT) as stream:
                for line in stream:
                    if line.strip() and written < size:
                        written += out.write(line)
    return written


@cache
def tagger() -> Tagger:
    """Return the tagger of this process."""
    return nertagger.load("english", threads=1)


def load() -> None:
    """Load the tagger before the clock runs."""
    tagger()("Barack Obama was in Paris.")


def tag_part(path: Path, part: int, parts: int) -> int:
    """Tag every nth line of a file; returns the number of entities."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        texts = (line.rstrip("\n") for line in islice(lines, part, None, parts))
        return sum(len(document.entities) for document in tagger().pipe(texts))


def pipe_rate(path: Path, processes: int) -> float:
    """Return the bytes per second that processes tag, each a part of the lines."""
    with worker_pool(processes, begin=load) as pool:
        for job in [pool.submit(time.sleep, 1) for _ in range(processes)]:
            job.result()  # all have loaded
        began = time.perf_counter()
        for job in [pool.submit(tag_part, path, part, processes) for part in range(processes)]:
            job.result()
        return path.stat().st_size / (time.perf_counter() - began)


def spark_rate(path: Path, cores: int) -> tuple[float, int]:
    """Return the bytes per second that Spark tags with so many cores, and the most memory of a Python worker."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(f"local[{cores}]").config("spark.ui.enabled", "false")
    session = builder.config(
        "spark.sql.files.maxPartitionBytes", str(max(1 << 20, path.stat().st_size // 16))
    ).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    few = session.createDataFrame([("Barack Obama was in Paris.",)] * cores, "value string").repartition(cores)
    tag(few, "value").write.format("noop").mode("overwrite").save()  # workers have loaded
    peak = Peak()
    began = time.perf_counter()
    tag(session.read.text(str(path)), "value").write.format("noop").mode("overwrite").save()
    seconds = time.perf_counter() - began
    memory = peak.stop()
    session.stop()
    return path.stat().st_size / seconds, memory


class Peak:
    """The most resident memory of any Python process below this one, looked at several times a second."""

    def __init__(self) -> None:
        self._most = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> int:
        """Return the bytes."""
        self._done.set()
        self._thread.join()
        return self._most

    def _watch(self) -> None:
        while not self._done.wait(0.3):
            for process in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):
                    if "python" in process.name():
                        self._most = max(self._most, process.memory_info().rss)


def one_round(path: Path, cores: int) -> Round:
    """Measure each side once, in turn."""
    spark_all, memory = spark_rate(path, cores)
    pipe_all = pipe_rate(path, cores)
    spark_one, _ = spark_rate(path, 1)
    return Round(pipe_rate(path, 1), pipe_all, spark_one, spark_all, memory)


def report(rounds: list[Round], *, size: int, cores: int) -> Iterator[str]:
    """Yield the lines of the page of results."""
    median = Round(*(statistics.median(values) for values in zip(*rounds, strict=True)))
    yield f"{size / 1e6:.0f} MB of English Wikipedia, {len(rounds)} rounds, medians; {cores} of {os.cpu_count()} cores;"
    yield f"Python {platform.python_version()}, English tagger."
    yield ""
    yield "| | 1 core | all cores | gain |"
    yield "|---|---|---|---|"
    for name, one, many in (
        ("`Tagger.pipe` in processes", median.pipe_one, median.pipe_all),
        ("Spark", median.spark_one, median.spark_all),
    ):
        yield f"| {name} | {one / 1e6:.2f} MB/s | {many / 1e6:.2f} MB/s | {many / one:.2f} |"
    yield ""
    yield f"Spark tags {median.spark_all / median.pipe_all:.0%} of what `Tagger.pipe` does with all cores. A Python"
    yield f"worker process takes at most {median.memory / 1e6:.0f} MB."
    yield ""
    yield from cost_table(rate=median.spark_all / cores, memory=median.memory)


def main() -> None:
    """Measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--rate", type=float, help="bytes per second of one core, measured before")
    parser.add_argument("--memory", type=float, default=300, help="MB of a Python worker process, measured before")
    arguments = parser.parse_args()
    if arguments.rate:
        print(*cost_table(rate=arguments.rate, memory=arguments.memory * 1e6), sep="\n")
        return
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text.txt"
        size = write_text(path, arguments.megabytes * 1_000_000)
        rounds = [one_round(path, arguments.cores) for _ in range(arguments.rounds)]
    page = "\n".join(["# Spark", "", *report(rounds, size=size, cores=arguments.cores)])
    print(page)
    RESULTS.write_text(page + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
