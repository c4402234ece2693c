"""The tokenizer profile that agrees with training words, in the conventions of many corpora."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nertagger.corpus import read_documents
from nertagger.text.document import Document, Sentence
from nertagger.text.segment import segment
from nertagger.text.tokenization.agreement import choose_profile, excerpts_of, join_words, token_f1
from nertagger.text.tokenization.profiles import Profile


def documents(*sentences: str) -> list[Document]:
    return [Document.from_sentence(Sentence.from_words(tuple(sentence.split()))) for sentence in sentences]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("They do n't visit the U.S. Army .", "They don't visit the U.S. Army."),
        ('He said : " No ( I do n\'t ) " , and left !', 'He said: "No (I don\'t)", and left!'),
        ("Er kam , „ so “ und dit -il : l' homme d’ Italie", "Er kam, „so“ und dit-il: l'homme d’Italie"),
        ("It cost $ 5 , or 3 % , to me ...", "It cost $5, or 3%, to me..."),
        ("김철수 오늘 서울에서 일한다 .", "김철수 오늘 서울에서 일한다."),
        ("박영희 는 부산 을 떠났다 .", "박영희는 부산을 떠났다."),
        ("他 住 北京 大学 。 「 好 」", "他住北京大学。「好」"),
        ("他 在 i P h o n e 上 看 2 0 2 0 年", "他在 iPhone 上看 2020 年"),
        ("東京 タワー へ 行き まし た 。", "東京タワーへ行きました。"),
        ("สม ชาย ไป กรุงเทพ ปี 2563", "สมชายไปกรุงเทพปี 2563"),
        ("هل تعرف محمد ؟ نعم ، أعرفه .", "هل تعرف محمد؟ نعم، أعرفه."),
        ("राम दिल्ली में है ।", "राम दिल्ली में है।"),
    ],
)
def test_words_are_joined_as_they_are_written(words: str, text: str) -> None:
    joined, starts = join_words(words.split())
    assert joined == text
    assert [
        joined[start : start + len(word)] for word, start in zip(words.split(), starts, strict=True)
    ] == words.split()


@given(st.lists(st.text(st.characters(exclude_categories=()), min_size=1, max_size=6), max_size=8))
def test_any_words_can_be_joined(words: list[str]) -> None:
    text, starts = join_words(words, join_hyphens=True)
    assert [text[start : start + len(word)] for word, start in zip(words, starts, strict=True)] == words
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("sentences", "profile"),
    [
        (["They do n't visit the U.S. Army .", "Obama 's dog can not see me !"], Profile.GENERAL),
        (["The BRCA1 - related gene .", "A T - cell of e-mail - type ."], Profile.GENERAL),
        (["Anna"], Profile.GENERAL),
        (["Er fuhr im S-Bahn-Zug nach Berlin-Mitte .", "Das ist im Haus ."], Profile.WHITESPACE),
        (["l'homme d'Italie , dit-il ."], Profile.WHITESPACE),
        (["김철수 오늘 서울 에서 일한다 .", "박영희는 부산에서 3.5% 올랐다고 KBS에 말했다 ."], Profile.WHITESPACE),
        (["김철수는 오늘 서울에서 일한다.", '그는 "아니다"라고 말했다. 정말?'], Profile.SPACES),
        (["김 철 수 는 서 울 에 서 일 한 다 ."], Profile.GENERAL),
        (["王 小 明 昨 天 在 北 京 。", "他 有 iPhone 手 机 5 号 。"], Profile.GENERAL),
        (["他 在 i P h o n e 上 看 2 0 2 0 年 。"], Profile.CHARACTER),
        (["東 京 タ ワ ー へ 行 き ま し た 。"], Profile.GENERAL),
        (["ส ม ช า ย ไ ป"], Profile.CHARACTER),
        (["Ông Nguyễn Văn A sống ở Hà Nội ."], Profile.GENERAL),
        (["هل تعرف محمد ؟", "قال محمد نعم ."], Profile.GENERAL),
        (["वह दिल्ली में रहता है ।"], Profile.GENERAL),
    ],
)
def test_the_profile_that_agrees_with_the_corpus_is_chosen(sentences: list[str], profile: Profile) -> None:
    chosen = choose_profile(excerpts_of(documents(*sentences)))
    assert chosen.profile is profile
    assert chosen.fits, chosen


@pytest.mark.parametrize(
    "sentence",
    [
        "王小明 昨天 在 北京 大学 学习 。",
        "東京 タワー へ 行き まし た 。",
        "สม ชาย ไป กรุงเทพ ทุก วัน",
        "သူ ရန်ကုန် တွင် နေ သည် ။",
        "김철수 는 오늘 서울 을 떠나 았 다 .",
        "Ông Nguyễn_Văn_A sống ở Hà_Nội .",
        "Jo ##hn li ##ves in New Y ##ork .",
        "Il n' est pas l' homme d' Italie qu' on dit .",
    ],
)
def test_words_that_no_profile_produces_do_not_fit(sentence: str) -> None:
    chosen = choose_profile(excerpts_of(documents(sentence)))
    assert not chosen.fits, chosen


def test_words_are_compared_in_the_text_of_the_document_if_there_is_one() -> None:
    spaced = Document("王小明 在 北京。", (Sentence(("王小明", "在", "北京", "。"), (0, 4, 6, 8)),))
    assert choose_profile(excerpts_of([spaced])) == (Profile.WHITESPACE, 1.0)
    cut = segment("They don't go. 서울에서 일한다.")
    assert choose_profile(excerpts_of([cut])) == (Profile.GENERAL, 1.0)


def test_many_sentences_are_sampled_from_all_parts() -> None:
    many = documents(*["They do n't go ."] * 3000, *["서울에서 일한다 ."] * 3000)
    excerpts = excerpts_of(many)
    assert len(excerpts) == 1000
    assert 0.4 < token_f1(excerpts, Profile.GENERAL) < 0.9


def test_no_sentences_agree_with_the_default_profile() -> None:
    assert choose_profile([]) == (Profile.GENERAL, 1.0)


@pytest.mark.parametrize(
    ("name", "profile", "least"),
    [
        ("uner_ewt/dev.iob2", Profile.GENERAL, 0.99),
        ("uner_pud/test.iob2", Profile.GENERAL, 0.99),
        ("wikigold/dev.conll", Profile.GENERAL, 0.97),
        ("wnut17/train.conll", Profile.GENERAL, 0.93),
        ("btc/b.conll", Profile.GENERAL, 0.88),
        ("ncbi_disease/dev.tsv", Profile.GENERAL, 0.98),
        ("germeval2014/dev.tsv", Profile.WHITESPACE, 0.97),
    ],
)
def test_real_corpora(shared_data: Path, name: str, profile: Profile, least: float) -> None:
    chosen = choose_profile(excerpts_of(list(read_documents(shared_data / name))))
    assert chosen.profile is profile
    assert chosen.f1 is not None
    assert chosen.f1 > least
    assert chosen.fits
