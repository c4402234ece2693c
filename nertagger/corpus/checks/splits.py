"""Comparison of training, dev and test files: shared sentences, labels, schemes and vocabulary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

from nertagger.corpus.checks.findings import Findings, Kind
from nertagger.corpus.checks.reading import CheckedFile
from nertagger.corpus.splitting import sentence_key
from nertagger.text.document import Sentence
from nertagger.text.schemes import TagScheme, read_spans

MAX_LEAKAGE = 0.05  # fraction of a split's sentences
_MIN_WORDS = 5  # shorter sentences recur in any text
_MIN_COVERAGE = 0.8
_SHIFT, _MIN_ENTITIES = 3.0, 30

_SHARED = Kind.warning(
    "shared-sentence", "sentences that also occur in another split", "nertagger split avoids shared sentences"
)
_LEAKAGE = Kind.error(
    "leak",
    f"more than {MAX_LEAKAGE:.0%} of the sentences of {_MIN_WORDS} words or more also occur in another split",
    "remove them from one split, as scores on them are too high",
)
_UNSEEN_LABEL = Kind.warning(
    "label-not-in-train",
    "labels that the training files do not have",
    "add training examples of them, or check whether they are misspelt",
)
_UNSCORED_LABEL = Kind.warning(
    "label-only-in-train", "labels that only the training files have", "they cannot be scored; add examples"
)
_SCHEMES = Kind.warning(
    "scheme-differs", "files in another tag scheme than the first file", "nertagger convert --scheme"
)
_UNSEEN_WORDS = Kind.note(
    "vocabulary", "words that the training files do not have", "pretrained vectors and characters represent them"
)
_COVERED = Kind.note("vector-coverage", "words without a word vector", "none needed")
_UNCOVERED = Kind.warning(
    "vector-coverage-low",
    "too many words without a word vector",
    "check whether the vectors are for this language and kind of text",
)
_SHIFTED = Kind.warning(
    "label-shift",
    f"labels {_SHIFT:.0f} times as frequent among the entities as in training, or as rare",
    "check whether the splits are from the same source",
)

HasVector = Callable[[Sequence[str]], Sequence[bool]]
"""A function from words to whether each has a word vector."""


def compare_schemes(schemes: Mapping[str, TagScheme], findings: Findings) -> None:
    """Compare the tag schemes of the files, given by file name."""
    first = next(iter(schemes.values()), None)
    for name, scheme in schemes.items():
        if scheme is not first:
            findings.add(_SCHEMES, name, 1, f"{scheme}, the first file is in {first}")


def compare_splits(files: Sequence[CheckedFile], findings: Findings) -> None:
    """Compare the files of different splits."""
    for one, other in combinations(files, 2):
        if one.split != other.split:
            _check_shared(one, other, findings)
    train = [file for file in files if file.split == "train"]
    rest = [file for file in files if file.split not in ("train", "")]
    if train and rest:
        _check_labels(train, rest, findings)
        known = {word for file in train for sentence in file.sentences for word in sentence.words}
        for file in rest:
            findings.add(_UNSEEN_WORDS, file.name, 1, _unknown_tokens(file, known.__contains__))


def check_vectors(files: Sequence[CheckedFile], has_vector: HasVector, findings: Findings) -> None:
    """Check how many words of each file have a word vector."""
    for file in files:
        words = sorted({word for sentence in file.sentences for word in sentence.words})
        known = {word for word, has in zip(words, has_vector(words), strict=True) if has}
        tokens = [word for sentence in file.sentences for word in sentence.words]
        coverage = sum(word in known for word in tokens) / max(len(tokens), 1)
        kind = _COVERED if coverage >= _MIN_COVERAGE else _UNCOVERED
        findings.add(kind, file.name, 1, _unknown_tokens(file, known.__contains__))


def _unknown_tokens(file: CheckedFile, is_known: Callable[[str], bool]) -> str:
    """Return the number of tokens, and of tokens in entities, whose words are unknown."""
    tokens = [word for sentence in file.sentences for word in sentence.words]
    inside = [word for sentence in file.sentences for word in _entity_words(sentence)]
    return f"{_unknown_fraction(tokens, is_known)} tokens, inside entities {_unknown_fraction(inside, is_known)}"


def _unknown_fraction(words: Sequence[str], is_known: Callable[[str], bool]) -> str:
    unknown = sum(not is_known(word) for word in words)
    return f"{unknown:,} of {len(words):,} ({100 * unknown / max(len(words), 1):.1f} %)"


def _entity_words(sentence: Sentence) -> list[str]:
    spans = read_spans(sentence.tags or ())
    return [word for span in spans for word in sentence.words[span.first : span.stop]]


def _check_shared(one: CheckedFile, other: CheckedFile, findings: Findings) -> None:
    places = {sentence_key(sentence): sentence.source for sentence in one.sentences}
    shared = [sentence for sentence in other.sentences if sentence_key(sentence) in places]
    for sentence in shared:
        detail = f"{' '.join(sentence.words)[:60]!r} as at {places[sentence_key(sentence)]}"
        findings.add(_SHARED, other.name, other.line(sentence), detail)
    long = sum(len(sentence) >= _MIN_WORDS for sentence in other.sentences)
    leaked = sum(len(sentence) >= _MIN_WORDS for sentence in shared)
    if leaked > MAX_LEAKAGE * long:
        detail = f"{leaked:,} of {long:,} occur in {one.name}"
        findings.add(_LEAKAGE, other.name, other.line(shared[0]), detail, count=leaked)


def _check_labels(train: Sequence[CheckedFile], rest: Sequence[CheckedFile], findings: Findings) -> None:
    trained, scored = _label_counts(train), _label_counts(rest)
    for label in sorted(trained.keys() - scored.keys()):
        findings.add(_UNSCORED_LABEL, train[0].name, 1, f"{label} ({trained[label]:,})", count=trained[label])
    for file in rest:
        counts = _label_counts([file])
        for label in sorted(counts.keys() - trained.keys()):
            detail = f"{label} ({counts[label]:,})"
            findings.add(_UNSEEN_LABEL, file.name, _first_line(file, label), detail, count=counts[label])
        _check_label_shift(file, counts, trained, findings)


def _check_label_shift(file: CheckedFile, counts: Counter[str], trained: Counter[str], findings: Findings) -> None:
    """Compare the frequency of each label among the entities with the training files."""
    for label in sorted(counts.keys() & trained.keys()):
        here, there = counts[label] / counts.total(), trained[label] / trained.total()
        expected = there * counts.total()
        if max(here / there, there / here) > _SHIFT and max(counts[label], expected) >= _MIN_ENTITIES:
            detail = f"{label}: {100 * here:.1f} % of the entities, in training {100 * there:.1f} %"
            findings.add(_SHIFTED, file.name, 1, detail)


def _label_counts(files: Sequence[CheckedFile]) -> Counter[str]:
    return Counter(span.label for f in files for sentence in f.sentences for span in read_spans(sentence.tags or ()))


def _first_line(file: CheckedFile, label: str) -> int:
    """Return the line of the first entity of a label."""
    spans = ((sentence, span) for sentence in file.sentences for span in read_spans(sentence.tags or ()))
    return next(file.line(sentence, span.first) for sentence, span in spans if span.label == label)
