"""Spark on this machine beside `Tagger.pipe`: bytes per second, gain of a second core, memory, and what 1 TB costs.

    python benchmarks/spark.py [--megabytes 1000] [--rounds 3] [--cores 1 2] [--model english] [--pipe-megabytes N]
    python benchmarks/spark.py --rate 1.0e5 --memory 290        only the table of costs, from figures measured before

The text is that of corpora.py's Wikipedia, one paragraph a row, repeated until it is as long as asked for. Each round
times `Tagger.pipe` in processes that share the rows, and Spark with as many cores, in turn; models are loaded before.
Both sides read the file of text, and give up the entities. With `--pipe-megabytes`, `Tagger.pipe` has the beginning of
the text alone. The table is written to benchmarks/results/spark.md, or to `--out`.
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
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import psutil
from corpora import DATA

import nertagger
from nertagger.integrations.spark import tag
from nertagger.processes import worker_pool
from nertagger.runtime import Tagger

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

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
        rate: bytes that Spark tags in a second of processor time, that of the JVM included.
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
        f"{NETWORK / rate:,.0f} cores read together as much as a network of 10 Gbit/s carries."
    )


class Speed(NamedTuple):
    """One measurement.

    Attributes:
        rate: bytes of text per second, by the clock.
        processor: seconds of all processes per MB of text, which other work on the machine hardly changes.
        memory: the most resident bytes of one Python process.
    """

    rate: float
    processor: float
    memory: float


Round = dict[tuple[str, int], Speed]
"""The speed of each side, with so many cores."""
PIPE, SPARK = "`Tagger.pipe`, processes", "Spark"


class Watch:
    """A clock, the processor time of the processes below this one, and the most memory of a Python process of them."""

    def __init__(self) -> None:
        self._memory = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        self._processor, self._began = _processor_seconds(), time.perf_counter()

    def stop(self, size: int) -> Speed:
        """Return the measurement for a text of `size` bytes."""
        seconds, processor = time.perf_counter() - self._began, _processor_seconds() - self._processor
        self._done.set()
        self._thread.join()
        return Speed(size / seconds, processor / size * 1e6, self._memory)

    def _look(self) -> None:
        while not self._done.wait(0.3):
            for process in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):
                    if "python" in process.name():
                        self._memory = max(self._memory, process.memory_info().rss)


def _processor_seconds() -> float:
    found = 0.0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            found += sum(process.cpu_times()[:2])
    return found


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
def tagger(model: str) -> Tagger:
    """Return the tagger of this process."""
    return nertagger.load(model, threads=1)


def load(model: str) -> None:
    """Load the tagger before the clock runs."""
    tagger(model)("Barack Obama was in Paris.")


def tag_part(path: Path, part: int, parts: int, *, model: str) -> int:
    """Tag every nth line of a file; returns the number of entities."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        texts = (line.rstrip("\n") for line in islice(lines, part, None, parts))
        return sum(len(document.entities) for document in tagger(model).pipe(texts))


def time_pipe(path: Path, processes: int, model: str) -> Speed:
    """Return the speed of processes that each tag a part of the lines."""
    with worker_pool(processes, begin=partial(load, model)) as pool:
        for job in [pool.submit(time.sleep, 1) for _ in range(processes)]:
            job.result()  # all have loaded
        watch = Watch()
        for job in [pool.submit(tag_part, path, part, processes, model=model) for part in range(processes)]:
            job.result()
        return watch.stop(path.stat().st_size)


