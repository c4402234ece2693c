"""What a service counts, in the text format of Prometheus."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from tempfile import TemporaryDirectory

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nertagger.serving.api.tagging import Text

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable with the folder in which worker processes keep their counts, so that each can tell all."""

_METHODS = ("GET", "HEAD", "POST")
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_TEXTS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


@contextmanager
def shared_among(workers: int) -> Iterator[None]:
    """Let the worker processes that are started in the block tell what all of them have counted."""
    if workers == 1:
        yield
        return
    with TemporaryDirectory(prefix="nertagger-") as folder:
        os.environ[SHARED_FOLDER] = folder  # the library knows no other way
        try:
            yield
        finally:
            del os.environ[SHARED_FOLDER]


class Metrics:
    """Counts of requests, texts and batches.

    Args:
        reloads: returns how often a model was loaded again.
        in_progress: returns how many requests have a place.
    """

    def __init__(self, *, reloads: Callable[[], int], in_progress: Callable[[], int]) -> None:
        self._registry = registry = CollectorRegistry()
        labels = ("method", "path", "status")
        self._requests = Counter("nertagger_requests", "Requests that were answered.", labels, registry=registry)
        self._seconds = Histogram(
            "nertagger_request_seconds",
            "Time from the head of a request to the end of its answer.",
            ("path",),
            buckets=_SECONDS,
            registry=registry,
        )
        # To find what is counted by its labels takes longer than to count.
        self._of_request, self._of_model = cache(self._find_request), cache(self._find_model)
        self.rejected = Counter("nertagger_rejected", "Requests rejected because of the limit.", registry=registry)
        self._texts = Counter("nertagger_texts", "Texts that were tagged.", ("model",), registry=registry)
        self._characters = Counter("nertagger_characters", "Their characters.", ("model",), registry=registry)
        self._batches = Histogram("nertagger_batch_texts", "Texts tagged together.", buckets=_TEXTS, registry=registry)
        self._is_shared = SHARED_FOLDER in os.environ
        if not self._is_shared:  # functions cannot be asked in other processes
            Gauge("nertagger_in_progress", "Requests in progress.", registry=registry).set_function(in_progress)
            Gauge("nertagger_reloads", "Files loaded again.", registry=registry).set_function(reloads)

    def count_request(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count a request that was answered with this status after this time."""
        requests, times = self._of_request(method if method in _METHODS else "other", path, status)
        requests.inc()
        times.observe(seconds)

    def count_texts(self, model: str, texts: Sequence[Text]) -> None:
        """Count texts that a model tagged."""
        number, characters = self._of_model(model)
        number.inc(len(texts))
        characters.inc(sum(len(one.text) for one in texts))

    def count_batch(self, texts: int) -> None:
        """Count a batch of this many texts."""
        self._batches.observe(texts)

    def text(self) -> bytes:
        """Return all counts, of all worker processes."""
        if not self._is_shared:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)

    def _find_request(self, method: str, path: str, status: int) -> tuple[Counter, Histogram]:
        return self._requests.labels(method, path, status), self._seconds.labels(path)

    def _find_model(self, model: str) -> tuple[Counter, Counter]:
        return self._texts.labels(model), self._characters.labels(model)


class CountRequests:
    """Middleware that counts requests by their route, and the time that they take."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begin, status = time.perf_counter(), 0

        async def send_counted(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, send_counted)
        finally:
            path = getattr(scope.get("route"), "path", "other")
            self._metrics.count_request(scope["method"], path, status, time.perf_counter() - begin)
