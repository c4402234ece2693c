"""Checks that gold and predictions speak of the same sentences, and that their tags can be read."""

from __future__ import annotations

from collections.abc import Sequence

from nertagger.errors import DataError
from nertagger.text.arguments import check_sentence, check_sentences
from nertagger.text.document import Sentence
from nertagger.text.schemes import split_tag

Annotated = Sequence[str] | Sentence


def check_side(sentences: Sequence[Annotated], *, side: str) -> None:
    """Raise DataError unless these are lists of tags or sentences; names the first that is none, and its side."""
    check_sentences(sentences, of="tags", place=f"the {side} side", counted=True)
    for number, sentence in enumerate(sentences, start=1):
        if not isinstance(sentence, Sentence):
            check_sentence(sentence, f"sentence {number} of the {side} side", of="tags")


def check_aligned(gold: Sequence[Annotated], predicted: Sequence[Annotated]) -> None:
    """Raise DataError at the first sentence whose length or words differ, or if one side has more sentences."""
    for number, (one, other) in enumerate(zip(gold, predicted, strict=False), start=1):
        difference = _difference(one, other)
        if difference:
            raise DataError(
                f"{_place(number, one, other)}: {difference}; expected the same words in the same sentences, "
                "as when the gold file itself is tagged"
            )
    if len(gold) != len(predicted):
        more, less = ("gold", "predictions") if len(gold) > len(predicted) else ("predictions", "gold")
        longer = gold if len(gold) > len(predicted) else predicted
        number = min(len(gold), len(predicted)) + 1
        ended = f"the {less} have ended" if number > 1 else f"the {less} are empty"
        raise DataError(
            f"{_place(number, longer[number - 1])}: got {len(gold)} gold and {len(predicted)} predicted sentences, "
            f"expected as many; the {more} go on from here, {ended}"
        )


def tags_of(sentences: Sequence[Annotated], *, side: str) -> list[Sequence[str]]:
    """The tags of each sentence.

    Raises:
        DataError: if a sentence has no tags, or one of them is not a tag; names `side`, the sentence and the token.
    """
    tags = [_tags(sentence, number, side) for number, sentence in enumerate(sentences, start=1)]
    for tag in {tag for sequence in tags for tag in sequence}:
        try:
            split_tag(tag)
        except DataError as error:
            raise DataError(f"{_place_of_tag(sentences, tags, tag, side)}: {error}") from error
    return tags


def _tags(sentence: Annotated, number: int, side: str) -> Sequence[str]:
    if not isinstance(sentence, Sentence):
        return sentence
    if sentence.tags is None:
        raise DataError(f"{_place(number, sentence)}: the {side} sentence has no tags, expected one a word")
    return sentence.tags


def _difference(one: Annotated, other: Annotated) -> str:
    """What differs between two sentences, or nothing; lists of tags have a length only."""
    if isinstance(one, Sentence) and isinstance(other, Sentence):
        for position, (word, other_word) in enumerate(zip(one.words, other.words, strict=False), start=1):
            if word != other_word:
                return f"word {position} is {word!r} in the gold and {other_word!r} in the predictions"
    if len(one) != len(other):
        return f"the gold has {len(one)} tokens and the predictions have {len(other)}"
    return ""


def _place(number: int, *sentences: Annotated) -> str:
    """Where a sentence stands: ``gold.conll:7 and predicted.conll:7, sentence 2``."""
    sources = [s.source for s in sentences if isinstance(s, Sentence) and s.source]
    return ", ".join(filter(None, [" and ".join(dict.fromkeys(sources)), f"sentence {number}"]))


def _place_of_tag(sentences: Sequence[Annotated], tags: list[Sequence[str]], tag: str, side: str) -> str:
    index = next(index for index, sequence in enumerate(tags) if tag in sequence)
    token = list(tags[index]).index(tag) + 1
    return f"{_place(index + 1, sentences[index])}, token {token} of the {side} side"
