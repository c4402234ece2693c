"""Texts of all requests in flight, tagged together.

A request that arrives while nothing runs is started at once. Those that arrive while a batch runs wait for its end and
are put together in the next one. Clients that were just answered often ask again: while more requests come in, the next
batch waits for as many as these as well, at most 5 milliseconds. One batch runs at a time, which costs less than two
that are half as large; one with a very long text, which can take seconds, does not count. Each request in turn gives a
part of its texts to a batch, so that one with many texts does not hold up those behind it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from nertagger.serving.api.tagging import Task, Text

_PART_CHARACTERS = 1 << 13
_BATCH_CHARACTERS = 1 << 15
_MOST_WORKERS = 4
_GATHER_SECONDS = 0.001
_MOST_GATHERINGS = 5

_Run = Callable[[Task, Sequence[Text]], Sequence[bytes]]


class _Job:
    """The texts of one request, and their results as they become known.

    Attributes:
        task: what is to be done; the texts of a batch have it in common.
        done: is given all results, in the order of the texts.
        has_rest: whether some of the texts have been given to no batch yet.
    """

    def __init__(self, task: Task, texts: Sequence[Text], done: asyncio.Future[list[bytes]]) -> None:
        self.task, self.done = task, done
        self._texts = texts
        self._results = [b""] * len(texts)
        self._taken = self._known = 0

    @property
    def has_rest(self) -> bool:
        return self._taken < len(self._texts)

    def take(self) -> _Part:
        """Return the next part: at least one text, and others as long as they fit."""
        first, size = self._taken, 0
        while self.has_rest and (size == 0 or size + len(self._texts[self._taken].text) <= _PART_CHARACTERS):
            size += len(self._texts[self._taken].text) + 1
            self._taken += 1
        return _Part(self, first, self._texts[first : self._taken], size)

    def give(self, first: int, results: Sequence[bytes]) -> None:
        """Store the results of the part that begins at `first`."""
        self._results[first : first + len(results)] = results
        self._known += len(results)
        if self._known == len(self._results) and not self.done.done():
            self.done.set_result(self._results)

    def fail(self, error: Exception) -> None:
        """Raise the error where the results are awaited."""
        if not self.done.done():
            self.done.set_exception(error)


class _Part(NamedTuple):
    """Consecutive texts of a job, which are in the same batch."""

    job: _Job
    first: int
    texts: Sequence[Text]
    size: int


class _Gathering(NamedTuple):
    """A worker that waits for requests.

    Attributes:
        wanted: how many.
        done: ends the waiting.
    """

    wanted: int
    done: asyncio.Future[None]

    def check(self, number: int) -> None:
        """End the waiting if there are enough requests."""
        if number >= self.wanted and not self.done.done():
            self.done.set_result(None)


class Batcher:
    """Runs a function on the texts of several requests at a time, in threads.

    Args:
        run: returns the result for each text; all texts of a call have the same task.
        on_batch: called with the number of texts of each batch.
    """

    def __init__(self, run: _Run, *, on_batch: Callable[[int], None] = lambda texts: None) -> None:
        self._run, self._on_batch = run, on_batch
        self._pool = ThreadPoolExecutor(_MOST_WORKERS, "nertagger-batch")
        self._waiting: deque[_Job] = deque()
        self._running = 0  # workers, each of which runs one batch after the other
        self._workers = 1
        self._tasks: set[asyncio.Task[None]] = set()  # the loop itself keeps none
        self._gatherings: set[_Gathering] = set()

    def submit(self, task: Task, texts: Sequence[Text]) -> asyncio.Future[list[bytes]]:
        """Return the future results for the texts, in order, or what the function raised for one of them.

        If the future is cancelled, those of the texts that are in no batch yet are dropped.
        """
        job = _Job(task, texts, asyncio.get_running_loop().create_future())
        if texts:
            self._waiting.append(job)
            self._start_worker()
            for gathering in self._gatherings:
                gathering.check(len(self._waiting))
        else:
            job.done.set_result([])
        return job.done

    def close(self) -> None:
        """End the threads, after the batches that they run."""
        self._pool.shutdown(cancel_futures=True)

    def _start_worker(self) -> None:
        """Start one more worker, if there may be one more."""
        if self._running < min(self._workers, _MOST_WORKERS):
            self._running += 1
            task = asyncio.get_running_loop().create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work(self) -> None:
        """Run batches until nothing waits, or there are too many workers."""
        try:
            while self._running <= self._workers and (parts := self._take()):
                self._on_batch(sum(len(part.texts) for part in parts))
                if max(part.size for part in parts) > _BATCH_CHARACTERS:
                    await self._run_beside(parts)
                else:
                    await self._run_parts(parts)
                await self._gather(len(self._waiting) + sum(part.job.done.done() for part in parts))
        finally:
            self._running -= 1

    async def _gather(self, wanted: int) -> None:
        """Wait until this many requests are there, as long as they keep coming in, up to a bound."""
        for _ in range(_MOST_GATHERINGS):
            number = len(self._waiting)
            if number >= wanted:
                return
            gathering = _Gathering(wanted, asyncio.get_running_loop().create_future())
            self._gatherings.add(gathering)
            await asyncio.wait((gathering.done,), timeout=_GATHER_SECONDS)
            self._gatherings.discard(gathering)
            if len(self._waiting) == number:
                return

    async def _run_beside(self, parts: Sequence[_Part]) -> None:
        """Run a batch that takes long, while another worker runs what waits."""
        self._workers += 1
        if self._waiting:
            self._start_worker()
        try:
            await self._run_parts(parts)
        finally:
            self._workers -= 1

    async def _run_parts(self, parts: Sequence[_Part]) -> None:
        """Run a batch; if it fails, run each part by itself, so that a request does not fail for another's texts."""
        texts = [text for part in parts for text in part.texts]
        loop = asyncio.get_running_loop()
        try:
            results = await loop.run_in_executor(self._pool, self._run, parts[0].job.task, texts)
        except Exception as error:  # noqa: BLE001  raised again where the results are awaited
            if len(parts) == 1:
                parts[0].job.fail(error)
                return
            for part in parts:
                await self._run_parts([part])
        else:
            begin = 0
            for part in parts:
                part.job.give(part.first, results[begin : begin + len(part.texts)])
                begin += len(part.texts)

    def _take(self) -> list[_Part]:
        """Return the parts of the next batch: of the jobs with the task of the first; those with a rest go last."""
        parts: list[_Part] = []
        others: list[_Job] = []
        rests: list[_Job] = []
        size = 0
        while self._waiting and size < _BATCH_CHARACTERS:
            job = self._waiting.popleft()
            if job.done.done():  # its caller has gone, or another part of it failed
                continue
            if parts and job.task != parts[0].job.task:
                others.append(job)
                continue
            parts.append(job.take())
            size += parts[-1].size
            if job.has_rest:
                rests.append(job)
        self._waiting.extendleft(reversed(others))
        self._waiting.extend(rests)
        return parts
