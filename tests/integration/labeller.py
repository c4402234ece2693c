"""Somebody who labels in the page by keyboard, as the gold says, and accepts and corrects proposals."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page

from nertagger.text.document import Span

Gold = Mapping[tuple[str, ...], Sequence[Span]]


class Shown(NamedTuple):
    """An entity as the page shows it."""

    span: Span
    is_proposed: bool


@contextmanager
def annotating(*arguments: str | Path) -> Iterator[str]:
    """Run ``nertagger annotate`` on a free port while the block runs, and provide its address."""
    command = [sys.executable, "-m", "nertagger", "annotate", *map(str, arguments), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            told = []
            for line in process.stderr:
                told.append(line)
                if found := re.search(r"http://\S+", line):
                    yield found[0]
                    break
            else:
                raise AssertionError(f"ended without an address: {''.join(told)}")
        finally:
            process.terminate()
            process.stderr.close()
            process.wait(30)


def open_page(page: Page, address: str, annotator: str = "ann") -> None:
    """Open the page for an annotator."""
    page.goto(f"{address}?annotator={annotator}")
    page.wait_for_selector("#sentence, .empty")


def words(page: Page) -> tuple[str, ...]:
    """Return the words of the sentence that is shown."""
    return tuple(page.eval_on_selector_all("#sentence .token", "tokens => tokens.map(one => one.textContent)"))


def shown(page: Page) -> list[Shown]:
    """Return the entities that are shown."""
    found = page.eval_on_selector_all(
        "#sentence .entity",
        """entities => entities.map(one => {
            const tokens = [...one.querySelectorAll('.token')].map(token => Number(token.dataset.token));
            const label = one.querySelector('.tag').firstChild.textContent.split(' ')[0];
            return [label, tokens[0], tokens.at(-1) + 1, one.classList.contains('proposed')];
        })""",
    )
    return [Shown(Span(label, first, stop), proposed) for label, first, stop, proposed in found]


def label_sentence(page: Page, gold: Gold, keys: Mapping[str, str]) -> None:
    """Label the sentence that is shown, by keyboard alone, and save it."""
    sentence = page.get_attribute("#place", "data-sentence")
    wanted = list(gold[words(page)])
    for entity in shown(page):
        if entity.span not in wanted:
            _move(page, entity.span.first)
            page.keyboard.press("Backspace")
    right = [entity.span for entity in shown(page)]
    if not wanted:
        page.keyboard.press("n")
    elif sorted(right) == sorted(wanted):
        page.keyboard.press("a")
    else:
        for span in wanted:
            if span not in right:
                _move(page, span.first)
                for _ in range(span.stop - span.first - 1):
                    page.keyboard.press("Shift+ArrowRight")
                page.keyboard.press(keys[span.label])
        assert sorted(entity.span for entity in shown(page)) == sorted(wanted)
        page.keyboard.press("Shift+Enter")
    page.wait_for_function("before => document.querySelector('#place')?.dataset.sentence !== before", arg=sentence)


def _move(page: Page, token: int) -> None:
    page.keyboard.press("Home")
    for _ in range(token):
        page.keyboard.press("ArrowRight")
