"""The JavaScript module in Node and in a browser: the same tokens, sentences, entities and confidences as in Python."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

import nertagger
from nertagger.config import Config
from nertagger.corpus import read
from nertagger.text.document import Document, Sentence
from nertagger.text.segment import segment
from nertagger.text.tokenization.agreement import join_words
from nertagger.text.tokenization.profiles import Profile

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(__file__).parent / "javascript"
MODELS = ROOT / "tests" / "models"
STORED = ["small", "one_hot", "contextual", "committee", "small_int8"]
TOLERANCE = {"small_int8": 2e-2}  # 8-bit products differ between processors
PAGE_TOLERANCE = 1e-3  # and a little between a browser and Python, for the English tagger
CORPORA = ["uner_ewt/test.iob2", "wnut17/test.conll", "sec/test.conll", "wikigold/test.conll", "uner_pud/test.iob2"]


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the module with the packages that it needs, and the scripts of these tests."""
    npm = shutil.which("npm")
    if npm is None:
        (pytest.fail if "NERTAGGER_REQUIRE_SERVERS" in os.environ else pytest.skip)("there is no npm on this machine")
    folder = tmp_path_factory.mktemp("js") / "nertagger"
    shutil.copytree(ROOT / "js", folder, ignore=shutil.ignore_patterns("node_modules"))
    shutil.copytree(SCRIPTS, folder, dirs_exist_ok=True)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    return folder


@pytest.fixture(scope="session")
def english(package: Path) -> Path:
    """Return the complete file of the English tagger, in the folder of the module."""
    nertagger.load("english").save(package / "model.ner")
    return package / "model.ner"


@pytest.fixture
def node(package: Path) -> Callable[..., dict[str, Any]]:
    """Return a function that tags in Node; it returns the results by model."""

    def run(*models: Path, **request: Any) -> dict[str, Any]:
        text = json.dumps({"models": list(map(str, models)), **request})
        result = subprocess.run(
            ["node", "tag.mjs"], cwd=package, input=text, capture_output=True, text=True, timeout=300
        )
        assert result.returncode == 0, result.stderr
        found = json.loads(result.stdout)
        return {model.stem: found[str(model)] for model in models}

    return run


