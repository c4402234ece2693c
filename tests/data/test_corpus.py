"""The sample corpus: it is what its script writes, and it is hard enough to be worth training on."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from nertagger.corpus import read
from nertagger.evaluation import evaluate
from nertagger.text import Sentence, Span, TagScheme, detect_scheme, read_spans, write_tags
from nertagger.text.schemes import count_repairs
from nertagger.text.segment import segment
from nertagger.text.tokenization.agreement import join_words

DATA = Path(__file__).resolve().parents[2] / "data"
NAMES = ("train", "dev", "test", "right_context")


@pytest.fixture(scope="module")
def corpus() -> dict[str, list[Sentence]]:
    return {name: read(DATA / f"{name}.conll") for name in NAMES}


def entities(sentences: list[Sentence]) -> list[tuple[str, str]]:
    """Return each entity's type and surface."""
    return [
        (span.label, " ".join(sentence.words[span.first : span.stop]))
        for sentence in sentences
        for span in read_spans(sentence.tags or ())
    ]


def make(folder: Path, *, seed: int | None = None) -> dict[str, bytes]:
    options = [] if seed is None else ["--seed", str(seed)]
    script = DATA / "make_corpus.py"
    subprocess.run([sys.executable, "-B", script, folder, *options], check=True, capture_output=True)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_files_are_exactly_what_the_script_writes(tmp_path: Path) -> None:
    made = make(tmp_path)
    assert sorted(made) == sorted([*(f"{name}.conll" for name in NAMES), "raw.txt"])
    assert all((DATA / name).read_bytes() == content for name, content in made.items())


def test_another_seed_gives_as_many_other_sentences(tmp_path: Path) -> None:
    once, again = make(tmp_path / "once", seed=7), make(tmp_path / "again", seed=7)
    assert once == again
    assert once["train.conll"] != (DATA / "train.conll").read_bytes()
    assert once["train.conll"].count(b"\n\n") == 3500


def test_the_folder_stays_small() -> None:
    assert sum(path.stat().st_size for path in DATA.glob("*.*")) < 1_500_000


def test_there_are_many_sentences_and_all_types_in_valid_iob2(corpus: dict[str, list[Sentence]]) -> None:
    assert [len(corpus[name]) for name in ("train", "dev", "test")] == [3500, 700, 700]
    for sentences in corpus.values():
        assert {label for label, _ in entities(sentences)} == {"PER", "LOC", "ORG", "PRODUCT", "DATE"}
        tags = [sentence.tags or () for sentence in sentences]
        assert detect_scheme(tags) is TagScheme.IOB2
        assert sum(count_repairs(t, TagScheme.IOB2) for t in tags) == 0


def test_parts_share_only_sentences_of_one_token(corpus: dict[str, list[Sentence]]) -> None:
    train, dev, test = ({s.words for s in corpus[name] if len(s) > 1} for name in ("train", "dev", "test"))
    assert not train & dev
    assert not train & test
    assert not dev & test
    assert {s.words for s in corpus["right_context"] if len(s) > 1} < test


@pytest.mark.parametrize("part", ["dev", "test"])
def test_most_names_are_held_out_from_training(corpus: dict[str, list[Sentence]], part: str) -> None:
    known = {surface for _, surface in entities(corpus["train"])}
    for label in ("PER", "LOC", "ORG", "PRODUCT"):
        surfaces = [surface for kind, surface in entities(corpus[part]) if kind == label]
        assert sum(surface not in known for surface in surfaces) > len(surfaces) / 2, label


@pytest.mark.parametrize(
    "pattern",
    [
        r"(\w\. ){3}[^ ]+ \( (Jr|Sr)\. \)",
        r"[^ ]+ & Sons , Inc\.",
        r"[^ ]+ , [^ ]+ & Co\.",
        r'[^ ]+ " \w+ " [^ ]+',
        r"[^ ]+ \( \w+ \) Ltd\.",
        r"St\. [^ ]+ 's Hospital",
        r"\w+ \d+ , \d{4}",
    ],
)
@pytest.mark.parametrize("part", ["train", "dev", "test"])
def test_names_have_punctuation_and_initials(corpus: dict[str, list[Sentence]], part: str, pattern: str) -> None:
    assert any(re.fullmatch(pattern, surface) for _, surface in entities(corpus[part]))


