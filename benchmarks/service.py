"""The HTTP service under load: throughput beside `Tagger.pipe` and spaCy, latency, and whether every answer is right.

    python benchmarks/service.py MODEL [--peers-python PEERS/bin/python] [--requests 100000] [--seconds 8]

The texts are UNER EWT's test split: as single sentences, as paragraphs of ten, and as requests with 32 sentences. The
client is this program, with connections that are kept; on two processors it takes a part of what the service could use.
Each answer is compared with what the tagger itself returns for the text. The table is written to
benchmarks/results/service.md.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import uvloop
from corpora import CORPORA, DATA

import nertagger

RESULTS = Path(__file__).parent / "results" / "service.md"
CONNECTIONS = 32
RATE = 50  # requests per second, of the latency
TEXT = (
    "Barack Obama and Angela Merkel met in Berlin on Monday to talk about trade between Germany and the United States ."
)


class Case(NamedTuple):
    """Requests of one kind: the whole request, and the tokens in it."""

    name: str
    requests: list[bytes]
    tokens: list[int]
    texts: list[list[str]]


@dataclass
class Load:
    """What a run has measured."""

    answers: int = 0
    wrong: int = 0
    tokens: int = 0
    seconds: float = 0.0

    @property
    def tokens_per_second(self) -> float:
        return self.tokens / self.seconds


def cases() -> list[Case]:
    """Return the three kinds of requests."""
    sentences = nertagger.read(DATA / CORPORA["ewt"].test)
    texts = [" ".join(sentence.words) for sentence in sentences]
    lengths = [len(sentence) for sentence in sentences]
    ten, many = range(0, len(texts), 10), range(0, len(texts), 32)
    paragraphs = [[" ".join(texts[i : i + 10])] for i in ten]
    return [
        _case("a sentence", [[text] for text in texts], lengths),
        _case("a paragraph of ten", paragraphs, [sum(lengths[i : i + 10]) for i in ten]),
        _case("32 sentences", [texts[i : i + 32] for i in many], [sum(lengths[i : i + 32]) for i in many]),
    ]


def _case(name: str, texts: list[list[str]], tokens: list[int]) -> Case:
    bodies = [json.dumps({"text": one if len(one) > 1 else one[0]}).encode() for one in texts]
    return Case(name, [_request(body) for body in bodies], tokens, texts)


def _request(body: bytes) -> bytes:
    head = f"POST /v1/tag HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


def expected_answers(model: str, case: Case) -> list[list[object]]:
    """Return the entities of each text of each request, as the tagger itself finds them."""
    tagger = nertagger.load(model)
    found = iter(list(tagger.pipe(text for texts in case.texts for text in texts)))
    return [[_plain(next(found).to_dict()) for _ in texts] for texts in case.texts]


def _plain(record: dict[str, object]) -> list[tuple[object, ...]]:
    """Return the entities of a record without confidences, whose last digits depend on the batch."""
    return [(one["label"], one["start"], one["end"]) for one in record["entities"]]  # type: ignore[index, attr-defined]


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bytes:
    """Send a request and return the body of the answer, which must have the status 200."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.decode())
    size = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    return await reader.readexactly(size)


async def load(
    port: int, case: Case, *, seconds: float = 1e9, requests: int = 1 << 60, expected: list[list[object]] | None = None
) -> Load:
    """Ask on 32 connections for a time or a number of requests; compares the answers with those that are expected."""
    found = Load()
    numbers = iter(range(requests))
    end = time.perf_counter() + seconds

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end and (number := next(numbers, None)) is not None:
            i = number % len(case.requests)
            body = await ask(reader, writer, case.requests[i])
            found.answers += 1
            found.tokens += case.tokens[i]
            if expected is not None:
                documents = json.loads(body)["documents"]
                found.wrong += [_plain(one) for one in documents] != expected[i]
        writer.close()

    begin = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CONNECTIONS)))
    found.seconds = time.perf_counter() - begin
    return found


