"""A client of ``POST /v1/tag`` that costs little beside the service: kept connections, requests made before."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

CONNECTIONS = 32
RATE = 50  # requests per second, of the latency


class Case(NamedTuple):
    """Requests of one kind: the texts of each, the whole request, and the tokens in it."""

    name: str
    texts: list[list[str]]
    requests: list[bytes]
    tokens: list[int]

    @classmethod
    def of(cls, name: str, texts: list[list[str]], tokens: list[int]) -> Case:
        """Return the case with a request for each of the lists of texts."""
        return cls(name, texts, [request_of(one if len(one) > 1 else one[0]) for one in texts], tokens)


@dataclass
class Load:
    """What a run has measured."""

    answers: int = 0
    tokens: int = 0
    seconds: float = 0.0
    used: float = 0.0
    """The processor time of the client, in seconds."""

    @property
    def tokens_per_second(self) -> float:
        return self.tokens / self.seconds


def request_of(text: str | list[str]) -> bytes:
    """Return a whole request for one text or several."""
    body = json.dumps({"text": text}).encode()
    head = f"POST /v1/tag HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


class RefusedError(RuntimeError):
    """An answer with another status than 200; the connection is closed."""


class Connection(asyncio.Protocol):
    """A connection on which one request after the other is asked."""

    @classmethod
    async def open(cls, port: int) -> Connection:
        _, connection = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport

    def ask(self, request: bytes) -> asyncio.Future[bytes]:
        """Send a request and return its future answer, the body, which must have the status 200."""
        self._received, self._size = b"", 0
        self._answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._size:
            head, found, _ = self._received.partition(b"\r\n\r\n")
            if not found:
                return
            if not head.startswith(b"HTTP/1.1 200"):
                self._answer.set_exception(RefusedError(head.decode()))
                self._transport.abort()
                return
            body_size = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            self._head, self._size = len(head) + 4, len(head) + 4 + body_size
        if len(self._received) == self._size:
            self._answer.set_result(self._received[self._head :])

    def connection_lost(self, error: Exception | None) -> None:
        if hasattr(self, "_answer") and not self._answer.done():
            self._answer.set_exception(ConnectionError("the service has closed the connection"))

    @property
    def is_closed(self) -> bool:
        return self._transport.is_closing()

    def close(self) -> None:
        self._transport.close()


async def load(
    port: int,
    case: Case,
    *,
    seconds: float = 1e9,
    requests: int = 1 << 60,
    check: Callable[[int, bytes], None] = lambda number, body: None,
) -> Load:
    """Ask on all connections for a time or a number of requests; `check` is given each answer."""
    found = Load()
    numbers = iter(range(requests))
    begin, used = time.perf_counter(), time.process_time()

    async def client() -> None:
        connection = await Connection.open(port)
        while time.perf_counter() < begin + seconds and (number := next(numbers, None)) is not None:
            i = number % len(case.requests)
            body = await connection.ask(case.requests[i])
            found.answers += 1
            found.tokens += case.tokens[i]
            check(i, body)
        connection.close()

    await asyncio.gather(*(client() for _ in range(CONNECTIONS)))
    found.seconds, found.used = time.perf_counter() - begin, time.process_time() - used
    return found


async def latencies(port: int, request: bytes, seconds: float) -> np.ndarray:
    """Return the time of each of 50 requests per second, sent whether or not the earlier ones are answered.

    It is infinite for a request that is refused, because too many wait on a busy machine.
    """
    times: list[float] = []
    free: list[Connection] = []

    async def one() -> None:
        begin = time.perf_counter()
        while free and free[-1].is_closed:  # by the service, after it was not used for some seconds
            free.pop()
        connection = free.pop() if free else await Connection.open(port)
        try:
            await connection.ask(request)
        except RefusedError:
            times.append(np.inf)
        else:
            times.append(time.perf_counter() - begin)
            free.append(connection)

    begin, tasks = time.perf_counter(), []
    for number in range(int(seconds * RATE)):
        await asyncio.sleep(begin + number / RATE - time.perf_counter())
        tasks.append(asyncio.create_task(one()))
    await asyncio.gather(*tasks)
    return np.array(times[RATE // 5 :])


def entities_of(records: Sequence[dict[str, object]]) -> list[list[tuple[object, ...]]]:
    """Return the entities of records without confidences, whose last digits depend on the batch."""
    return [[(one["label"], one["start"], one["end"]) for one in record["entities"]] for record in records]  # type: ignore[attr-defined]