@pytest.fixture
def site(package: Path, english: Path) -> Iterator[str]:
    """Return the address of a server of files: the module, the packages and the model."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(package))) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def raw_texts(path: Path, count: int) -> list[str]:
    """Return sentences of an annotated file as they would have been written."""
    return [join_words(sentence.words)[0] for sentence in [one for one in read(path) if len(one)][:count]]


def thousand(bundled: Path) -> list[str]:
    """Return 1,000 sentences."""
    return raw_texts(bundled / "test.conll", 700) + raw_texts(bundled / "dev.conll", 300)


def units(text: str) -> list[int]:
    """Return the offset of each character in UTF-16 units, and that of the end."""
    return list(accumulate((1 + (character > "\uffff") for character in text), initial=0))


def segments(document: Document) -> list[list[Any]]:
    at = units(document.text)
    return [[list(sentence.words), [at[start] for start in sentence.starts]] for sentence in document.sentences]


def assert_same_entities(found: Sequence[Any], expected: Iterable[Document], *, tolerance: float = 1e-4) -> None:
    for one, document in zip(found, expected, strict=True):
        at = units(document.text)
        spans = [[entity["label"], entity["start"], entity["end"], entity["text"]] for entity in one["entities"]]
        assert spans == [[e.label, at[e.start], at[e.end], e.text] for e in document.entities]
        confidences = [entity["confidence"] for entity in one["entities"]]
        assert confidences == pytest.approx([e.confidence for e in document.entities], abs=tolerance)


def check(tagger: nertagger.Tagger, results: dict[str, Any], texts: Sequence[str]) -> None:
    documents = list(tagger.pipe(texts))
    assert results["segments"] == [segments(document) for document in documents]
    assert_same_entities(results["documents"], documents)


PIECES = (
    "Dr. Mr. U.S. e.g. Ph.D. St. Inc. cannot gonna didnt don't I'm O'Brien rock'n'roll AT&T w/o c/o No. 5 p. 12) 3.14 "
    "1,000 12:30pm 5km 2009-05-01 https://ex.com/a_(b)?q=1. www.a.b me@x.org @user #tag a.b.c foo.pdf e-mail pre-war "
    "Berlin London Obama The He and . .. ... … ? ! ?! , ; : ' \" ( ) [ ] - -- — _ * / \\ | < > => :) :-D ;P <3 “ ” ‘ ’ "
    "« » `` '' । ॥ ۔ ؟ ። ፡፡ 。 ！ ？ ، ؛ ։ ๚ ။ល။ ၊ डॉ. है. د. پی. ג. ქ. ი. अ. 😀 👨\u200d👩\u200d👧 🇩🇪🇫🇷 👍🏽 ❤️ 1️⃣ é "
    "e\u0301 a\u0308\u0301 İstanbul ſ K ı ß ς Σ ǅ 𝒳 𐐀 서울에서 北京 カタカナ ﬁ ² ① ½ ٣ १२ Müller ΑΘΗΝΑ Москва שלום "
    "مرحبا \u200f \u200b \ufeff \u00ad \ud800 x\udc00"
).split(" ")
GAPS = ["", "", *[" "] * 4, "  ", *"\n\t\u00a0\u3000\u2028\x85\x0c\x1f", "\n\n", "\r\n", "\r\n\r\n"]
LONG = ["x" * 100_000, "a.b" * 30_000, "'a" * 30_000, "-" * 100_000, "😀" * 30_000, "e\u0301" * 30_000, "a. " * 9_000]


def hard_texts(count: int) -> list[str]:
    """Return texts of what is difficult for a tokenizer, at random but the same each time."""
    rng = random.Random(20)
    counts = [rng.randint(1, 60) for _ in range(count)]
    return ["", "   ", *("".join(rng.choice(PIECES) + rng.choice(GAPS) for _ in range(pieces)) for pieces in counts)]


def test_sentences_are_tagged_as_in_python(node, english, bundled):
    texts = thousand(bundled)
    assert len(texts) == 1000
    check(nertagger.load(english), node(english, texts=texts)["model"], texts)


def test_sentences_of_real_corpora_are_tagged_as_in_python(node, english, shared_data):
    texts = [text for name in CORPORA for text in raw_texts(shared_data / name, 200)]
    check(nertagger.load(english), node(english, texts=texts)["model"], texts)


def test_hard_texts_are_tagged_as_in_python(node, english):
    texts = [*hard_texts(400), "x" * 100_000]
    check(nertagger.load(english), node(english, texts=texts)["model"], texts)


def test_calls_at_the_same_time_do_not_disturb_one_another(node, english, bundled):
    found = node(english, texts=raw_texts(bundled / "test.conll", 20))["model"]
    for one, alone in zip(found["documents"], found["at_once"], strict=True):
        assert [list(entity.values())[:4] for entity in alone["entities"]] == [
            list(entity.values())[:4] for entity in one["entities"]
        ]


def test_offsets_can_count_code_points(node, english):
    text = "😀 Barack Obama 👍🏽 met Angela Merkel in 𝒳 Paris."
    (document,) = node(english, texts=[text], offsets="code-points")["model"]["documents"]
    assert [text[e["start"] : e["end"]] for e in document["entities"]] == [e["text"] for e in document["entities"]]
    assert len(document["entities"]) > 1


def test_long_sentences_are_tagged_as_in_python(node, english):
    text = " ".join(["Angela Merkel met people from Paris and Boston Consulting Group ,"] * 600)
    check(nertagger.load(english), node(english, texts=[text])["model"], [text])


def test_profiles_of_other_tokenizers_split_as_in_python(package):
    texts = [*hard_texts(200), *LONG]
    script = (
        'import { segment } from "./src/text/segment.js"; import { text } from "node:stream/consumers";'
        "const { texts, profiles } = JSON.parse(await text(process.stdin));"
        "const pairs = (text, profile) => segment(text, profile).map(({ words, starts }) => [words, starts]);"
        "const found = profiles.map((profile) => texts.map((text) => pairs(text, profile)));"
        "console.log(JSON.stringify(found));"
    )
    request = json.dumps({"texts": texts, "profiles": list(Profile)})
    command = ["node", "--input-type=module", "--eval", script]
    result = subprocess.run(command, cwd=package, input=request, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    for profile, found in zip(Profile, json.loads(result.stdout), strict=True):
        assert found == [segments(segment(text, profile=profile)) for text in texts]


def test_models_of_every_kind_tag_as_in_python(node, bundled):
    expected = json.loads((MODELS / "expected.json").read_text(encoding="utf-8"))
    texts = [*expected["texts"], *raw_texts(bundled / "dev.conll", 50)]
    sentences = [*expected["sentences"], [], ["a" * 300, "", "😀" * 60]]
    results = node(*(MODELS / f"{name}.ner" for name in STORED), texts=texts, sentences=sentences)
    for name, found in results.items():
        tagger = nertagger.load(MODELS / f"{name}.ner")
        assert_same_entities(found["documents"], tagger.pipe(texts), tolerance=TOLERANCE.get(name, 1e-4))
        assert found["tags"] == tagger.tag_tokens(sentences)


@pytest.mark.parametrize("output", ["crf", "softmax"])
def test_both_output_layers_decode_as_in_python(node, make_lexicon_model, output):
    model = make_lexicon_model({"New": "B-LOC", "York": "E-LOC", "odd": "I-PER", "Ann": "S-PER"}, output=output)
    texts = ["Ann met odd odd Ann New York York New. odd", "New New York odd."]
    check(nertagger.load(model), node(model, texts=texts)["made"], texts)


def test_names_in_lists_are_an_input_as_in_python(node, tmp_path):
    (tmp_path / "names.tsv").write_text(
        "Ann Roe\tPER\nRoe\tPER\nRoe\tORG\nNew York\tLOC\nYork City of Oz\tLOC\nNew\tMISC\n"
    )
    settings = {
        "encoder.source": "none", "words.size": 6, "network.units": 8, "network.layers": 1, "training.epochs": 2,
        "features.gazetteers": [str(tmp_path / "names.tsv")], "output.model": str(tmp_path / "lists.ner"),
    }  # fmt: skip
    train = [Sentence.from_words(("Ann", "Roe", "left"), tags=("B-PER", "I-PER", "O"))] * 4
    tagger = nertagger.train(Config().updated(settings), train=train, dev=train[:1])
    texts = [
        "Ann Roe left New York City of Oz. Roe met New York, New Roe.",
        "York City of",
        "Ann Ann Roe Roe 😀 New",
        "",
    ]
    check(tagger, node(tmp_path / "lists.ner", texts=texts)["lists"], texts)
    sentences = [["Ann", "Roe"] * 400, ["New\0", "New", "York\0000"], ["Ann\0Roe"]]
    assert node(tmp_path / "lists.ner", sentences=sentences)["lists"]["tags"] == tagger.tag_tokens(sentences)


def test_a_file_that_is_no_tagger_is_an_error_of_one_line(node, english, tmp_path):
    content = english.read_bytes()
    damaged = bytearray(content)
    damaged[len(content) // 2] ^= 1
    files = {"cut": content[:9000], "damaged": bytes(damaged), "text": b"no zip", "empty": b""}
    for name, wrong in files.items():
        (tmp_path / name).write_bytes(wrong)
    found = node(*map(tmp_path.joinpath, files), MODELS / "small.lm")
    assert all(message.startswith("ModelFileError: ") and "\n" not in message for message in found.values())
    assert "hash" in found["damaged"]
    assert "expected a tagger" in found["small"]


def test_a_page_tags_as_python_without_other_hosts(site, open_page, english, bundled):
    texts = raw_texts(bundled / "test.conll", 150)
    texts += [
        text for text in hard_texts(50) if not re.search("[\ud800-\udfff]", text)
    ]  # those cannot be sent to a page
    page = open_page(f"{site}/page.html")
    page.wait_for_function("Boolean(window.tagAll)")
    found = page.evaluate("texts => window.tagAll(texts)", texts)
    assert_same_entities(found, nertagger.load(english).pipe(texts), tolerance=PAGE_TOLERANCE)


def test_types_of_the_module_are_right(package):
    result = subprocess.run(["npx", "tsc"], cwd=package, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout


GUIDE = (ROOT / "docs" / "guides" / "javascript.md").read_text(encoding="utf-8")


def test_programs_of_the_guide_print_what_it_shows(package, english):
    english.with_name("english.ner").write_bytes(english.read_bytes())
    programs = re.findall(r"```js\n(.*?)```\n\n```text\n(.*?)```", GUIDE, re.S)
    assert len(programs) == GUIDE.count("```js")
    for program, shown in programs:
        command = ["node", "--input-type=module", "--eval", program]
        result = subprocess.run(command, cwd=package, capture_output=True, text=True, timeout=60)
        assert (result.stdout, result.stderr) == (shown, "")


def test_the_page_of_the_guide_shows_names(site, package, open_page, english):
    english.with_name("english.ner").write_bytes(english.read_bytes())
    page = re.search(r"```html\n(.*?)```", GUIDE, re.S)
    (package / "guide.html").write_text(page[1].replace("./node_modules/nertagger/", "./"), encoding="utf-8")
    shown = open_page(f"{site}/guide.html")
    shown.wait_for_function("document.querySelector('#names').textContent")
    assert shown.text_content("#names").strip() == "Angela Merkel, Paris"