async def latencies(port: int, request: bytes, seconds: float) -> np.ndarray:
    """Return the time of each of 50 requests per second, sent whether or not the earlier ones are answered."""
    times: list[float] = []
    free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def one() -> None:
        begin = time.perf_counter()
        connection = free.pop() if free else await asyncio.open_connection("127.0.0.1", port)
        await ask(*connection, request)
        times.append(time.perf_counter() - begin)
        free.append(connection)

    begin, tasks = time.perf_counter(), []
    for number in range(int(seconds * RATE)):
        await asyncio.sleep(begin + number / RATE - time.perf_counter())
        tasks.append(asyncio.create_task(one()))
    await asyncio.gather(*tasks)
    return np.array(times[RATE // 5 :])


def pipe_speed(model: str, case: Case) -> tuple[float, float]:
    """Return the tokens per second of `Tagger.pipe` on the texts of all requests, and its processor time per token.

    Each is the best of three passes; the time is in microseconds.
    """
    texts = [text for texts in case.texts for text in texts]
    tagger = nertagger.load(model)
    passes = []
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


def measure(model: str, arguments: argparse.Namespace) -> Iterator[str]:
    """Yield the lines of the results."""
    yield f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()},"
    yield f"load average {os.getloadavg()[0]:.1f} before, {CONNECTIONS} connections, {arguments.workers} workers."
    yield "Processor time: of the service alone, in microseconds per token."
    yield ""
    yield "| request | tokens | by | tokens/s | requests/s | share | processor time | share |"
    yield "|---|---|---|---|---|---|---|---|"
    serve = (sys.executable, "-m", "nertagger", "serve", model, "--workers", str(arguments.workers), "--port", "PORT")
    peers = (arguments.peers_python, str(Path(__file__).parent / "programs" / "spacy_service.py"), "PORT")
    for case in cases():
        speed, used = pipe_speed(model, case)
        kind = f"{case.name} | {np.mean(case.tokens):.0f}"
        yield f"| {kind} | `Tagger.pipe` | {speed:,.0f} | - | 100% | {used:.1f} | 100% |"
        services = {"`nertagger serve`": serve} | (
            {"spaCy": (*peers, arguments.pipeline)} if arguments.peers_python else {}
        )
        for name, command in services.items():
            found, own = _under_load(command, case, arguments.seconds)
            cells = f"{found.tokens_per_second:,.0f} | {found.answers / found.seconds:,.0f}"
            shares = f"{found.tokens_per_second / speed:.0%} | {own:.1f} | {used / own:.0%}"
            yield f"| | | {name} | {cells} | {shares} |"
    yield ""
    with serving(*serve) as (port, pid):
        yield from _latency(port, arguments.seconds)
        yield from _answers(model, port, pid, arguments.requests)


def _under_load(command: Sequence[str], case: Case, seconds: float) -> tuple[Load, float]:
    """Return what a service answers in a time, and its processor time per token in microseconds."""
    with serving(*command) as (port, pid):
        uvloop.run(load(port, case, seconds=2))
        before = processor_seconds(pid)
        found = uvloop.run(load(port, case, seconds=seconds))
        return found, (processor_seconds(pid) - before) / found.tokens * 1e6


def _latency(port: int, seconds: float) -> Iterator[str]:
    request = _request(json.dumps({"text": TEXT}).encode())
    times = uvloop.run(latencies(port, request, max(seconds, 8))) * 1000
    p50, p99 = np.percentile(times, [50, 99])
    size = len(TEXT.split())
    yield f"A text of {size} tokens, {RATE} requests per second: median {p50:.1f} ms, 99 % within {p99:.1f} ms."


def _answers(model: str, port: int, pid: int, requests: int) -> Iterator[str]:
    case = cases()[0]
    expected = expected_answers(model, case)
    uvloop.run(load(port, case, requests=len(case.requests)))
    before = memory(pid)
    found = uvloop.run(load(port, case, requests=requests, expected=expected))
    yield (
        f"{found.answers:,} requests: {found.wrong} wrong answers, {requests - found.answers} lost; "
        f"memory {before:.0f} MB before and {memory(pid):.0f} MB after."
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--peers-python")
    parser.add_argument("--pipeline", default="en_core_web_sm", help="the pipeline of spaCy")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    lines = []
    for line in measure(options.model, options):
        print(line, flush=True)
        lines.append(line)
    options.out.write_text("\n".join(["# The service under load", "", *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
