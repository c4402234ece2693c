"""Tokenizer profiles: exact offsets in each by property, what each does by example, and the same sentence ends."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nertagger.text.segment import segment
from nertagger.text.tokenization.profiles import Agreement, Profile
from nertagger.text.tokenization.tokenizer import words_and_starts

PARTS = [
    *str.split("a B Mr. don't e-mail U.S. 3.5 x.com @me #tag ! … 。 । ؟ ( \" - 北 ひ 한국 서울에서 กรุงเทพ"),
    *("😀", "👍🏽", "🇩🇪", "नमस्ते", "\ud800"),
]
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.lists(st.sampled_from([*PARTS, " ", "\n\n", "\u3000", "\u0301", "\u200d"]), max_size=14).map("".join),
)


@settings(max_examples=300)
@given(TEXTS, st.sampled_from(Profile))
def test_each_character_except_white_space_is_in_exactly_one_token(text: str, profile: Profile) -> None:
    words, starts = words_and_starts(text, profile)
    assert all(text[start : start + len(word)] == word for word, start in zip(words, starts, strict=True))
    covered = [start + n for word, start in zip(words, starts, strict=True) for n in range(len(word))]
    assert covered == [position for position, character in enumerate(text) if not character.isspace()]


@settings(max_examples=300)
@given(TEXTS, st.sampled_from(Profile))
def test_sentences_have_all_words_and_end_as_under_the_general_profile(text: str, profile: Profile) -> None:
    document = segment(text, profile=profile)
    words, starts = words_and_starts(text, profile)
    assert [word for sentence in document.sentences for word in sentence.words] == words
    assert [start for sentence in document.sentences for start in sentence.starts] == starts
    assert all(sentence.words for sentence in document.sentences)
    begins = {sentence.starts[0] for sentence in document.sentences[1:]}
    general = {sentence.starts[0] for sentence in segment(text).sentences[1:]}
    assert begins == general & set(starts)


@pytest.mark.parametrize(
    ("profile", "marked"),
    [
        (Profile.WHITESPACE, "서울에서 일한다|. 김철수는 3.5|% 오른 KBS-TV|(|한국|)|에 1,000원을 냈다|!"),
        (Profile.WHITESPACE, "他用 iPhone手机 。 東京タワーへ"),
        (Profile.WHITESPACE, "e-mail don't l'homme S-Bahn-Zug|. U|.|S|. Mr|. a|, @|me #|tag http|:|/|/|x|.|y"),
        (Profile.WHITESPACE, "नमस्ते दुनिया|। ۳٫۵ ہے|۔ 10:30|, so|... 👍🏽 🇩🇪|🇫🇷 👩‍👧 e\u0301a"),
        (Profile.SPACES, "서울에서 일한다. (한국)에 don't! 你好。"),
        (Profile.CHARACTER, "你|好|。 i|P|h|o|n|e 3|.|5 서|울"),
        (Profile.CHARACTER, "ก|ร|ุ|ง|เ|ท|พ"),
        (Profile.GENERAL, "서|울|에|서 do|n't e-mail U.S. 3.5|%"),
    ],
)
def test_tokens_of_each_profile(profile: Profile, marked: str) -> None:
    assert words_and_starts(marked.replace("|", ""), profile)[0] == marked.replace("|", " ").split()


@pytest.mark.parametrize("profile", Profile)
def test_an_abbreviation_ends_no_sentence_under_any_profile(profile: Profile) -> None:
    document = segment("Mr. Wu met Dr. Ito at 3.5 p.m. in the U.S. Army. डॉ. राम आए। 네. 알겠습니다.", profile=profile)
    ends = [document.text[s.starts[0] : s.starts[-1] + len(s.words[-1])] for s in document.sentences]
    assert ends == ["Mr. Wu met Dr. Ito at 3.5 p.m. in the U.S. Army.", "डॉ. राम आए।", "네.", "알겠습니다."]


def test_the_agreement_is_shown_if_it_was_measured() -> None:
    assert str(Agreement(Profile.GENERAL)) == "general"
    assert str(Agreement(Profile.SPACES, 0.9871)) == "spaces, agrees with 98.7 % of the training words"
    assert Agreement(Profile.GENERAL).fits
    assert Agreement(Profile.GENERAL, 0.9).fits
    assert not Agreement(Profile.GENERAL, 0.4).fits
    assert "40.0 %" in Agreement(Profile.GENERAL, 0.4).warning
