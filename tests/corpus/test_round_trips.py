"""Round trips through formats and schemes preserve every entity."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nertagger.corpus import FORMATS, read, write, write_documents
from nertagger.corpus.source import Source
from nertagger.text import Document, Sentence, Span, TagScheme, detect_scheme, read_spans, write_tags
from nertagger.text.entities import document_entities
from nertagger.text.invisible import INVISIBLE

# No white space or control characters, which a table of tokens cannot hold; they are tested separately.
CHARACTERS = st.one_of(
    st.sampled_from("aB.'\"-#,|[]\\\u0301\u200d🙂中ß"), st.characters(exclude_categories=("Cs", "Cc", "Z"))
)
WORDS = st.text(CHARACTERS, min_size=1, max_size=6)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Return a sentence with entities, some of them adjacent with the same label, and tags in any scheme."""
    words = tuple(draw(st.lists(WORDS, min_size=1, max_size=8)))
    edges = sorted(draw(st.sets(st.integers(0, len(words)), max_size=6)))
    spans = [
        Span(draw(st.sampled_from(("PER", "creative-work"))), first, stop)
        for first, stop in pairwise(edges)
        if draw(st.booleans())
    ]
    tags = write_tags(spans, len(words), draw(st.sampled_from(TagScheme)))
    return Document.from_sentence(Sentence.from_words(words, tags=tuple(tags)), opens=draw(st.booleans()))


def through(passed: list[Document], name: str, scheme: TagScheme | None = None) -> list[Document]:
    """Write the documents in a format and read them again."""
    stream = io.StringIO(newline="\n")
    write_documents(stream, passed, format=name, scheme=scheme)
    reader = FORMATS[name].read
    assert reader
    stream.seek(0)
    return list(reader(iter(stream), Source("x")))


def entities(passed: list[Document]) -> list[list[tuple[str, int, int, str]]]:
    return [[entity[:4] for entity in document_entities(document)] for document in passed]


def without_spaces(passed: list[Document]) -> list[tuple[str, str]]:
    """Return labels and characters: JSON lines have no tokens, so `0:` may be split and written as `0 :`."""
    return [(label, text.replace(" ", "")) for found in entities(passed) for label, _, _, text in found]


@settings(max_examples=60, deadline=None)
@given(st.lists(documents(), min_size=1, max_size=4), st.permutations(["conll", "jsonl", "jsonl-tokens", "csv"]))
def test_entities_survive_any_sequence_of_formats(passed: list[Document], names: list[str]) -> None:
    expected = without_spaces(passed)
    for name in names:
        passed = through(passed, name)
        assert without_spaces(passed) == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(documents(), min_size=1, max_size=4))
def test_jsonl_keeps_every_character_of_text_and_entities(passed: list[Document]) -> None:
    again = through(passed, "jsonl")
    assert [document.text for document in again] == [document.text for document in passed]
    assert entities(again) == entities(passed)
    by_tags = [replace(document, entities=()) for document in again]
    assert entities(by_tags) == entities(passed)


@settings(max_examples=60, deadline=None)
@given(st.lists(documents(), min_size=1, max_size=4), st.sampled_from(["conll", "jsonl-tokens", "csv"]),
       st.sampled_from(TagScheme))  # fmt: skip
def test_words_are_preserved_and_tags_are_in_the_scheme(passed: list[Document], name: str, scheme: TagScheme) -> None:
    again = through(passed, name, scheme)
    assert [d.sentences[0].words for d in again] == [d.sentences[0].words for d in passed]
    for old, new in zip(passed, again, strict=True):
        before, after = old.sentences[0].tags or (), new.sentences[0].tags or ()
        assert read_spans(after) == read_spans(before)
        assert list(after) == write_tags(read_spans(before), len(before), scheme)
    if name == "conll":
        assert [document.opens for document in again] == [document.opens for document in passed]


