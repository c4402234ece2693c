"""Tokens of raw text: the conventions by example, exact offsets and full coverage by property."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nertagger.text.tokenization.lexicon import ABBREVIATIONS, FUSED_WORDS
from nertagger.text.tokenization.token_pattern import ascii_expression, unicode_expression
from nertagger.text.tokenization.tokenizer import token_spans, tokenize, words_and_starts

# What the expression treats in a way of its own, so that random strings meet its branches and their seams.
PARTS = [
    *str.split("a B dog don't n't 's ’s ' U.S. Mr. e- x.com a@b.c @me #tag #1 1 3.5 12/3 cannot im http://x.y/(a)"),
    *str.split('. ! ? ... … , ; : :) - -- ( ) " $ & / _ * = > < +'),
    *(" ", "  ", "\n", "\r\n", "\t", "\x85", "\xa0", "\u3000", "\u2028", "\x1c", "\f", "\v"),
    *("é", "e\u0301", "\u0301", "\u200d", "\u200b", "\ufeff", "\xad", "\ufe0f", "\U000e0100", "\U000e0067", "\u0e31"),
    *("😀", "👩\u200d👧", "👍🏽", "🇩🇪", "🇩", "1️⃣", "北", "ひ", "한", "ｶﾞ", "\U00020000", "𝔘", "\ud800", "\udfff"),
]
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
SEAMS = st.lists(st.sampled_from(PARTS), max_size=14).map("".join)


def words(text: str) -> list[str]:
    return [token.text for token in tokenize(text)]


def is_extending(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Mc", "Me"}


@settings(max_examples=400)
@given(st.one_of(ANY_TEXT, SEAMS))
@example("\ud83d\ude00 \udc00")
@example("")
@example(" \n\x85")
def test_each_character_except_white_space_is_in_exactly_one_token(text: str) -> None:
    spans = token_spans(text)
    covered = [position for start, end in spans for position in range(start, end)]
    assert covered == [position for position, character in enumerate(text) if not character.isspace()]
    assert all(start < end for start, end in spans)


@settings(max_examples=300)
@given(st.one_of(ANY_TEXT, SEAMS))
def test_tokens_index_the_text_in_all_three_forms(text: str) -> None:
    spans, tokens = token_spans(text), tokenize(text)
    assert [(token.start, token.end) for token in tokens] == spans
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert words_and_starts(text) == ([token.text for token in tokens], [token.start for token in tokens])


@settings(max_examples=300)
@given(SEAMS)
def test_combining_marks_stay_with_their_base(text: str) -> None:
    for start, _ in token_spans(text):
        assert not is_extending(text[start]) or start == 0 or text[start - 1].isspace()


@settings(max_examples=300)
@given(st.lists(st.sampled_from([part for part in PARTS if part.isascii()]), max_size=14).map("".join))
def test_the_ascii_expression_agrees_with_the_general_one(text: str) -> None:
    assert ascii_expression().findall(text) == unicode_expression().findall(text)


@settings(max_examples=300)
@given(st.lists(SEAMS.map(str.strip), max_size=4), st.sampled_from([" ", "\n", "\t", "\u3000", "\n\n"]))
def test_tokens_do_not_depend_on_text_beyond_white_space(texts: list[str], space: str) -> None:
    apart = [word for text in texts for word in words(text)]
    assert words(space.join(texts)) == apart


# A bar marks each boundary that no space marks.
@pytest.mark.parametrize(
    "marked",
    [
        # abbreviations, acronyms, initials
        "Mr. Smith met Dr. Who|, Gov. Bush and Lt. Col. Day at Apple Inc. in St. Louis|.",
        "J. K. Rowling and J.R.R. Tolkien of the U.S. Army left at 5 p.m. on Jan. 5|.",
        "the U.S.|-|led force|; U.K.|, i.e. that|, e.g. this|, etc. and a Ph.D.",
        "It is not|. So did I|. The dog|. In 1990|.",
        "А. С. Пушкин",
        "Apple Inc.|'s dog|; U.S.|'s",
        # contractions
        "do|n't Do|N'T do|n’t ca|n't wo|n't is|n't|!",
        "Obama|'s Obama|’s it|'s I|'m I|’ll you|'ve we|'d they|'re who|'d|'ve",
        "the dogs|' bones|, James|' house",
        "can|not Can|not gon|na wan|na got|ta lem|me gim|me",
        "do|nt DO|NT that|s they|re i|m but IM Im",
        "O'Neill d'Artagnan Shi'ite rock'n'roll y'all c'est o’clock",
        "'90s '72 in the 1990s and the 60's 'em",
        "she said '|yes|' and ‘|no|’",
        # hyphens
        "East|-|West e-mail non-smoker pre-1990 co-operate vice|-|president Al|-|Qaida",
        "a - b -- c — d –",
        # numbers
        "5,000 3.5 .04 10:30 08/16/2000 9/11 2001-02-03 +1 1,234.56|.",
        "$|3.50 10|% £|5 #|1 5|pm 10:30|am 24|hrs 650|k 4th 1990s B2B",
        "713-853-3989 +1-800-555-0199 713.837.1638 853-3242 but 13|-|17",
        # addresses
        "see http://a.b/c_(d)|. or <|https://x.y/z?q=1&r=2|>|, (|www.x.org|)",
        "mail a.b-c@d.co.uk|, franz371...@gmail.com|.",
        "paulhastings.com|, Lisa_resume.doc|, a-b.com/x/y|, alt.animals.cat|.",
        "one end|.|The next|.",
        # social media
        "@me|: @user_1 .|@you #hashtag #2much|! #été #東京",
        "AT&T R&D w/ w/o b/c and|/|or",
        ":) :-( ;-) =) <3 ^_^ :D -> =>",
        # punctuation
        "What|?! No|!!! Well|... so|.. ok|… **** ____ ==== \"|'|a|'|\"",
        "(|a|) [|b|] {|c|}",
    ],
)
def test_conventions(marked: str) -> None:
    assert words(marked.replace("|", "")) == marked.replace("|", " ").split()


@pytest.mark.parametrize(
    "emoji",
    [
        *("😀", "❤️", "❤", "👍🏽", "☝🏽", "👩‍👩‍👧‍👦", "🧑🏽‍🚀", "🏳️‍🌈", "❤️‍🔥", "👁️‍🗨️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
        *("🇩🇪", "🇺🇳", "1️⃣", "#️⃣", "*️⃣", "5⃣", "©️", "™️", "ℹ️", "㊗️", "🅰️", "↔️", "♂️", "🫠", "🤷🏻‍♀️"),
    ],
)
def test_an_emoji_sequence_is_one_token(emoji: str) -> None:
    assert words(emoji) == [emoji]
    assert words(f"so {emoji} !") == ["so", emoji, "!"]
    assert words(emoji * 2) == [emoji, emoji]
    assert words(f"{emoji}😀🇫🇷") == [emoji, "😀", "🇫🇷"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我爱北京。", list("我爱北京。")),
        ("東京タワーへ", list("東京タワーへ")),
        ("한국어를", list("한국어를")),
        ("iPhone手机5号", ["iPhone", "手", "机", "5", "号"]),
        ("か\u3099き", ["か\u3099", "き"]),
        ("葛\U000e0100城", ["葛\U000e0100", "城"]),
        ("\U00020000\U00020001", ["\U00020000", "\U00020001"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("می‌خواهم", ["می‌خواهم"]),
        ("Zoe\u0308's cafe\u0301.", ["Zoe\u0308", "'s", "cafe\u0301", "."]),
        ("Fuß\xadball \u202bab\u202c", ["Fuß\xadball", "\u202b", "ab\u202c"]),
        ("𝔘𝔫𝔦 𐍈a", ["𝔘𝔫𝔦", "𐍈a"]),
    ],
)
def test_scripts(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("space", [" ", "\t", "\n", "\r\n", "\x85", "\xa0", "\u2003", "\u2028", "\u3000", "\x1c", "\v"])
def test_white_space_of_any_kind_separates_and_is_in_no_token(space: str) -> None:
    assert words(f"{space}one.{space}{space}b{space}") == ["one", ".", "b"]
    assert tokenize(f"{space}it's{space}") == [
        ("it", len(space), len(space) + 2),
        ("'s", len(space) + 2, len(space) + 4),
    ]


def test_zero_width_space_separates_words_and_a_byte_order_mark_is_in_no_token() -> None:
    assert words("\ufeffone\u200btwo") == ["\ufeff", "one", "\u200b", "two"]


def test_word_lists_satisfy_the_assumptions_of_the_tokenizer() -> None:
    assert all(0 < cut < len(word) for word, cut in FUSED_WORDS.items())
    assert all(word.isalpha() for word in (*FUSED_WORDS, *ABBREVIATIONS))


HOSTILE = str.split(
    """a a- a. 1. 1- 1: ' a' é' n't @a ab@ a@b. # #a http://( www. (( 北 _ -_ Mr. A. A& ... … ?" :- cannot"""
)


