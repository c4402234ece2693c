"""The page of ``nertagger serve`` in a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nertagger.modelfile.writer import write_model
from tests.services import RunningService
from tests.small_models import lexicon_members

expect = pytest.importorskip("playwright.sync_api").expect

TEXT = "Barack Obama flew to Paris. Michelle stayed in New York."
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    '"><svg/onload=alert(1)>',
    "javascript:alert(1)//{{7*7}}${alert(1)}",
]
HTML = b"<title>T</title><script>alert(1)</script><img src=x onerror=alert(1)><p>A&amp;B\n<b>Paris</b>"
LABEL = "<b/onclick=alert(1)>"


@pytest.fixture
def service(start_service: Callable[..., RunningService], lexicon_model: Path) -> RunningService:
    return start_service("serve", str(lexicon_model))


def fill(page: Any, text: str) -> None:
    page.fill("#text", text)
    page.wait_for_selector("#result .sentence")


def test_a_text_is_tagged_filtered_explained_and_saved(service, open_page):
    page = open_page(service.url, permissions=["clipboard-read", "clipboard-write"])
    fill(page, TEXT)
    assert page.eval_on_selector_all("mark", "all => all.map(mark => mark.entity.text)") == [
        "Barack Obama",
        "Paris",
        "Michelle",
        "New York",
    ]
    page.click("#legend button:has-text('PER')")
    shown = page.eval_on_selector_all("mark:not(.off)", "all => all.map(mark => mark.entity.text)")
    assert shown == ["Paris", "New York"]
    page.click("#copy")
    expect(page.locator("#status")).to_have_text("Copied.")
    copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert [entity["text"] for entity in copied["entities"]] == ["Paris", "New York"]
    page.select_option("#format", "conll")
    with page.expect_download() as download:
        page.click("#download")
    assert download.value.suggested_filename == "tagged.conll"
    content = Path(download.value.path()).read_text(encoding="utf-8")
    assert "Paris\tB-LOC" in content
    assert "Obama\tO" in content
    page.fill("#confidence", "100")
    assert page.locator("mark:not(.off)").count() == 0
    page.locator(".sentence").first.click()
    page.wait_for_selector("#labellings li")
    assert "Barack Obama" in page.locator("#labellings li").first.inner_text()


def test_every_format_can_be_downloaded(service, open_page):
    formats = open_page(service.url).eval_on_selector_all("#format option", "all => all.map(option => option.value)")
    for format in formats:
        page = open_page(service.url)  # Chromium lets a page start ten downloads at most
        fill(page, TEXT)
        page.select_option("#format", format)
        with page.expect_download() as download:
            page.click("#download")
        assert Path(download.value.path()).stat().st_size > 0, format


def test_the_keyboard_is_enough(service, open_page):
    page = open_page(service.url)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the link that skips to the text
    page.keyboard.type(TEXT)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#result .sentence")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "sentence":
            break
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent").startswith("Michelle")
    page.keyboard.press("Enter")
    page.wait_for_selector("#labellings li")
    assert page.locator("#sentence").inner_text() == "Michelle stayed in New York."


def test_files_are_read(service, open_page, tmp_path):
    page = open_page(service.url)
    names = [tmp_path / "<img src=x onerror=alert(1)>.txt", tmp_path / "b.txt"]
    for name, content in zip(names, ("Paris\n", "Michelle"), strict=True):
        name.write_text(content)
    page.set_input_files("#files", names)
    page.wait_for_selector("mark")
    assert page.input_value("#text") == "Paris\n\n\nMichelle"


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("a.txt", b"\xef\xbb\xbfParis", "Paris"),
        ("a.txt", "Zoë saw Paris €".encode("utf-16"), "Zoë saw Paris €"),
        ("a.txt", b"Zo\xc3\xab\nZo\xeb \x80 Paris\n", "Zoë\nZoë € Paris\n"),
        ("a.html", HTML, "T\n\nA&B Paris"),
        ("a.htm", b"<meta charset=latin1><p>K\xf6ln Paris", "Köln Paris"),
    ],
)  # fmt: skip
def test_files_of_several_encodings_are_read(service, open_page, name, content, shown):
    page = open_page(service.url)
    page.set_input_files("#files", {"name": name, "mimeType": "", "buffer": content})
    page.wait_for_selector("mark")
    assert page.input_value("#text") == shown


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.pdf", b"%PDF-1.7 x", "a.pdf: is not a text file"),
        ("a.docx", b"PK\x03\x04\x00", "a.docx: is not a text file"),
        ("a.txt", b"a" * 1_000_001, "got 1,000,001 bytes, expected at most 1,000,000"),
    ],
)
def test_other_files_are_refused_and_the_text_is_kept(service, open_page, name, content, problem):
    page = open_page(service.url)
    fill(page, TEXT)
    page.set_input_files("#files", {"name": name, "mimeType": "", "buffer": content})
    expect(page.locator("#problem")).to_contain_text(problem)
    assert page.input_value("#text") == TEXT


def test_a_file_can_be_dropped_anywhere(service, open_page):
    page = open_page(service.url)
    files = page.evaluate_handle(
        "() => { const all = new DataTransfer(); all.items.add(new File(['Paris'], 'a.txt')); return all; }"
    )
    page.dispatch_event("header", "drop", {"dataTransfer": files})
    page.wait_for_selector("mark")


def test_labellings_are_beside_the_sentence_in_a_narrow_window(service, open_page):
    page = open_page(service.url, width=390, height=800)
    fill(page, TEXT + " Nobody came." * 500)
    page.locator(".sentence").first.click()
    page.wait_for_selector("#labellings li")
    assert page.evaluate("scrollY") < 800
    assert page.locator("#readings").bounding_box()["y"] < 800
    page.keyboard.press("Escape")
    expect(page.locator("#readings")).to_be_hidden()


def test_long_texts_and_long_labels_are_shown(open_page, start_service, tmp_path):
    path = tmp_path / "long.ner"
    label = "L" * 60
    write_model(path, lexicon_members({"Paris": f"S-{label}"} | {f"w{i}": f"S-LABEL_{i}" for i in range(40)}))
    page = open_page(start_service("serve", str(path)).url, width=390)
    page.fill("#text", "Paris is not far.\n" * 1500)
    page.click("#tag")
    page.wait_for_selector("#result .sentence")
    # Directions that are found anew for each line or sentence take a browser minutes at ten times the length.
    assert page.eval_on_selector_all("#text, #result", "all => all.map(one => one.dir)") == ["ltr", "ltr"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("#legend button").inner_text().startswith(label)


def test_text_and_labels_never_become_markup(open_page, start_service, tmp_path):
    path = tmp_path / "hostile.ner"
    write_model(path, lexicon_members({"Paris": f"S-{LABEL}"}))
    page = open_page(start_service("serve", str(path)).url)
    for text in HOSTILE:
        fill(page, f"{text} Paris {text}")
        expect(page.locator("#result")).to_contain_text(f"Paris{LABEL} {text}")
        page.locator(".sentence").first.click()
        page.wait_for_selector("#labellings li")
        assert page.locator("main img, main script, main svg, [onclick], [onerror]").count() == 0
    assert page.locator("#legend button").first.inner_text().startswith(LABEL)
    page.wait_for_timeout(100)  # the fixture fails the test if a script has run


@pytest.mark.parametrize("width", [390, 768, 1600])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_is_accessible(service, open_page, findings, width, scheme):
    page = open_page(service.url, width=width, color_scheme=scheme)
    assert findings(page) == []
    fill(page, f"{TEXT} {'x' * 500} https://example.org/{'y' * 300}")
    page.locator(".sentence").first.click()
    page.wait_for_selector("#labellings li")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert findings(page) == []


def test_characters_outside_the_basic_plane_keep_their_places(service, open_page):
    page = open_page(service.url)
    fill(page, "😀😀 Paris 𝔘𝔫 妈 Michelle 👩‍👩‍👧 \ud800 Paris")
    marks = page.eval_on_selector_all("mark", "all => all.map(mark => mark.firstChild.data)")
    assert marks == ["Paris", "妈", "Michelle", "Paris"]
    shown = page.eval_on_selector("#result", "place => place.textContent")
    assert shown.startswith("😀😀 Paris")


def test_the_page_asks_for_the_token(start_service, open_page, lexicon_model):
    service = start_service("serve", str(lexicon_model), NERTAGGER_TOKEN="s3cret")
    page = open_page(service.url)
    page.wait_for_selector("#token", state="visible")
    page.fill("#token", "wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector("#problem:visible")
    page.fill("#token", "s3cret")
    page.keyboard.press("Enter")
    page.wait_for_selector("#access", state="hidden")
    fill(page, TEXT)
    assert page.locator("mark").count() == 4
    page = open_page(f"{service.url}/#token=s3cret")
    fill(page, TEXT)
    assert "token" not in page.url


def test_what_is_wrong_is_shown(service, open_page):
    page = open_page(service.url)
    fill(page, "Paris")
    page.fill("#text", "x " * 600_000)
    page.click("#tag")
    page.wait_for_selector("#problem:visible")
    assert "1,000,000 bytes" in page.inner_text("#problem")
    fill(page, "Paris")
    page.wait_for_selector("#problem", state="hidden")