@pytest.mark.parametrize("scheme", TagScheme)
def test_adjacent_entities_stay_separate(scheme: TagScheme) -> None:
    sentence = Sentence.from_words(("a", "b", "c", "d"), tags=("B-X", "I-X", "B-X", "I-X"))
    [document] = through([Document.from_sentence(sentence)], "conll", scheme)
    tags = document.sentences[0].tags or ()
    assert read_spans(tags) == [Span("X", 0, 2), Span("X", 2, 4)]
    assert detect_scheme([tags]) is scheme


@pytest.mark.parametrize("name", ["out.conll", "out.jsonl", "out.csv"])
def test_sentences_of_a_text_with_other_spacing_keep_their_entities(tmp_path: Path, name: str) -> None:
    rows = [
        "# text = I can't,  says Bo.",
        "1\tI\tO",
        "2\tca\tO",
        "3\tn't\tO",
        "4\t,\tO",
        "5\tsays\tO",
        "6\tBo\tB-PER",
        "7\t.\tO",
    ]
    (tmp_path / "in.iob2").write_text("\n".join(rows) + "\n\n")
    [sentence] = read(tmp_path / "in.iob2")
    assert sentence.starts[3:5] == (7, 10)
    write(tmp_path / name, [sentence])
    [after] = read(tmp_path / name)
    assert [after.words[span.first : span.stop] for span in read_spans(after.tags or ())] == [("Bo",)]


HOSTILE = st.text(st.sampled_from("aB-#\t\n\r \"',;|\x0b\x0c\x1c\x85\u2028\ufeff0_"), min_size=1, max_size=5)
ROWLIKE = (
    "-DOCSTART-",
    "# text = a",
    "# newdoc",
    "#",
    "1",
    "1-2",
    "TOKEN",
    "O",
    "B-PER",
    "_",
    '"',
    "NA",
)


@st.composite
def hostile_documents(draw: st.DrawFn) -> Document:
    """Return a sentence whose words and labels contain cell and row ends, or look like rows that are not tokens."""
    word = st.one_of(HOSTILE, st.sampled_from(ROWLIKE))
    words = tuple(draw(st.lists(word, min_size=1, max_size=5)))
    label = st.one_of(HOSTILE, st.sampled_from(("PER", "Job Title")))
    spans = [Span(draw(label), place, place + 1) for place in range(len(words)) if draw(st.booleans())]
    tags = tuple(write_tags(spans, len(words), draw(st.sampled_from(TagScheme))))
    return Document.from_sentence(Sentence.from_words(words, tags=tags), opens=draw(st.booleans()))


TAGLIKE = Document.from_sentence(Sentence.from_words(("0", "O", "B-PER"), tags=("O", "O", "O")))


@settings(max_examples=150, deadline=None)
@example([TAGLIKE], "conll")
@given(st.lists(hostile_documents(), min_size=1, max_size=3), st.sampled_from(["conll", "conllu", "csv"]))
def test_special_words_and_labels_do_not_change_rows(passed: list[Document], name: str) -> None:
    again = through(passed, name)
    assert [len(document.sentences[0]) for document in again] == [len(document.sentences[0]) for document in passed]
    places = [[(span.first, span.stop) for span in read_spans(d.sentences[0].tags or ())] for d in (*passed, *again)]
    assert places[len(passed) :] == places[: len(passed)]


@pytest.mark.parametrize("name", ["conll", "conllu", "csv"])
@pytest.mark.parametrize("word", [*INVISIBLE, "-DOCSTART-", "\ufeffa", "B-x", "O", "#"])
def test_no_word_or_label_makes_what_is_written_unreadable(name: str, word: str) -> None:
    for label in ("X", *INVISIBLE, "x|B-y", ",O", "a;O"):
        passed = [Document.from_sentence(Sentence.from_words((word,), tags=(f"B-{label}",)))]
        [again] = through(passed, name)
        assert [len(again.sentences[0]), len(read_spans(again.sentences[0].tags or ()))] == [1, 1]