def time_spark(path: Path, cores: int, model: str) -> Speed:
    """Return the speed of Spark with so many cores."""
    from pyspark.sql import SparkSession

    size = path.stat().st_size
    builder = SparkSession.builder.master(f"local[{cores}]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.files.maxPartitionBytes", str(max(1 << 18, size // 16))).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    few = session.createDataFrame([("Barack Obama was in Paris.",)] * cores, "value string").repartition(cores)
    _run(tag(few, "value", model))  # all have loaded
    watch = Watch()
    _run(tag(session.read.text(str(path)), "value", model))
    speed = watch.stop(size)
    session.stop()
    return speed


def _run(frame: DataFrame) -> None:
    """Compute all rows and all columns, and drop them."""
    frame.write.format("noop").mode("overwrite").save()


def one_round(path: Path, beginning: Path, *, cores: Sequence[int], model: str) -> Round:
    """Measure each side once with each number of cores, in turn: Spark on `path`, `Tagger.pipe` on `beginning`."""
    found: Round = {}
    for number in cores:
        found[SPARK, number] = time_spark(path, number, model)
        found[PIPE, number] = time_pipe(beginning, number, model)
    return found


def report(rounds: list[Round], *, size: int, pipe_size: int, cores: Sequence[int], model: str) -> Iterator[str]:
    """Yield the lines of the page of results."""
    speeds = {side: _median(one[side] for one in rounds) for side in rounds[0]}
    most = max(cores)
    less = f" (`Tagger.pipe`: the first {pipe_size / 1e6:.0f} MB)" if pipe_size < size else ""
    yield f"{size / 1e6:.0f} MB of English Wikipedia{less}, medians of {len(rounds)}; {os.cpu_count()} cores; model"
    yield f"{Path(model).name}; Python {platform.python_version()}."
    yield ""
    yield (
        "| | " + " | ".join(f"MB/s, {number} cores" for number in cores) + " | processor | memory of a Python process |"
    )
    yield "|---" * (len(cores) + 3) + "|"
    for name in (PIPE, SPARK):
        rates = " | ".join(f"{speeds[name, number].rate / 1e6:.3f}" for number in cores)
        one = speeds[name, most]
        yield f"| {name} | {rates} | {one.processor:.2f} s/MB | {one.memory / 1e6:.0f} MB |"
    pipe, spark = speeds[PIPE, most], speeds[SPARK, most]
    yield ""
    yield f"Spark takes {spark.processor / pipe.processor:.2f} times the processor time of `Tagger.pipe`, and"
    yield f"tags {spark.rate / pipe.rate:.0%} of what `Tagger.pipe` does on {most} cores."
    if len(cores) > 1:
        gain, pipe_gain = (speeds[name, most].rate / speeds[name, min(cores)].rate for name in (SPARK, PIPE))
        yield f"{most} cores tag {gain:.2f} times what {min(cores)} does ({pipe_gain:.2f} times without Spark)."
    yield ""
    yield from cost_table(rate=1e6 / spark.processor, memory=spark.memory)


def _median(speeds: Iterable[Speed]) -> Speed:
    return Speed(*(statistics.median(values) for values in zip(*speeds, strict=True)))


def main() -> None:
    """Measure, print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cores", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--model", default="english")
    parser.add_argument("--pipe-megabytes", type=int, help="of the text, for `Tagger.pipe`; default: all of it")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--rate", type=float, help="bytes per processor second, measured before")
    parser.add_argument("--memory", type=float, default=300, help="MB of a Python worker process, measured before")
    arguments = parser.parse_args()
    if arguments.rate:
        print(*cost_table(rate=arguments.rate, memory=arguments.memory * 1e6), sep="\n")
        return
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        path, beginning = Path(folder) / "text.txt", Path(folder) / "beginning.txt"
        size = write_text(path, arguments.megabytes * 1_000_000)
        pipe_size = write_text(beginning, (arguments.pipe_megabytes or arguments.megabytes) * 1_000_000)
        how = {"cores": arguments.cores, "model": arguments.model}
        rounds = [one_round(path, beginning, **how) for _ in range(arguments.rounds)]
    page = "\n".join(["# Spark", "", *report(rounds, size=size, pipe_size=pipe_size, **how)])
    print(page)
    arguments.out.write_text(page + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