@pytest.mark.parametrize("unit", [*HOSTILE, "\n", " \n", "\u0301", "\u200d", "😀\u200d", "\ud800"])
def test_time_is_linear_in_the_length_of_hostile_text(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        begun = time.process_time()
        token_spans(text)
        return time.process_time() - begun

    short, long = min(seconds(4_000) for _ in range(3)), min(seconds(32_000) for _ in range(2))
    assert long < 24 * short + 0.05  # 8 times the length; a quadratic branch would need 64 times the time


def boundaries(treebank: Path) -> tuple[int, int, int]:
    """Return the boundaries between the tokens of a treebank in IOB2, those found in its texts, and those of both."""
    gold = found = correct = 0
    for block in treebank.read_text(encoding="utf-8").split("\n\n"):
        rows = block.strip("\n").split("\n")
        texts = [row.removeprefix("# text = ") for row in rows if row.startswith("# text = ")]
        ends: set[int] = set()  # a boundary is a count of characters that are not white space: no search for tokens
        for row in (row for row in rows if texts and not row.startswith("#")):
            ends.add(max(ends, default=0) + len("".join(row.split("\t")[1].split())))
        own: set[int] = set()
        for word in words(texts[0]) if texts else ():
            own.add(max(own, default=0) + len(word))
        gold, found, correct = gold + len(ends), found + len(own), correct + len(ends & own)
    return gold, found, correct


def test_boundaries_of_a_manually_tokenized_treebank() -> None:
    assert boundaries(Path(__file__).parent / "invented.iob2") == (86, 86, 86)


def test_boundaries_on_the_treebank_part_that_the_rules_were_made_with(shared_data: Path) -> None:
    gold, found, correct = boundaries(shared_data / "uner_ewt" / "dev.iob2")
    assert gold > 25_000
    assert 2 * correct / (gold + found) > 0.996
