"""Checks for repeated sentences, and for unusual sentences and entities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from nertagger.corpus.checks.findings import Findings, Kind
from nertagger.corpus.checks.reading import CheckedFile
from nertagger.printable import counted
from nertagger.text.document import Sentence, Span
from nertagger.text.schemes import read_spans

LONG_SENTENCE = 250
LONG_ENTITY = 15

_CONTRADICTION = Kind.warning(
    "contradiction", "sentences that occur elsewhere with other entities", "decide which annotation is right"
)
_REPEATED = Kind.note("repeated", "sentences that occur earlier in the same file", "none needed, unless there are many")
_LONG = Kind.warning(
    "long-sentence",
    f"sentences of more than {LONG_SENTENCE} tokens",
    "check whether a blank line is missing; other programs truncate them",
)
_LENGTHS = Kind.note("entity-lengths", "entity lengths in tokens", "none needed")
_LONG_ENTITY = Kind.warning("long-entity", f"entities of more than {LONG_ENTITY} tokens", "check where they end")
_PUNCTUATION = Kind.warning(
    "punctuation-entity", "entities without a letter, digit or symbol", "check whether the tags are in the right rows"
)


def check_sentence_content(files: Iterable[CheckedFile], findings: Findings) -> None:
    """Check every sentence and entity; sentences are compared across all files."""
    seen: dict[tuple[str, ...], tuple[str, list[Span]]] = {}
    for file in files:
        lengths: Counter[int] = Counter()
        here: set[tuple[str, ...]] = set()
        for sentence in file.sentences:
            spans = read_spans(sentence.tags or ())
            lengths.update(span.stop - span.first for span in spans)
            _check_repetition(file, sentence, spans, seen, here, findings)
            if len(sentence) > LONG_SENTENCE:
                findings.add(_LONG, file.name, file.line(sentence), counted(len(sentence), "token"))
            for span in spans:
                _check_entity(file, sentence, span, findings)
        if lengths:
            findings.add(_LENGTHS, file.name, 1, _distribution(lengths))


def _check_repetition(
    file: CheckedFile,
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


def _check_entity(file: CheckedFile, sentence: Sentence, span: Span, findings: Findings) -> None:
    line, text = file.line(sentence, span.first), " ".join(sentence.words[span.first : span.stop])
    if span.stop - span.first > LONG_ENTITY:
        findings.add(
            _LONG_ENTITY, file.name, line, f"{span.label}, {counted(span.stop - span.first, 'token')}: {text[:60]!r}"
        )
    if all(c in _PUNCTUATION_MARKS for c in text):
        findings.add(_PUNCTUATION, file.name, line, f"{span.label} {text!r}")


_PUNCTUATION_MARKS = frozenset(" !\"'(),-.:;?[]`{}\u2013\u2014\u2018\u2019\u201c\u201d\u2026")


def _named(spans: list[Span]) -> str:
    return ", ".join(f"{label} {first}-{stop}" for label, first, stop in spans) or "none"


def _distribution(lengths: Counter[int]) -> str:
    """Return a summary: ``1: 60.1 %, 2: 30.2 %, ...; longest 12, of 300 entities``."""
    total = lengths.total()
    fractions = [f"{length}: {100 * count / total:.1f} %" for length, count in sorted(lengths.items())[:5]]
    return f"{', '.join(fractions)}; longest {max(lengths)}, of {counted(total, 'entity', 'entities')}"
