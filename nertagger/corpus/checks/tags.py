"""Checks of the tags of a file: their scheme, tags that are illegal in it, and the labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from nertagger.corpus.checks.findings import Findings, Kind
from nertagger.corpus.checks.reading import CheckedFile
from nertagger.text.schemes import OUTSIDE, TagScheme, convert_tags, count_repairs, read_spans

RARE = 5
_TYPO_RATIO = 10  # a label this many times rarer than a similar one is likely a misspelling

_SCHEME = Kind.note("scheme", "the scheme of the tags", "none needed; every scheme is read")
_ILLEGAL = Kind.error(
    "illegal-tag",
    "tags that are illegal at their position in the file's scheme",
    "fix the tags; until then they are read by conlleval's rules",
)
_LABELS = Kind.note("labels", "the labels", "none needed")
_RARE = Kind.warning(
    "rare-label", f"labels with fewer than {RARE} entities", "annotate more of them, or merge them into another label"
)
_TYPO = Kind.warning("label-typo", "labels that are likely misspelt", "correct them")


def check_tags(file: CheckedFile, findings: Findings) -> TagScheme:
    """Check every tag of a file, and return the tag scheme."""
    sequences = [sentence.tags or () for sentence in file.sentences]
    evidence = scheme_evidence(sequences)
    scheme = min(evidence, key=lambda one: evidence[one])
    prefixes = Counter(tag[0] for tags in sequences for tag in tags if tag != OUTSIDE)
    counted = ", ".join(f"{count:,} {prefix}-" for prefix, count in prefixes.most_common())
    repairs = ", ".join(f"{name} {count:,}" for name, count in evidence.items())
    if counted:
        findings.add(_SCHEME, file.name, 1, f"{scheme}: {counted}; tags that would be illegal: {repairs}")
    _check_legality(file, scheme, findings)
    _check_labels(file, findings)
    return scheme


def scheme_evidence(sequences: Sequence[Sequence[str]]) -> dict[TagScheme, int]:
    """Return the number of tags that would have to change in each scheme; schemes are in order of preference.

    >>> scheme_evidence([["B-PER", "I-PER", "O"]])[TagScheme.IOB1]
    1
    """
    order = (TagScheme.IOB2, TagScheme.IOB1, TagScheme.BIOES, TagScheme.BILOU)
    return {scheme: sum(count_repairs(tags, scheme) for tags in sequences) for scheme in order}


def one_edit_apart(one: str, other: str) -> bool:
    """Return whether the strings differ by one inserted, deleted or replaced letter, or by two swapped neighbours.

    >>> one_edit_apart("PRE", "PER"), one_edit_apart("PERS", "PER"), one_edit_apart("LOC", "ORG")
    (True, True, False)
    """
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return max(len(one), len(other)) == 1 or (len(one) == 2 and one == other[::-1])


def _check_legality(file: CheckedFile, scheme: TagScheme, findings: Findings) -> None:
    for sentence in file.sentences:
        tags = sentence.tags or ()
        if not any(tag != OUTSIDE for tag in tags):
            continue
        for position, (tag, proper) in enumerate(zip(tags, convert_tags(tags, scheme), strict=True)):
            if tag != proper:
                before = tags[position - 1] if position else "the beginning"
                detail = f"{tag} after {before}, in {scheme} it would be {proper}"
                findings.add(_ILLEGAL, file.name, file.line(sentence, position), detail)


def _check_labels(file: CheckedFile, findings: Findings) -> None:
    firsts: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for sentence in file.sentences:
        for span in read_spans(sentence.tags or ()):
            counts[span.label] += 1
            firsts.setdefault(span.label, file.line(sentence, span.first))
    if counts:
        findings.add(_LABELS, file.name, 1, ", ".join(f"{label} {count:,}" for label, count in counts.most_common()))
    for label, count in counts.items():
        similar = _similar_label(label, counts)
        if similar:
            detail = f"{label} ({count:,}), perhaps {similar} ({counts[similar]:,}) is meant"
            findings.add(_TYPO, file.name, firsts[label], detail, count=count)
        elif count < RARE:
            findings.add(_RARE, file.name, firsts[label], f"{label} ({count})")


def _similar_label(label: str, counts: Counter[str]) -> str | None:
    """Return a similar label that is much more frequent, or None."""
    for other, count in counts.most_common():
        if count < _TYPO_RATIO * counts[label]:
            return None
        if other.casefold() == label.casefold() or one_edit_apart(other, label):
            return other
    return None