SENTENCES: dict[str, Callable[[Sentence], bool]] = {
    "an entity first": lambda s: (s.tags or ("O",))[0] != "O" and len(s) > 1,
    "an entity last": lambda s: (s.tags or ("O",))[-1] != "O" and len(s) > 1,
    "one token": lambda s: len(s) == 1,
    "more than thirty tokens": lambda s: len(s) > 30,
    "no entity": lambda s: set(s.tags or ()) == {"O"},
    "upper case": lambda s: "".join(s.words).isupper() and len(s) > 3,
    "lower case": lambda s: "".join(s.words).islower() and (s.tags or ("O",))[0] != "O",
    "contraction": lambda s: "n't" in s.words and "'s" in s.words,
    "tweet": lambda s: any(word.startswith("@") for word in s.words),
    "quote": lambda s: s.words[0] == '"',
}


@pytest.mark.parametrize("kind", SENTENCES)
@pytest.mark.parametrize("part", ["train", "dev", "test"])
def test_sentences_are_of_many_kinds(corpus: dict[str, list[Sentence]], part: str, kind: str) -> None:
    assert any(map(SENTENCES[kind], corpus[part]))


def test_first_words_of_the_probe_are_ambiguous(corpus: dict[str, list[Sentence]]) -> None:
    tags_of = defaultdict(set)
    for part in ("train", "test"):
        for sentence in corpus[part]:
            tags_of[sentence.words[0]].add((sentence.tags or ("O",))[0])
    firsts = Counter(sentence.words[0] for sentence in corpus["right_context"])
    assert sum(count for word, count in firsts.items() if len(tags_of[word]) > 1) > 0.7 * firsts.total()


def look_up(words: tuple[str, ...], names: dict[tuple[str, ...], Counter[str]]) -> list[str]:
    """Return the tags of the longest known names from the left, each with its most frequent type."""
    spans, first = [], 0
    while first < len(words):
        stops = range(len(words), first, -1)
        stop = next((stop for stop in stops if words[first:stop] in names), None)
        if stop:
            spans.append(Span(names[words[first:stop]].most_common(1)[0][0], first, stop))
        first = stop or first + 1
    return write_tags(spans, len(words))


def test_looking_up_the_names_of_train_is_not_enough(corpus: dict[str, list[Sentence]]) -> None:
    names: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for label, surface in entities(corpus["train"]):
        names[tuple(surface.split())][label] += 1
    predicted = [look_up(sentence.words, dict(names)) for sentence in corpus["dev"]]
    assert evaluate([s.tags or () for s in corpus["dev"]], predicted).micro.f1 < 0.5


def test_tokens_are_those_of_the_tokenizer(corpus: dict[str, list[Sentence]]) -> None:
    sentences = [sentence for part in ("train", "dev", "test") for sentence in corpus[part]]
    agreed = 0
    for sentence in sentences:
        found = segment(join_words(sentence.words)[0]).sentences
        agreed += sentence.words == tuple(word for part in found for word in part.words)
    assert agreed > 0.99 * len(sentences)


def test_raw_text_has_paragraphs_of_several_sentences() -> None:
    text = (DATA / "raw.txt").read_text(encoding="utf-8")
    assert sum(len(segment(paragraph).sentences) > 2 for paragraph in text.split("\n\n")) >= 8
    assert all(part in text for part in ("didn't", "(Jr.)", "'s ", "& Sons, Inc.", '"We', "$41.5 million"))


def test_counts_in_the_readme_are_those_of_the_files(corpus: dict[str, list[Sentence]]) -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    for name, sentences in corpus.items():
        types = Counter(label for label, _ in entities(sentences))
        counts = [len(sentences), sum(map(len, sentences)), types.total()]
        counts += [types[label] for label in ("PER", "LOC", "ORG", "PRODUCT", "DATE")]
        assert f"| `{name}.conll` | {' | '.join(f'{count:,}' for count in counts)} |" in readme
