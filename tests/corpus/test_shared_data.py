"""Every real corpus as published: the numbers of sentences and tokens, and the known repairs."""

from __future__ import annotations

from pathlib import Path

import pytest

from nertagger.corpus import BLANK_TOKEN, read, read_documents
from nertagger.text import Sentence, TagScheme, detect_scheme, read_spans

# File, sentences and tokens according to the publishers and the folder's README, scheme, labels.
FOUR = "LOC MISC ORG PER"
WNUT = "corporation creative-work group location person product"
GMB = "art eve geo gpe nat org per tim"
GERMEVAL = "LOC LOCderiv LOCpart ORG ORGderiv ORGpart OTH OTHderiv OTHpart PER PERderiv PERpart"
CORPORA = [
    ("wnut17/train.conll", 3394, 62730, "IOB2", WNUT),
    ("wnut17/dev.conll", 1009, 15733, "IOB2", WNUT),
    ("wnut17/test.conll", 1287, 23394, "IOB2", WNUT),
    ("wikigold/train.conll", 1023, 23379, "IOB1", FOUR),
    ("wikigold/dev.conll", 376, 8779, "IOB1", FOUR),
    ("wikigold/test.conll", 297, 6849, "IOB1", FOUR),
    ("wikigold/wikigold.conll", 1696, 39007, "IOB1", FOUR),
    ("btc/a.conll", 1000, 16612, "IOB2", "LOC ORG PER"),
    ("btc/b.conll", 2000, 30825, "IOB2", "LOC ORG PER"),
    ("btc/e.conll", 200, 3981, "IOB2", "LOC ORG PER"),
    ("btc/f.conll", 2000, 35427, "IOB2", "LOC ORG PER"),
    ("btc/g.conll", 2138, 34062, "IOB2", "LOC ORG PER"),
    ("btc/h.conll", 2001, 29480, "IOB2", "LOC ORG PER"),
    ("uner_ewt/train.conll", 12543, 204579, "IOB2", "LOC ORG PER"),
    ("uner_ewt/dev.iob2", 2001, 25149, "IOB2", "LOC ORG PER"),
    ("uner_ewt/test.iob2", 2077, 25097, "IOB2", "LOC ORG PER"),
    ("uner_pud/test.iob2", 1000, 21176, "IOB2", "LOC ORG PER"),
    ("ncbi_disease/train.tsv", 5424, 135701, "IOB2", "Disease"),
    ("ncbi_disease/dev.tsv", 923, 23969, "IOB2", "Disease"),
    ("ncbi_disease/test.tsv", 940, 24497, "IOB2", "Disease"),
    ("sec/train.conll", 1164, 41010, "IOB1", FOUR),
    ("sec/test.conll", 303, 13246, "IOB1", FOUR),
    ("germeval2014/dev.tsv", 2200, 41653, "IOB2", GERMEVAL),
    ("germeval2014/test.tsv", 5100, 96499, "IOB2", GERMEVAL),
]
GMB_FILES = [
    ("gmb/train.conll.gz", 38260, 837095, "IOB2", GMB),
    ("gmb/dev.conll.gz", 4847, 105295, "IOB2", GMB),
    ("gmb/test.conll.gz", 4852, 106185, "IOB2", GMB),
    ("gmb/ner_dataset.csv.gz", 47959, 1048575, "IOB2", GMB),
]
REPAIRED = {
    "germeval2014/dev.tsv": "column 3 has tags too, which are not read",
    "germeval2014/test.tsv": "column 3 has tags too, which are not read",
    "btc/f.conll": "2 blank tokens",
    "btc/h.conll": "4 blank tokens",
}


def check_counts(corpus: list[Sentence], sentences: int, tokens: int, scheme: str, labels: str) -> None:
    tags = [sentence.tags or () for sentence in corpus]
    found = {span.label for sequence in tags for span in read_spans(sequence)}
    assert (len(corpus), sum(map(len, corpus))) == (sentences, tokens)
    assert found <= set(labels.split())
    assert len(found) >= min(3, len(labels.split()))
    assert detect_scheme(tags) is TagScheme(scheme)


@pytest.mark.parametrize(("name", "sentences", "tokens", "scheme", "labels"), CORPORA, ids=[row[0] for row in CORPORA])
def test_counts(shared_data: Path, caplog, name: str, sentences: int, tokens: int, scheme: str, labels: str) -> None:
    check_counts(read(shared_data / name), sentences, tokens, scheme, labels)
    assert [REPAIRED.get(name, "nothing") in message for message in caplog.messages] == [True] * (name in REPAIRED)


def test_gmb_csv_equals_its_split_into_tables(shared_data: Path, caplog) -> None:
    """The counts too, since a million tokens take long to read."""
    *parts, whole = [read(shared_data / name) for name, *_ in GMB_FILES]
    for corpus, (_, *expected) in zip([*parts, whole], GMB_FILES, strict=True):
        check_counts(corpus, *expected)
    (message,) = caplog.messages
    assert "read as cp1252" in message
    assert sorted((s.words, s.tags) for s in whole) == sorted((s.words, s.tags) for part in parts for s in part)
    assert sum(sentence.words.count("None") for sentence in whole) > 0


def test_every_corpus_has_expected_counts(shared_data: Path) -> None:
    files = {
        str(path.relative_to(shared_data))
        for suffix in ("conll", "iob2", "tsv")
        for path in shared_data.rglob(f"*.{suffix}*")
    }
    assert files <= {row[0] for row in CORPORA + GMB_FILES}


def test_blank_and_spaced_tokens_of_btc_keep_their_rows(shared_data: Path) -> None:
    words = [word for sentence in read(shared_data / "btc/h.conll") for word in sentence.words]
    assert words.count(BLANK_TOKEN) == 4
    assert {"ke s", "AD t"} <= set(words)


def test_germeval_outer_and_nested_tags(shared_data: Path) -> None:
    outer = read(shared_data / "germeval2014/dev.tsv")
    nested = read(shared_data / "germeval2014/dev.tsv", tag_column=3)
    assert [sentence.words for sentence in outer] == [sentence.words for sentence in nested]
    counts = [sum(len(read_spans(sentence.tags or ())) for sentence in corpus) for corpus in (outer, nested)]
    assert counts[0] > 5 * counts[1] > 0


def test_uner_sentences_match_their_raw_text(shared_data: Path) -> None:
    documents = list(read_documents(shared_data / "uner_ewt/dev.iob2"))
    assert sum(document.opens for document in documents) == 318
    raw = [
        line[9:] for line in (shared_data / "uner_ewt/dev.iob2").read_text().split("\n") if line.startswith("# text = ")
    ]
    agree = [document.text == text for document, text in zip(documents, raw, strict=True)]
    assert sum(agree) > 0.99 * len(agree)
    for document in documents:
        assert all(document.text[token.start : token.end] == token.text for token in document.sentences[0].tokens)


def test_wikigold_documents_are_separated(shared_data: Path) -> None:
    documents = list(read_documents(shared_data / "wikigold/wikigold.conll"))
    assert 1 + sum(document.opens for document in documents) == 145  # its document rows come after a document
