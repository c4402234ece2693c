"""The service: models, the batches of requests in flight, and their bounds."""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException

from nertagger.rules import Rules
from nertagger.serving.api.batching import Batcher
from nertagger.serving.api.metrics import Metrics
from nertagger.serving.api.models import Models, Served
from nertagger.serving.api.rules import RuleSource
from nertagger.serving.api.schemas import Options
from nertagger.serving.api.tagging import Task, Text, tag_texts
from nertagger.serving.problems import busy


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of a service; they can be pickled for worker processes.

    Attributes:
        sources: the path of each model file, or the name of a model of the package, by the name for requests.
        threads: batches that are tagged at a time; None for one per processor, at most 4.
        token: what clients must send to be answered; None answers everybody.
        allowed_hosts: the names by which clients may call the service; None for any.
        max_body_bytes: the size that the body of a request may have.
        max_texts: how many texts a request may have.
        seconds: how long a request may take.
        concurrency: how many requests are tagged or wait to be tagged at a time.
        rules: names and patterns beside every model, or their files; None without any.
    """

    sources: Mapping[str, str]
    threads: int | None = None
    token: str | None = field(default=None, repr=False)
    allowed_hosts: frozenset[str] | None = None
    max_body_bytes: int = 1_000_000
    max_texts: int = 1_000
    seconds: float = 30.0
    concurrency: int = 64
    rules: Rules | RuleSource | None = None


class Service:
    """Models that tag the texts of requests.

    Attributes:
        settings: the settings.
        models: the taggers by name.
        metrics: what is counted.
        is_ready: whether requests are accepted: from the start until the end is asked for.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.models = Models(settings.sources, threads=settings.threads, rules=settings.rules)
        self.metrics = Metrics(reloads=lambda: self.models.reloads, in_progress=lambda: self._in_progress)
        self.is_ready = False
        self._in_progress = 0
        self._batcher = Batcher(tag_texts, on_batch=self.metrics.count_batch)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Watch the files of models and rules, and load them again at SIGHUP, until the block ends."""
        is_forced = asyncio.Event()
        watching = asyncio.create_task(self.models.watch(is_forced))
        if threading.current_thread() is threading.main_thread():
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, is_forced.set)
        gc.collect()
        gc.freeze()  # what exists now stays, and need not be searched for garbage again and again
        self.is_ready = True
        try:
            yield
        finally:
            self.is_ready = False
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
            self._batcher.close()
            gc.unfreeze()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take one of the places of requests for a block; raises 503 with Retry-After if there is none."""
        if self._in_progress >= self.settings.concurrency:
            self.metrics.rejected.inc()
            raise busy(f"{self._in_progress} requests are in progress, which is the limit; repeat the request later")
        self._in_progress += 1
        try:
            yield
        finally:
            self._in_progress -= 1

    def find(self, name: str | None) -> Served:
        """Return the model of a name, None for the default; raises 404 if there is none."""
        try:
            return self.models.find(name)
        except KeyError:
            raise HTTPException(404, f"model: got {name!r}, expected {' or '.join(self.models.names)}") from None

    def task(self, options: Options) -> tuple[str, Task]:
        """Return the name of the model that is asked for, and what is to be done."""
        served = self.find(options.model)
        return served.name, Task(
            tagger=served.tagger,
            confidence=options.confidence,
            n_best=options.n_best,
            posteriors=options.posteriors,
            sentences=options.sentences,
        )

    async def tag(self, name: str, task: Task, texts: Sequence[Text]) -> list[bytes]:
        """Return the JSON object of each text after tagging, by the model of this name; the caller has a place.

        If the caller is cancelled, those of the texts that are in no batch yet are dropped.
        """
        found = await self._batcher.submit(task, texts)
        self.metrics.count_texts(name, texts)
        return found
