"""Checks that gold and predictions have the same sentences, and that their tags can be read."""

from __future__ import annotations

from collections.abc import Sequence

from nertagger.errors import DataError
from nertagger.printable import counted
from nertagger.text.arguments import check_sentence, check_sentences
from nertagger.text.document import Sentence
from nertagger.text.schemes import split_tag

TaggedSentence = Sequence[str] | Sentence
"""The tags of a sentence, or the sentence with its tags."""


def check_tagged(sentences: Sequence[TaggedSentence], *, side: str) -> None:
    """Raise DataError unless every item is a list of tags or a sentence; names the first other item and its side."""
    check_sentences(sentences, of="tags", place=f"the {side} side", counted=True)
    for number, sentence in enumerate(sentences, start=1):
        if not isinstance(sentence, Sentence):
            check_sentence(sentence, f"sentence {number} of the {side} side", of="tags")


def check_aligned(gold: Sequence[TaggedSentence], predicted: Sequence[TaggedSentence]) -> None:
    """Raise DataError at the first sentence whose length or words differ, or if one side has more sentences."""
    for number, (one, other) in enumerate(zip(gold, predicted, strict=False), start=1):
        difference = _difference(one, other)
        if difference:
            raise DataError(
                difference,
                part=_place(number, one, other),
                expected="the same words in the same sentences",
                remedy="tag the gold file itself",
            )
    if len(gold) != len(predicted):
        longer, shorter = (gold, "predicted") if len(gold) > len(predicted) else (predicted, "gold")
        number = min(len(gold), len(predicted)) + 1
        raise DataError(
            part=_place(number, longer[number - 1]),
            got=f"{len(gold)} gold and {len(predicted)} predicted sentences",
            expected=f"as many; the {shorter} side {'ends before this one' if number > 1 else 'is empty'}",
        )


def tags_of(sentences: Sequence[TaggedSentence], *, side: str) -> list[Sequence[str]]:
    """Return the tags of each sentence.

    Raises:
        DataError: if a sentence has no tags, or one of them is not a tag; names `side`, the sentence and the token.
    """
    tags = [_tags(sentence, number, side) for number, sentence in enumerate(sentences, start=1)]
    for tag in {tag for sequence in tags for tag in sequence}:
        try:
            split_tag(tag)
        except DataError as error:
            raise error.at(_place_of_tag(sentences, tags, tag, side)) from error
    return tags


def _tags(sentence: TaggedSentence, number: int, side: str) -> Sequence[str]:
    if not isinstance(sentence, Sentence):
        return sentence
    if sentence.tags is None:
        raise DataError(f"the {side} sentence has no tags", part=_place(number, sentence), expected="one per word")
    return sentence.tags


def _difference(one: TaggedSentence, other: TaggedSentence) -> str:
    """Return how two sentences differ, empty if they do not; of lists of tags, only the lengths are compared."""
    if isinstance(one, Sentence) and isinstance(other, Sentence):
        for position, (word, other_word) in enumerate(zip(one.words, other.words, strict=False), start=1):
            if word != other_word:
                return f"word {position} is {word!r} in the gold and {other_word!r} in the predictions"
    if len(one) != len(other):
        return f"the gold has {counted(len(one), 'token')} and the predictions have {len(other):,}"
    return ""


def _place(number: int, *sentences: TaggedSentence) -> str:
    """Return the place of a sentence: ``gold.conll:7 and predicted.conll:7, sentence 2``."""
    sources = [s.source for s in sentences if isinstance(s, Sentence) and s.source]
    return ", ".join(filter(None, [" and ".join(dict.fromkeys(sources)), f"sentence {number}"]))


def _place_of_tag(sentences: Sequence[TaggedSentence], tags: list[Sequence[str]], tag: str, side: str) -> str:
    index = next(index for index, sequence in enumerate(tags) if tag in sequence)
    token = list(tags[index]).index(tag) + 1
    return f"{_place(index + 1, sentences[index])}, token {token} of the {side} side"
