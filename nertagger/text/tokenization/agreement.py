"""The agreement of the tokens of each tokenizer profile with the words of annotated sentences.

Sentences that come with a text are compared in it. For other sentences a text is made from the words as it would have
been written, without the spaces between words that would reveal the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from nertagger.text.document import Document, Sentence
from nertagger.text.tokenization.profiles import Agreement, Profile
from nertagger.text.tokenization.tokenizer import words_and_starts

_SAMPLE = 1_000  # maximum number of sentences to compare
_MARGIN = 0.01  # by how much another profile must agree better than the default one

# Scripts without spaces between words: Thai, Lao, Tibetan, Burmese, Khmer, Chinese and Japanese with their signs.
_UNSPACED = re.compile(
    "[\u0e01-\u109f\u1780-\u17ff\u2e80-\u312f\u3190-\ua4cf\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff]"
)
_PARTICLES = frozenset("은 는 을 를 의 에 가 와 과 도".split())  # common in Korean, never whole words
_CLOSING = re.compile(r"[,.;:!?%)\]}»”’…،؛؟।॥۔։።]+|(?i:['’`](?:s|m|d|re|ve|ll|t)|n['’`]t)|-[^\W\d_]+")
_ELIDED = re.compile(r"[^\W\d_]{1,5}['’]")  # "l'", "dell'"
_OPENING = frozenset("( [ { « “ ‘ „ $ £ € # ¿ ¡".split())
_CLOSERS = {'"': '"', "'": "'", "„": "“", "‚": "‘"}  # of quotes whose closer may open another
_INSIDE = frozenset("-/")
_HYPHENATED = re.compile(r"\w+(?:-\w+)+")
_UNDERSCORED = re.compile(r"[^\W\d_]+(?:_[^\W\d_]+)+")  # "Hà_Nội" is one word, written with a space in text


class Excerpt(NamedTuple):
    """A sentence as text, and where each of its words begins and ends in it."""

    text: str
    spans: frozenset[tuple[int, int]]


def choose_profile(excerpts: Sequence[Excerpt], profiles: Iterable[Profile] = tuple(Profile)) -> Agreement:
    """Return the profile that agrees best with the words; the general one unless another is clearly better.

    >>> choose_profile(excerpts_of([Document.from_sentence(Sentence.from_words(("서울에서", "일한다", ".")))]))
    Agreement(profile=<Profile.WHITESPACE: 'whitespace'>, f1=1.0)
    """
    scores = {profile: token_f1(excerpts, profile) for profile in profiles}
    best = max(scores, key=lambda profile: scores[profile] + _MARGIN * (profile is Profile.GENERAL))
    return Agreement(best, scores[best])


def token_f1(excerpts: Iterable[Excerpt], profile: Profile) -> float:
    """Return the F1 of the profile's tokens, from 0 to 1; a token is correct if it begins and ends as a word does."""
    total = correct = 0
    for excerpt in excerpts:
        words, starts = words_and_starts(excerpt.text, profile)
        found = {(start, start + len(word)) for word, start in zip(words, starts, strict=True)}
        total += len(found) + len(excerpt.spans)
        correct += len(found & excerpt.spans)
    return 2 * correct / total if total else 1.0


def excerpts_of(documents: Sequence[Document]) -> list[Excerpt]:
    """Return a sample of the sentences of a file, evenly spread, with their own text or one made from the words."""
    pairs = [(document, sentence) for document in documents for sentence in document.sentences if sentence.words]
    pairs = pairs[:: max(1, -(-len(pairs) // _SAMPLE))]
    own = [_own_excerpt(document.text, sentence) for document, sentence in pairs]
    if any(excerpt.text != " ".join(sentence.words) for excerpt, (_, sentence) in zip(own, pairs, strict=True)):
        return own
    words = [list(map(_without_underscores, sentence.words)) for _, sentence in pairs]
    join_hyphens = _splits_hyphens(words)
    return [_made_excerpt(sentence, join_hyphens=join_hyphens) for sentence in words]


def join_words(words: Sequence[str], *, join_hyphens: bool = False) -> tuple[str, list[int]]:
    """Return words joined as they would have been written, and the offset of each word.

    Args:
        words: the words of a sentence.
        join_hyphens: whether a hyphen or slash that is a word of its own was written without spaces around it, as in
            ``BRCA1-related``.

    >>> join_words(["He", "said", ":", '"', "Do", "n't", "(", "now", ")", '"', "."])[0]
    'He said: "Don\\'t (now)".'
    >>> join_words(["他", "住", "北京", "。"])[0]
    '他住北京。'
    """
    text, starts = "", []
    closers: set[str] = set()  # of the open quotations
    spells = any(map(_UNSPACED.match, words))
    is_opened = True
    for before, word in pairwise(["", *words]):
        hyphenated = join_hyphens and (before in _INSIDE or (word in _INSIDE and before[-1:].isalnum()))
        spelled = spells and len(before) == len(word) == 1 and (before + word).isascii() and (before + word).isalnum()
        closes = word in closers
        if not (is_opened or closes or hyphenated or spelled or _is_joined(before, word)):
            text += " "
        starts.append(len(text))
        text += word
        is_opened = not closes and (word in _OPENING or word in _CLOSERS)
        closers ^= {_CLOSERS[word]} if word in _CLOSERS and not closes else {word} & closers
    return text, starts


def _is_joined(before: str, word: str) -> bool:
    """Return whether two words are likely written without a space between them, given their characters."""
    if _CLOSING.fullmatch(word) or (_ELIDED.fullmatch(before) and word[0].isalpha()):
        return True
    if _UNSPACED.match(before[-1]) and _UNSPACED.match(word):
        return True
    return word in _PARTICLES and "\uac00" <= before[-1] <= "\ud7a3"


def _splits_hyphens(sentences: Iterable[Sequence[str]]) -> bool:
    """Return whether hyphens are mostly words of their own."""
    words = [word for sentence in sentences for word in sentence]
    return words.count("-") > sum(_HYPHENATED.fullmatch(word) is not None for word in words)


def _without_underscores(word: str) -> str:
    return word.replace("_", " ") if _UNDERSCORED.fullmatch(word) else word


def _own_excerpt(text: str, sentence: Sentence) -> Excerpt:
    tokens = list(sentence.tokens)
    begin = tokens[0].start
    spans = frozenset((start - begin, end - begin) for _, start, end in tokens)
    return Excerpt(text[begin : tokens[-1].end], spans)


def _made_excerpt(words: Sequence[str], *, join_hyphens: bool) -> Excerpt:
    text, starts = join_words(words, join_hyphens=join_hyphens)
    return Excerpt(text, frozenset((start, start + len(word)) for word, start in zip(words, starts, strict=True)))
