"""Somebody who labels in the page by keyboard, as the gold says, and accepts and corrects proposals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from nertagger.text.document import Span

Gold = Mapping[tuple[str, ...], Sequence[Span]]
"""The entities of each sentence, by its words."""


class Shown(NamedTuple):
    """An entity as the page shows it."""

    span: Span
    is_proposed: bool


def words(page: Any) -> tuple[str, ...]:
    """Return the words of the sentence that is shown."""
    return tuple(page.eval_on_selector_all("#sentence .token", "tokens => tokens.map(one => one.textContent)"))


def shown(page: Any) -> list[Shown]:
    """Return the entities that are shown."""
    found = page.eval_on_selector_all(
        "#sentence .entity",
        """entities => entities.map(one => {
            const tokens = [...one.querySelectorAll('.token')].map(token => Number(token.dataset.token));
            return [one.dataset.label, tokens[0], tokens.at(-1) + 1, one.classList.contains('proposed')];
        })""",
    )
    return [Shown(Span(label, first, stop), proposed) for label, first, stop, proposed in found]


def label_sentence(page: Any, gold: Gold, keys: Mapping[str, str]) -> bool:
    """Label the sentence that is shown, by keyboard alone, and save it; return whether all proposals were right.

    Args:
        page: the page.
        gold: the entities of each sentence.
        keys: the key of each label.
    """
    number = sentence_number(page)
    wanted = sorted(gold[words(page)])
    proposed = sorted(entity.span for entity in shown(page))
    if not wanted:
        page.keyboard.press("n")
    elif proposed == wanted:
        page.keyboard.press("a")
    else:
        _correct(page, wanted, keys)
        assert sorted(entity.span for entity in shown(page)) == wanted
        page.keyboard.press("Shift+Enter")
    wait_for_another(page, number)
    return proposed == wanted


def sentence_number(page: Any) -> str | None:
    """Return the number of the sentence that is shown; None if there is none."""
    place = page.query_selector("#place")
    return place and place.get_attribute("data-sentence")


def wait_for_another(page: Any, number: str | None) -> None:
    """Wait until another sentence is shown, or none."""
    page.wait_for_function("before => document.querySelector('#place')?.dataset.sentence !== before", arg=number)


def select(page: Any, first: int, stop: int) -> None:
    """Select tokens by keyboard."""
    page.keyboard.press("Home")
    for _ in range(first):
        page.keyboard.press("ArrowRight")
    for _ in range(stop - first - 1):
        page.keyboard.press("Shift+ArrowRight")


def _correct(page: Any, wanted: Sequence[Span], keys: Mapping[str, str]) -> None:
    """Reject the wrong proposals and label what is missing."""
    for entity in shown(page):
        if entity.span not in wanted:
            select(page, entity.span.first, entity.span.first + 1)
            page.keyboard.press("Backspace")
    right = [entity.span for entity in shown(page)]
    for span in wanted:
        if span not in right:
            select(page, span.first, span.stop)
            page.keyboard.press(keys[span.label])
