"""Texts of several requests in one batch."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from nertagger.serving.api.batching import Batcher
from nertagger.serving.api.tagging import Task, Text

PLAIN, DETAILED = (Task(tagger=None, n_best=n) for n in (0, 1))  # type: ignore[arg-type]


def texts(*contents: str) -> list[Text]:
    return [Text(content, {}) for content in contents]


class Recorder:
    """Repeats texts, and remembers the batches; it waits until `gate` is set."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.gate = threading.Event()

    def __call__(self, task: Task, batch: Sequence[Text]) -> list[bytes]:
        self.batches.append([text for text, _ in batch])
        assert self.gate.wait(10)
        if any(text == "bad" for text, _ in batch):
            raise ValueError("bad")
        return [f"{task.n_best}{text}".encode() for text, _ in batch]


async def until(condition) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.001)


def test_a_lone_request_starts_at_once_and_others_are_put_together():
    async def run() -> None:
        recorder = Recorder()
        batcher = Batcher(recorder)
        lone = batcher.submit(PLAIN, texts("a"))
        await until(lambda: recorder.batches == [["a"]])
        later = [batcher.submit(PLAIN, texts(text, text * 2)) for text in "bcd"]
        await asyncio.sleep(0)
        recorder.gate.set()
        assert await lone == [b"0a"]
        assert await asyncio.gather(*later) == [[b"0b", b"0bb"], [b"0c", b"0cc"], [b"0d", b"0dd"]]
        assert recorder.batches == [["a"], ["b", "bb", "c", "cc", "d", "dd"]]
        batcher.close()

    asyncio.run(run())


def test_the_next_batch_starts_once_those_who_were_answered_have_asked_again():
    async def run() -> None:
        recorder = Recorder()
        recorder.gate.set()
        batcher = Batcher(recorder)

        async def client(name: str) -> None:
            for number in range(20):
                await batcher.submit(PLAIN, texts(f"{name}{number}"))

        await asyncio.gather(*map(client, "abcd"))
        assert sorted(text for batch in recorder.batches for text in batch) == sorted(
            f"{name}{number}" for name in "abcd" for number in range(20)
        )
        assert len(recorder.batches) <= 21
        batcher.close()

    asyncio.run(run())


def test_a_batch_has_one_task_and_the_others_keep_their_order():
    async def run() -> None:
        recorder = Recorder()
        recorder.gate.set()
        batcher = Batcher(recorder)
        tasks = [PLAIN, DETAILED, PLAIN, DETAILED]
        found = await asyncio.gather(*(batcher.submit(task, texts(str(i))) for i, task in enumerate(tasks)))
        assert found == [[b"00"], [b"11"], [b"02"], [b"13"]]
        assert recorder.batches == [["0", "2"], ["1", "3"]]
        batcher.close()

    asyncio.run(run())


def test_a_request_with_many_texts_does_not_hold_up_a_small_one():
    async def run() -> None:
        recorder = Recorder()
        recorder.gate.set()
        batcher = Batcher(recorder)
        many = batcher.submit(PLAIN, texts(*["x" * 4000] * 100))
        small = batcher.submit(PLAIN, texts("small"))
        assert await small == [b"0small"]
        assert len(recorder.batches) == 1
        assert len(await many) == 100
        batcher.close()

    asyncio.run(run())


def test_a_very_long_text_runs_beside_others():
    async def run() -> None:
        recorder = Recorder()
        batcher = Batcher(recorder)
        long = batcher.submit(PLAIN, texts("x" * 100_000))
        await until(lambda: len(recorder.batches) == 1)
        small = batcher.submit(PLAIN, texts("small"))
        await until(lambda: len(recorder.batches) == 2)
        recorder.gate.set()
        assert await small == [b"0small"]
        assert len(await long) == 1
        batcher.close()

    asyncio.run(run())


def test_a_request_fails_for_no_other_ones_text():
    async def run() -> None:
        recorder = Recorder()
        batcher = Batcher(recorder)
        requests = [batcher.submit(PLAIN, texts(text)) for text in ("a", "good", "bad", "fine")]
        await asyncio.sleep(0)
        recorder.gate.set()
        found = await asyncio.gather(*requests, return_exceptions=True)
        assert found[1] == [b"0good"]
        assert isinstance(found[2], ValueError)
        assert found[3] == [b"0fine"]
        batcher.close()

    asyncio.run(run())


def test_what_a_cancelled_request_has_left_is_dropped():
    async def run() -> None:
        recorder = Recorder()
        batcher = Batcher(recorder)
        first = batcher.submit(PLAIN, texts("a"))
        await until(lambda: recorder.batches == [["a"]])
        gone, stays = (batcher.submit(PLAIN, texts(text)) for text in ("gone", "stays"))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        recorder.gate.set()
        assert await stays == [b"0stays"]
        assert recorder.batches == [["a"], ["stays"]]
        await first
        with pytest.raises(asyncio.CancelledError):
            await gone
        batcher.close()

    asyncio.run(run())
