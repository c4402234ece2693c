"""The labelling page in a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nertagger
from nertagger.annotation.project import Project
from nertagger.annotation.store.decisions import Answer
from nertagger.evaluation import evaluate_tagger
from nertagger.text import Sentence
from nertagger.text.document import Span
from nertagger.text.schemes import read_spans
from tests.integration.labeller import label_sentence, select, sentence_number, shown, wait_for_another

pytest_plugins = ["tests.services"]

TEXT = "Michelle met Bo Li in New York yesterday. Paris is far. New York is not. Nobody came."
VIEWS = ("label", "browse", "review", "progress", "settings")
HOSTILE = "<img/src=x/onerror=alert(1)>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a small text."""
    (tmp_path / "raw.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


@pytest.fixture
def annotate(folder: Path, start_service: Callable[..., Any], open_page: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that opens the page of the project p for an annotator."""
    services: list[Any] = []

    def start(*arguments: object, annotator: str = "ann", **options: Any) -> Any:
        if not services:
            given = arguments or (folder / "raw.txt", "--labels", "PER,LOC")
            services.append(start_service("annotate", str(folder / "p"), *map(str, given)))
        page = open_page(f"{services[0].url}/?annotator={annotator}", **options)
        page.wait_for_selector("#sentence, .empty")
        return page

    return start


def go_to(page: Any, number: int) -> None:
    page.evaluate("hash => { location.hash = hash; }", f"#label/{number}")
    page.wait_for_selector(f"#place[data-sentence='{number}']")


def decisions(folder: Path) -> dict[int, list[Span]]:
    return {one.sentence: one.spans for one in Project.open(folder / "p", read_only=True).decisions.gold()}


def test_a_sentence_is_labelled_by_keyboard_alone(annotate, folder):
    page = annotate()
    go_to(page, 1)
    page.keyboard.press("p")
    select(page, 2, 4)
    page.keyboard.press("1")
    select(page, 5, 7)
    page.keyboard.press("l")
    page.keyboard.press("Enter")
    wait_for_another(page, "1")
    assert decisions(folder)[1] == [Span("PER", 0, 1), Span("PER", 2, 4), Span("LOC", 5, 7)]
    page.keyboard.press("u")
    page.wait_for_selector("#place[data-sentence='1']")
    assert decisions(folder) == {}


def test_a_project_without_labels_asks_for_them_first(annotate, folder):
    page = annotate(folder / "raw.txt")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")  # would save that there are no entities
    page.wait_for_selector("#sentence")
    assert decisions(folder) == {}
    assert Project.open(folder / "p", read_only=True).settings.load().labels == ("PER", "LOC", "ORG")
    page.keyboard.press("o")
    assert [entity.span.label for entity in shown(page)] == ["ORG"]


def test_arrows_move_as_they_point_and_the_selection_stays_in_sight(annotate, folder):
    (folder / "raw.txt").write_text(
        "ذهب محمد إلى القاهرة\n\n" + "The long sentence goes on and " * 150, encoding="utf-8"
    )
    page = annotate(folder / "raw.txt", "--labels", "LOC", width=390, height=800)
    go_to(page, 1)
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("l")
    assert [entity.span for entity in shown(page)] == [Span("LOC", 3, 4)]
    go_to(page, 2)
    page.keyboard.press("End")
    box = page.locator(".token.selected").bounding_box()
    assert box["y"] + box["height"] <= page.locator(".tools").bounding_box()["y"]


def test_many_and_long_labels_leave_room_for_the_sentence(annotate, folder):
    labels = [f"{'LABEL' * 11}_{number}" for number in range(40)]
    page = annotate(folder / "raw.txt", "--labels", ",".join(labels), width=390, height=800)
    go_to(page, 1)
    page.keyboard.press("1")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".tools").bounding_box()["height"] < 400
    assert shown(page)[0].span.label == labels[0]


def test_tokens_are_selected_and_edges_dragged_with_the_mouse(annotate, folder):
    page = annotate()
    go_to(page, 1)

    def middle(selector: str) -> tuple[float, float]:
        box = page.locator(selector).bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    page.mouse.move(*middle("[data-token='2']"))
    page.mouse.down()
    page.mouse.move(*middle("[data-token='4']"), steps=5)
    page.mouse.up()
    page.click("button.label:has-text('PER')")
    assert [entity.span for entity in shown(page)] == [Span("PER", 2, 5)]
    box = page.locator("[data-token='4']").bounding_box()
    page.mouse.move(box["x"] + box["width"] + 3, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(*middle("[data-token='3']"), steps=5)
    page.mouse.up()
    assert [entity.span for entity in shown(page)] == [Span("PER", 2, 4)]
    page.click("text=Save")
    wait_for_another(page, "1")
    assert decisions(folder)[1] == [Span("PER", 2, 4)]


def test_proposals_are_accepted_rejected_and_corrected(annotate, folder, lexicon_model):
    page = annotate(folder / "raw.txt", "--labels", "PER,LOC", "--model", lexicon_model, "--train-every", "0")
    go_to(page, 1)
    assert [entity.is_proposed for entity in shown(page)] == [True, True]
    page.keyboard.press("Enter")
    assert [entity.is_proposed for entity in shown(page)] == [False, True]
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    wait_for_another(page, "1")
    assert decisions(folder)[1] == [Span("PER", 0, 1)]
    go_to(page, 3)
    page.keyboard.press("a")
    wait_for_another(page, "3")
    assert decisions(folder)[3] == [Span("LOC", 0, 2)]
    go_to(page, 2)
    page.keyboard.press("n")
    wait_for_another(page, "2")
    assert decisions(folder)[2] == []
    page.keyboard.press("s")
    page.wait_for_selector(".empty")


def test_a_name_is_labelled_everywhere_after_a_look(annotate, folder):
    page = annotate()
    go_to(page, 3)
    page.keyboard.press("n")
    wait_for_another(page, "3")
    go_to(page, 1)
    select(page, 5, 7)
    page.keyboard.press("l")
    page.keyboard.press("e")
    page.wait_for_selector("dialog[open] .places li")
    page.click("text=Label them")
    page.wait_for_function("() => !document.querySelector('dialog[open]')")
    page.wait_for_timeout(300)
    assert decisions(folder)[3] == [Span("LOC", 0, 2)]


def test_a_second_window_never_overwrites_silently(annotate, folder):
    one, two = annotate(), annotate()
    for page in (one, two):
        go_to(page, 2)
    one.keyboard.press("l")
    one.keyboard.press("Enter")
    wait_for_another(one, "2")
    two.keyboard.press("n")
    two.wait_for_selector("dialog[open] >> text=Decided elsewhere meanwhile")
    assert decisions(folder)[2] == [Span("LOC", 0, 1)]
    two.click("text=Save mine")
    wait_for_another(two, "2")
    assert decisions(folder)[2] == []


def test_two_annotators_disagree_and_settle_it(annotate, folder):
    annotate().wait_for_selector("#sentence")
    project = Project.open(folder / "p")
    project.decisions.record(Answer(1, "ann", [Span("PER", 0, 1)]))
    project.decisions.record(Answer(1, "bob", [Span("LOC", 0, 1)]))
    page = annotate(annotator="ann")
    page.click("text=Review")
    page.wait_for_selector("text=ann and bob")
    page.click("text=Decide as bob")
    page.wait_for_timeout(300)
    assert {tuple(one.spans) for one in project.decisions.of_sentence(1)} == {(Span("LOC", 0, 1),)}


def test_search_filters_settings_and_the_list_of_keys(annotate):
    page = annotate()
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open] >> text=Keyboard")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.fill("#query", "new york")
    page.wait_for_selector("#found:has-text('2 sentences found')")
    page.click("text=Settings")
    page.fill("[aria-label='New label']", "ORG")
    page.click("text=Add label")
    page.wait_for_selector(".labels >> text=ORG")
    page.fill("textarea", "Titles are not part of names.")
    page.click("text=Save guidelines")
    page.click("nav >> text=Label")
    page.wait_for_selector("text=Titles are not part of names.")


@pytest.mark.parametrize("width", [390, 768, 1600])
def test_every_view_fits_its_window_and_is_accessible(annotate, findings, folder, lexicon_model, width):
    page = annotate(folder / "raw.txt", "--labels", "PER,LOC", "--model", lexicon_model, width=width)
    project = Project.open(folder / "p")
    project.decisions.record(Answer(1, "ann", [Span("PER", 0, 1)]))
    project.decisions.record(Answer(1, "bob", [Span("LOC", 0, 1)]))
    for view in VIEWS:
        page.evaluate("hash => { location.hash = hash; }", "#label/1" if view == "label" else f"#{view}")
        page.wait_for_selector("main .card")
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, view
        assert findings(page) == [], view


def test_hostile_strings_are_shown_as_text(annotate, folder):
    hostile = folder / f"{HOSTILE.replace('/', '_')}.txt"
    hostile.write_text(f"{HOSTILE} said <script>alert(2)</script> to \u202eBo\u202c.", encoding="utf-8")
    page = annotate(hostile, "--labels", HOSTILE, annotator="%3Cimg%20src=x%20onerror=alert(3)%3E")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_selector(".empty")
    for view in VIEWS:
        page.evaluate("hash => { location.hash = hash; }", f"#{view}")
        page.wait_for_timeout(300)
        assert page.query_selector("main img, main script, header img") is None
    page.evaluate("location.hash = '#browse'")
    page.wait_for_selector("#list >> text=said <script>alert(2)</script>")


def test_label_train_correct_export_evaluate(annotate, folder, shared_data):
    """The whole loop on WikiGold, with the gold as the labeller."""
    gold = nertagger.read(shared_data / "wikigold" / "train.conll")
    spans = {sentence.words: read_spans(sentence.tags or ()) for sentence in gold}
    file = folder / "wikigold.jsonl"
    file.write_text("".join(json.dumps({"tokens": sentence.words}) + "\n" for sentence in gold[:600]), encoding="utf-8")
    page = annotate(file, "--labels", "PER,LOC,ORG,MISC", "--train-every", "60")
    keys = {"PER": "p", "LOC": "l", "ORG": "o", "MISC": "m"}
    for _ in range(60):
        label_sentence(page, spans, keys)
    page.wait_for_selector("#training:has-text('model of 60 answers')", timeout=400_000)
    page.wait_for_timeout(1000)
    assert any(entity.is_proposed for entity in shown(page)) or sentence_number(page)
    right = sum(label_sentence(page, spans, keys) for _ in range(60))
    assert right > 5
    assert [sorted(spans[s.words]) for s in _read(folder)] == [sorted(read_spans(s.tags or ())) for s in _read(folder)]
    assert len(_read(folder)) == 120
    page.click("nav >> text=Progress")
    page.wait_for_selector(".chart", timeout=400_000)
    tagger = nertagger.load(folder / "p" / "models" / "model-1.ner")
    assert evaluate_tagger(tagger, nertagger.read(shared_data / "wikigold" / "test.conll")).micro.f1 > 0.1


def _read(folder: Path) -> list[Sentence]:
    return nertagger.read(folder / "p")
