"""The HTTP service under load: throughput beside `Tagger.pipe` and spaCy, latency, and whether every answer is right.

    python benchmarks/service.py MODEL [--peers-python PEERS/bin/python] [--requests 100000] [--seconds 8]

The texts are UNER EWT's test split: as single sentences, as paragraphs of ten, and as requests with 32 sentences. The
client is this program (`load.py`). Throughput is measured twice, because the client needs a processor too: on one
processor each for the service and the client, beside `Tagger.pipe` on one processor, and with everything on all
processors, beside `Tagger.pipe` on all of them. `Tagger.pipe` is measured before and after the service, and the faster
counts. Processor time tells the two apart if the machine is busy. Each of 100,000 answers is compared with what the
tagger itself returns for the text. The table is written to benchmarks/results/service.md; all this takes 6 minutes on
two processors.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
import uvloop
from corpora import CORPORA, DATA
from load import CONNECTIONS, RATE, Case, Load, entities_of, latencies, load, request_of

import nertagger
from nertagger.modelfile.schema import Member

RESULTS = Path(__file__).parent / "results" / "service.md"
TEXT = (
    "Barack Obama and Angela Merkel met in Berlin on Monday to talk about trade between Germany and the United States ."
)
ALL = os.sched_getaffinity(0)


class Layout(NamedTuple):
    """The processors of the service, which has a worker for each, and those of the client."""

    name: str
    service: set[int]
    client: set[int]


def layouts() -> list[Layout]:
    """Return how the service and the client share the processors."""
    everything = Layout(f"all {len(ALL)} processors", ALL, ALL)
    if len(ALL) == 1:
        return [everything]
    first, second = sorted(ALL)[:2]
    return [Layout("one processor", {first}, {second}), everything]


def cases() -> list[Case]:
    """Return the three kinds of requests."""
    sentences = nertagger.read(DATA / CORPORA["ewt"].test)
    texts = [" ".join(sentence.words) for sentence in sentences]
    lengths = [len(sentence) for sentence in sentences]
    ten, many = range(0, len(texts), 10), range(0, len(texts), 32)
    paragraphs = [[" ".join(texts[i : i + 10])] for i in ten]
    return [
        Case.of("a sentence", [[text] for text in texts], lengths),
        Case.of("a paragraph of ten", paragraphs, [sum(lengths[i : i + 10]) for i in ten]),
        Case.of("32 sentences", [texts[i : i + 32] for i in many], [sum(lengths[i : i + 32]) for i in many]),
    ]


@contextmanager
def on(processors: set[int]) -> Iterator[None]:
    """Run what is in the block, and processes that are started in it, on these processors alone."""
    os.sched_setaffinity(0, processors)
    try:
        yield
    finally:
        os.sched_setaffinity(0, ALL)


def pipe_speed(model: str, case: Case, processors: set[int]) -> tuple[float, float]:
    """Return the tokens per second of `Tagger.pipe` on the texts of all requests, and its processor time per token.

    Each is the best of three passes; the time is in microseconds.
    """
    texts = [text for texts in case.texts for text in texts]
    passes = []
    with on(processors):
        tagger = nertagger.load(model)  # with a thread for each processor
        for _ in range(3):
            begin, used = time.perf_counter(), time.process_time()
            for _document in tagger.pipe(texts):
                pass
            passes.append((time.perf_counter() - begin, time.process_time() - used))
    size = sum(case.tokens)
    return size / min(seconds for seconds, _ in passes), min(used for _, used in passes) / size * 1e6


@contextmanager
def serving(*command: str) -> Iterator[tuple[int, int]]:
    """Run a service on a free port, which replaces PORT in the command; yields the port and the process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([part.replace("PORT", str(port)) for part in command])
    try:
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        time.sleep(5)  # until all workers have started
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def memory(pid: int) -> float:
    """Return the resident memory of a process and its children, in MB."""
    statuses = [Path(f"/proc/{one}/status").read_text() for one in family(pid)]
    return sum(int(status.split("VmRSS:")[1].split()[0]) for status in statuses) / 1000


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process and its children have used."""
    stats = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in family(pid)]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[str]:
    """Return the numbers of a process and its children."""
    return [str(pid), *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def measure(options: argparse.Namespace) -> Iterator[str]:
    """Yield the lines of the results."""
    yield f"{platform.machine()}, {len(ALL)} processors, Python {platform.python_version()},"
    yield f"load average {os.getloadavg()[0]:.1f} before, {CONNECTIONS} connections, one worker per processor."
    yield "Processor time: of the service alone, in microseconds per token; that of the client in the last column."
    yield from ("", *_about(options.model))
    for layout in layouts():
        yield from ("", f"## Service on {layout.name}", "")
        yield "| request | tokens | by | tokens/s | requests/s | share | processor time | share | client |"
        yield "|---|---|---|---|---|---|---|---|---|"
        for case in cases():
            yield from _throughput(options, layout, case)
    yield ""
    with serving(*_command(options.model, len(ALL))) as (port, pid):
        yield from _latency(port, options.seconds)
        yield from _answers(options.model, port, pid, options.requests)


def _about(model: str) -> Iterator[str]:
    """Yield the lines of the model card about the network."""
    for line in nertagger.load(model).model.text(Member.CARD).splitlines():
        if line.startswith(("- Network:", "- Words:")):
            yield line


def _throughput(options: argparse.Namespace, layout: Layout, case: Case) -> Iterator[str]:
    """Yield the rows of a kind of request."""
    before = pipe_speed(options.model, case, layout.service)
    services = {"`nertagger serve`": _command(options.model, len(layout.service))}
    if options.peers_python:
        program = Path(__file__).parent / "programs" / "spacy_service.py"
        services["spaCy"] = (options.peers_python, str(program), "PORT", options.pipeline)
    measured = {name: _under_load(command, layout, case, options.seconds) for name, command in services.items()}
    after = pipe_speed(options.model, case, layout.service)
    speed, used = max(before[0], after[0]), min(before[1], after[1])
    kind = f"{case.name} | {np.mean(case.tokens):.0f}"
    yield f"| {kind} | `Tagger.pipe` | {speed:,.0f} | - | 100% | {used:.1f} | 100% | - |"
    for name, (found, own) in measured.items():
        cells = f"{found.tokens_per_second:,.0f} | {found.answers / found.seconds:,.0f}"
        shares = f"{found.tokens_per_second / speed:.0%} | {own:.1f} | {used / own:.0%}"
        yield f"| | | {name} | {cells} | {shares} | {found.used / found.tokens * 1e6:.1f} |"


def _command(model: str, workers: int) -> tuple[str, ...]:
    return (sys.executable, "-m", "nertagger", "serve", model, "--workers", str(workers), "--port", "PORT")


def _under_load(command: Sequence[str], layout: Layout, case: Case, seconds: float) -> tuple[Load, float]:
    """Return what a service answers in a time, and its processor time per token in microseconds."""
    os.sched_setaffinity(0, layout.service)
    with serving(*command) as (port, pid), on(layout.client):
        uvloop.run(load(port, case, seconds=2))
        before = processor_seconds(pid)
        found = uvloop.run(load(port, case, seconds=seconds))
        return found, (processor_seconds(pid) - before) / found.tokens * 1e6


def _latency(port: int, seconds: float) -> Iterator[str]:
    times = uvloop.run(latencies(port, request_of(TEXT), max(seconds, 8))) * 1000
    p50, p99 = np.percentile(times, [50, 99])
    size = len(TEXT.split())
    yield f"A text of {size} tokens, {RATE} requests per second: median {p50:.1f} ms, 99 % within {p99:.1f} ms."


def _answers(model: str, port: int, pid: int, requests: int) -> Iterator[str]:
    """Yield a line about the answers of many requests, each compared with what the tagger itself finds."""
    case, wrong = cases()[0], 0
    found = iter(list(nertagger.load(model).pipe(text for texts in case.texts for text in texts)))
    expected = [entities_of([next(found).to_dict() for _ in texts]) for texts in case.texts]

    def check(number: int, body: bytes) -> None:
        nonlocal wrong
        wrong += entities_of(json.loads(body)["documents"]) != expected[number]

    uvloop.run(load(port, case, requests=len(case.requests)))
    before = memory(pid)
    done = uvloop.run(load(port, case, requests=requests, check=check))
    yield (
        f"{done.answers:,} requests: {wrong} wrong answers, {requests - done.answers} lost; "
        f"memory {before:.0f} MB before and {memory(pid):.0f} MB after."
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--peers-python")
    parser.add_argument("--pipeline", default="en_core_web_sm", help="the pipeline of spaCy")
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    lines = []
    for line in measure(options):
        print(line, flush=True)
        lines.append(line)
    options.out.write_text("\n".join(["# The service under load", "", *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
