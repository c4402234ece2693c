"""Training, dev and test files together: what they share and how they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

from nertagger.corpus.checks.findings import Findings, Kind
from nertagger.corpus.checks.reading import Checked
from nertagger.corpus.splitting import sentence_key
from nertagger.text.document import Sentence
from nertagger.text.schemes import TagScheme, read_spans

LEAKED = 0.05  # of a split's sentences
_LEAST_WORDS = 5  # shorter sentences recur in any text
_LEAST_COVERAGE = 0.8
_SHIFT, _LEAST_ENTITIES = 3.0, 30

_SHARED = Kind.warning(
    "shared-sentence", "sentences that stand in another split too", "nertagger split parts a corpus without them"
)
_LEAK = Kind.error(
    "leak",
    f"more than {LEAKED:.0%} of the sentences of {_LEAST_WORDS} words and more stand in another split",
    "remove them from one; scores on them say nothing",
)
_UNLEARNED = Kind.warning(
    "label-not-in-train",
    "labels that the training files do not have",
    "no model can find them; see whether they are misspelt",
)
_UNJUDGED = Kind.warning(
    "label-only-in-train", "labels that only the training files have", "no score will tell how well they are found"
)
_SCHEMES = Kind.warning("scheme-differs", "files in another scheme than the first one's", "nertagger convert --scheme")
_UNKNOWN_WORDS = Kind.note(
    "vocabulary", "words that the training files do not have", "pretrained vectors and characters stand in for them"
)
_COVERED = Kind.note("vector-coverage", "words without a vector", "none needed")
_UNCOVERED = Kind.warning(
    "vector-coverage-low",
    "too many words without a vector",
    "see whether the vectors are of this language and kind of text",
)
_SHIFTED = Kind.warning(
    "label-shift",
    f"labels {_SHIFT:.0f} times as frequent among the entities as in training, or as rare",
    "see whether the splits are from one source",
)

HasVector = Callable[[Sequence[str]], Sequence[bool]]


def check_schemes(schemes: Mapping[str, TagScheme], findings: Findings) -> None:
    """Compare the files' schemes, by file."""
    first = next(iter(schemes.values()), None)
    for name, scheme in schemes.items():
        if scheme is not first:
            findings.add(_SCHEMES, name, 1, f"{scheme}, the first file is in {first}")


def check_splits(files: Sequence[Checked], findings: Findings) -> None:
    """Compare files of different splits."""
    for one, other in combinations(files, 2):
        if one.split != other.split:
            _check_shared(one, other, findings)
    train = [file for file in files if file.split == "train"]
    rest = [file for file in files if file.split not in ("train", "")]
    if train and rest:
        _check_labels(train, rest, findings)
        known = {word for file in train for sentence in file.sentences for word in sentence.words}
        for file in rest:
            findings.add(_UNKNOWN_WORDS, file.name, 1, missing(file, known.__contains__))


def check_vectors(files: Sequence[Checked], has_vector: HasVector, findings: Findings) -> None:
    """Say how many words of each file have a vector."""
    for file in files:
        words = sorted({word for sentence in file.sentences for word in sentence.words})
        known = {word for word, has in zip(words, has_vector(words), strict=True) if has}
        tokens = [word for sentence in file.sentences for word in sentence.words]
        share = sum(word in known for word in tokens) / max(len(tokens), 1)
        kind = _COVERED if share >= _LEAST_COVERAGE else _UNCOVERED
        findings.add(kind, file.name, 1, missing(file, known.__contains__))


def missing(file: Checked, knows: Callable[[str], bool]) -> str:
    """How many tokens, and tokens of entities, are of words that are not known."""
    tokens = [word for sentence in file.sentences for word in sentence.words]
    inside = [word for sentence in file.sentences for word in _entity_words(sentence)]
    return f"{_share(tokens, knows)} tokens, inside entities {_share(inside, knows)}"


def _share(words: Sequence[str], knows: Callable[[str], bool]) -> str:
    unknown = sum(not knows(word) for word in words)
    return f"{unknown:,} of {len(words):,} ({100 * unknown / max(len(words), 1):.1f} %)"


def _entity_words(sentence: Sentence) -> list[str]:
    spans = read_spans(sentence.tags or ())
    return [word for span in spans for word in sentence.words[span.first : span.stop]]


def _check_shared(one: Checked, other: Checked, findings: Findings) -> None:
    places = {sentence_key(sentence): sentence.source for sentence in one.sentences}
    shared = [sentence for sentence in other.sentences if sentence_key(sentence) in places]
    for sentence in shared:
        detail = f"{' '.join(sentence.words)[:60]!r} as at {places[sentence_key(sentence)]}"
        findings.add(_SHARED, other.name, other.line(sentence), detail)
    long = sum(len(sentence) >= _LEAST_WORDS for sentence in other.sentences)
    leaked = sum(len(sentence) >= _LEAST_WORDS for sentence in shared)
    if leaked > LEAKED * long:
        findings.add(
            _LEAK, other.name, other.line(shared[0]), f"{leaked:,} of {long:,} stand in {one.name}", count=leaked
        )


def _check_labels(train: Sequence[Checked], rest: Sequence[Checked], findings: Findings) -> None:
    learned = _label_counts(train)
    judged = _label_counts(rest)
    for label in sorted(learned.keys() - judged.keys()):
        findings.add(_UNJUDGED, train[0].name, 1, f"{label} ({learned[label]:,})", count=learned[label])
    for file in rest:
        counts = _label_counts([file])
        for label in sorted(counts.keys() - learned.keys()):
            findings.add(
                _UNLEARNED, file.name, _first_line(file, label), f"{label} ({counts[label]:,})", count=counts[label]
            )
        for label in sorted(counts.keys() & learned.keys()):
            here, there = counts[label] / counts.total(), learned[label] / learned.total()
            expected = there * counts.total()
            if max(here / there, there / here) > _SHIFT and max(counts[label], expected) >= _LEAST_ENTITIES:
                findings.add(
                    _SHIFTED,
                    file.name,
                    1,
                    f"{label}: {100 * here:.1f} % of the entities, in training {100 * there:.1f} %",
                )


def _label_counts(files: Sequence[Checked]) -> Counter[str]:
    return Counter(span.label for f in files for sentence in f.sentences for span in read_spans(sentence.tags or ()))


def _first_line(file: Checked, label: str) -> int:
    """The line of the first entity of a label."""
    spans = ((sentence, span) for sentence in file.sentences for span in read_spans(sentence.tags or ()))
    return next(file.line(sentence, span.first) for sentence, span in spans if span.label == label)
