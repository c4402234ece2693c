"""Sentences that repeat, and sentences and entities that are unusual."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from nertagger.corpus.checks.findings import Findings, Kind
from nertagger.corpus.checks.reading import Checked
from nertagger.text.document import Sentence, Span
from nertagger.text.schemes import read_spans

LONG_SENTENCE = 250
LONG_ENTITY = 15

_CONTRADICTION = Kind.warning(
    "contradiction", "sentences that stand elsewhere with other entities", "decide which annotation is right"
)
_REPEATED = Kind.note("repeated", "sentences that stand in the same file before", "none needed, unless there are many")
_LONG = Kind.warning(
    "long-sentence",
    f"sentences of more than {LONG_SENTENCE} tokens",
    "see whether a blank line is missing; other programs cut them off",
)
_LENGTHS = Kind.note("entity-lengths", "the lengths of the entities in tokens", "none needed")
_LONG_ENTITY = Kind.warning(
    "long-entity", f"entities of more than {LONG_ENTITY} tokens", "see whether their end is right"
)
_PUNCTUATION = Kind.warning(
    "punctuation-entity", "entities without a letter, digit or symbol", "see whether the tags are in the right rows"
)


def check_sentences(files: Iterable[Checked], findings: Findings) -> None:
    """Look at every sentence and entity; sentences are compared across all files."""
    seen: dict[tuple[str, ...], tuple[str, list[Span]]] = {}
    for file in files:
        lengths: Counter[int] = Counter()
        here: set[tuple[str, ...]] = set()
        for sentence in file.sentences:
            spans = read_spans(sentence.tags or ())
            lengths.update(span.stop - span.first for span in spans)
            _check_repetition(file, sentence, spans, seen, here, findings)
            if len(sentence) > LONG_SENTENCE:
                findings.add(_LONG, file.name, file.line(sentence), f"{len(sentence):,} tokens")
            for span in spans:
                _check_entity(file, sentence, span, findings)
        if lengths:
            findings.add(_LENGTHS, file.name, 1, _distribution(lengths))


def _check_repetition(
    file: Checked,
    sentence: Sentence,
    spans: list[Span],
    seen: dict[tuple[str, ...], tuple[str, list[Span]]],
    here: set[tuple[str, ...]],
    findings: Findings,
) -> None:
    place, before = seen.setdefault(sentence.words, (sentence.source, spans))
    line = file.line(sentence)
    if before != spans:
        text = " ".join(sentence.words)[:60]
        findings.add(_CONTRADICTION, file.name, line, f"{text!r} has {_named(spans)}, at {place} {_named(before)}")
    elif sentence.words in here:
        findings.add(_REPEATED, file.name, line, " ".join(sentence.words)[:60])
    here.add(sentence.words)


def _check_entity(file: Checked, sentence: Sentence, span: Span, findings: Findings) -> None:
    line, text = file.line(sentence, span.first), " ".join(sentence.words[span.first : span.stop])
    if span.stop - span.first > LONG_ENTITY:
        findings.add(_LONG_ENTITY, file.name, line, f"{span.label}, {span.stop - span.first} tokens: {text[:60]!r}")
    if all(c in _MARKS for c in text):
        findings.add(_PUNCTUATION, file.name, line, f"{span.label} {text!r}")


_MARKS = frozenset(" !\"'(),-.:;?[]`{}\u2013\u2014\u2018\u2019\u201c\u201d\u2026")


def _named(spans: list[Span]) -> str:
    return ", ".join(f"{label} {first}-{stop}" for label, first, stop in spans) or "none"


def _distribution(lengths: Counter[int]) -> str:
    """``1: 60.1 %, 2: 30.2 %, ..., longest 12``."""
    whole = lengths.total()
    shares = [f"{length}: {100 * count / whole:.1f} %" for length, count in sorted(lengths.items())[:5]]
    return f"{', '.join(shares)}; longest {max(lengths)}, of {whole:,} entities"
