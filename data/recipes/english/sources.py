"""The annotated corpora that the English tagger is trained on, and how their labels become its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nertagger.corpus import read
from nertagger.text.document import Sentence, Span
from nertagger.text.schemes import TagScheme, read_spans, write_tags


@dataclass(frozen=True)
class Source:
    """A corpus.

    Attributes:
        name: as on the command line.
        title: as in the model card.
        licence: of the annotated text.
        train, dev, test: files below the folder of corpora; only `train` is ever trained on.
        labels: the tagger's label for each of the corpus' own; other labels are left out.
        complete: the tagger's labels that the corpus marks throughout; the others are completed by a helper.
        share: at most this many sentences of the training text are of this corpus.
    """

    name: str
    title: str
    licence: str
    train: tuple[str, ...]
    dev: str
    test: str
    labels: Mapping[str, str]
    complete: frozenset[str]
    share: int


_USUAL = {"PER": "PER", "LOC": "LOC", "ORG": "ORG", "MISC": "MISC"}
_WNUT = {
    "person": "PER",
    "location": "LOC",
    "group": "ORG",
    "corporation": "ORG",
    "product": "MISC",
    "creative-work": "MISC",
}
_GMB = {"per": "PER", "geo": "LOC", "gpe": "gpe", "org": "ORG", "art": "MISC", "eve": "MISC", "tim": "DATE"}
_NAMES = frozenset({"PER", "LOC", "ORG"})

# GMB, whose labels are those of programs, and SEC, contracts that resemble each other, are sampled; others are whole.
SOURCES = {
    source.name: source
    for source in (
        Source(
            "wnut17",
            "WNUT-17",
            "CC BY 4.0",
            ("wnut17/train.conll",),
            "wnut17/dev.conll",
            "wnut17/test.conll",
            _WNUT,
            _NAMES,
            4000,
        ),
        Source(
            "wikigold",
            "WikiGold",
            "CC BY 4.0",
            ("wikigold/train.conll",),
            "wikigold/dev.conll",
            "wikigold/test.conll",
            _USUAL,
            _NAMES | {"MISC"},
            2000,
        ),
        Source(
            "btc",
            "Broad Twitter Corpus",
            "CC BY 4.0",
            tuple(f"btc/{part}.conll" for part in "abeg"),
            "btc/h.conll",
            "btc/f.conll",
            _USUAL,
            _NAMES,
            6000,
        ),
        Source(
            "gmb",
            "Groningen Meaning Bank",
            "public domain",
            ("gmb/train.conll.gz",),
            "gmb/dev.conll.gz",
            "gmb/test.conll.gz",
            _GMB,
            _NAMES | {"MISC", "DATE"},
            9000,
        ),
        Source(
            "sec",
            "SEC filings",
            "CC BY 3.0",
            ("sec/train.conll",),
            "",
            "sec/test.conll",
            _USUAL,
            _NAMES | {"MISC"},
            600,
        ),
    )
}
# Text that may be scored: no sentence of it, or like it, is trained on.
SCORED = (
    *(path for source in SOURCES.values() for path in (source.dev, source.test) if path),
    "uner_ewt/dev.iob2",
    "uner_ewt/test.iob2",
    "uner_pud/test.iob2",
    "tweebank_ner/dev.bio",
    "tweebank_ner/test.bio",
    "ncbi_disease/dev.tsv",
    "ncbi_disease/test.tsv",
)
_ROLES = {"borrower", "lender", "bank", "lenders", "agent", "remarketing agent", "paying agent"}


def read_source(data: Path, source: Source, paths: tuple[str, ...]) -> Iterator[Sentence]:
    """Yield sentences with the tagger's labels in IOB2; ``gpe`` of GMB stays for `gmb.clean`."""
    for path in paths:
        for sentence in read(data / path):
            if len(sentence):
                spans = (_renamed(span, sentence, source) for span in read_spans(sentence.tags or ()))
                yield with_spans(sentence, [span for span in spans if span])


def with_spans(sentence: Sentence, spans: list[Span]) -> Sentence:
    """Return the words with these entities."""
    tags = tuple(write_tags(sorted(spans, key=lambda span: span.first), len(sentence), TagScheme.IOB2))
    return Sentence.from_words(sentence.words, tags=tags, source=sentence.source)


def surface(sentence: Sentence, span: Span) -> str:
    """Return the words of an entity."""
    return " ".join(sentence.words[span.first : span.stop])


def _renamed(span: Span, sentence: Sentence, source: Source) -> Span | None:
    """Return the entity with the tagger's label; None for the parties of a contract, which SEC takes for persons."""
    label = source.labels.get(span.label)
    is_role = source.name == "sec" and surface(sentence, span).lower() in _ROLES
    return span._replace(label=label) if label and not is_role else None
