"""Sentence ends: by example, and the invariants of ranges by property."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nertagger.text.tokenization.lexicon import ALWAYS_FOLLOWED, SENTENCE_OPENERS
from nertagger.text.tokenization.sentences import sentence_ranges, sentence_spans
from nertagger.text.tokenization.tokenizer import token_spans

PARTS = str.split('a B Mr. U.S. end. 1. 2 ... ?! ! ? … 。 ." ( ) :) x.com one.Two - \ud800 e\u0301 😀')
SPACES = [" ", " ", "", "\n", "\n\n", "\r\n\r\n", "\n \t\n", "\u2029", "\f", "\x85", "\xa0", "\u3000", "\r"]
TEXTS = st.lists(st.tuples(st.sampled_from(PARTS), st.sampled_from(SPACES)).map("".join), max_size=16).map("".join)


def sentences(text: str) -> list[str]:
    tokens = token_spans(text)
    return [text[tokens[first][0] : tokens[stop - 1][1]] for first, stop in sentence_spans(text, tokens)]


@settings(max_examples=400)
@given(st.one_of(TEXTS, st.text(st.characters(exclude_categories=()), max_size=40)))
def test_ranges_cover_all_tokens_in_order_and_none_is_empty(text: str) -> None:
    tokens = token_spans(text)
    ranges = sentence_spans(text, tokens)
    assert [token for first, stop in ranges for token in range(first, stop)] == list(range(len(tokens)))
    assert all(first < stop for first, stop in ranges)
    assert ranges == sentence_ranges(text, [start for start, _ in tokens])


@settings(max_examples=400)
@given(TEXTS)
def test_a_blank_line_always_ends_a_sentence(text: str) -> None:
    tokens = token_spans(text)
    stops = {stop for _, stop in sentence_spans(text, tokens)}
    for position in range(1, len(tokens)):
        lines = re.sub("\r\n", "\n", text[tokens[position - 1][1] : tokens[position][0]])
        assert lines.count("\n") < 2 or position in stops


# A bar marks the end of each sentence but the last.
@pytest.mark.parametrize(
    "marked",
    [
        # titles, initials, acronyms, other short forms
        "Mr. Smith and Dr. Jones met Mrs. Brown on Jan. 5.| It rained.",
        "J. K. Rowling wrote it.| C. S. Lewis did not.",
        "He joined the U.S. Army in 1990.| Then he left the U.S.| He likes it.",
        "Gov. Bush met Gen. Powell of the U.N. Security Council.",
        "Prof. A. B. Smith Jr. spoke.| Sr. Manager came.",
        "He works for Apple Inc.| She works at Corp. headquarters.",
        "It is in Washington, D.C.| It is nice.| Washington D.C. is.",
        "He came at 5 p.m. on Monday and left at 6 a.m.| Then it rained.",
        "He got a Ph.D. in St. Louis etc.| The end.",
        "I am A.| He is B.| They left.",
        "Dogs vs. cats, e.g. Tom, i.e. that one, c. 360 BC.| So it goes.",
        "See Fig. 3 and No. 5, vol. 2, p. 7.| The end.| No.| I will not.",
        # numbers and items
        "It rose 3.5 percent.| Then it fell 2.1 points, to .5.| 7 remain.",
        "1. First item.| 2. Second item.| 3. Third.",
        "He was born in 1990.| Then he was 45.| 3 came.",
        # marks
        "What?| No!| Yes?!| ok then.",
        "Wait... what?| Well...| No… not that.| So…| Yes.",
        '"Stop." |He left. |"Stop!" he said. |“Why?” she asked. |‘No.’ |He sat.',
        'He said "go away." |(It was late.) |Then [they went.] |Why.',
        "It works :) |So be it. :) |Yes. |We go on :( but why.",
        "it was late. |then we left. |approx. 5 came.",
        # no space
        "It ended.|Then it began!|Who knows?|Yes.| See x.Com or Mr.Smith.",
        "你好。|我是王！|谁？」|他。",
        # lines
        "Title|\n\nText goes on|\n \nand on.",
        "This line is long enough to have been wrapped at the margin of a\nPage that goes on below it.",
        "Dear Sir,|\nThank you.|\nYours,|\nJohn Smith|\n12 High Street",
        "We need these things that nobody has brought along today:|\n- milk|\n- honey|\n1. First|\n2) second",
        "a short line\nthat goes on",
        "A paragraph in one line " * 6 + "|\nand the next one.",
        "page one|\x0cpage two|\u2029page three",
        "one|\r\n\r\ntwo|\r\rthree|\n\r\nfour",
    ],
)
def test_sentence_ends(marked: str) -> None:
    assert sentences(marked.replace("|", "")) == [sentence.strip() for sentence in marked.split("|")]


@pytest.mark.parametrize(
    "marked",
    [
        # Hindi, Marathi, Nepali: danda, double danda, stops, decimals, titles, initials, items, verses
        "राम दिल्ली में रहता है।| वह पुणे में काम करता है।",
        "राम दिल्ली में रहता है।|वह पुणे में है॥| अंत",
        "डॉ. राम और श्री. शर्मा ने 3.5 करोड़ रु. दिए।| प्रो. मीना ३.५ किमी दूर थीं।| वे आए।",
        "ए. पी. जे. अब्दुल कलाम और एम. एस. धोनी मिले।| क्या वे गए?| हाँ!| ठीक।",
        "वह घर पर है.| राम भी वहीं था.",
        "राम म्हणाला की तो पुण्यात राहतो.| डॉ. पाटील तेथे आहेत.| ते आले.",
        "१. पहला काम करो।| २. दूसरा काम करो।| ३। तीसरा काम करो।",
        "कर्मण्येवाधिकारस्ते मा फलेषु कदाचन॥ १ ॥| योगस्थः कुरु॥२॥| धनंजय",
        "उसने कहा, “मैं आऊँगा।”| फिर गया… और नहीं आया।| सच... मुझे पता नहीं।",
        "कि.मी. और ई.पू. में लिखा है।| वह 1990 में आया।| 3 लोग आए।",
        "उसका iPhone टूटा।| iphone नया है।",
        "आई. ए. एस. अधिकारी पं. नेहरू से वि. सं. 2045 में मिले।| सं. रा. संघ, रु. 500 और पृ. 12।",
        # Bengali, Punjabi, Gujarati, Tamil, Telugu, Malayalam, Sinhala
        "ড. ইউনূস ও মো. আলী ঢাকায় থাকেন।| তিনি ৩.৫ টাকা দেন।| কেন?| জানি না।",
        "ਡਾ. ਸਿੰਘ ਦਿੱਲੀ ਵਿੱਚ ਰਹਿੰਦੇ ਹਨ।| ਉਹ ਆਏ।",
        "ડૉ. પટેલ અમદાવાદમાં રહે છે.| તે કામ કરે છે.| એમ. કે. ગાંધી આવ્યા.",
        "திரு. மு. க. ஸ்டாலின் சென்னையில் இருக்கிறார்.| எம். ஜி. ராமச்சந்திரன் வந்தார்.",
        "డా. రావు హైదరాబాద్‌లో ఉన్నారు.| ఎన్. టి. రామారావు వచ్చారు.",
        "ഡോ. നായർ കൊച്ചിയിൽ താമസിക്കുന്നു.| എം. ടി. വാസുദേവൻ വന്നു.",
        "ඒ. ජේ. රණසිංහ කොළඹ සිටී.| ඔහු ආවා.",
        # Urdu
        "وہ لاہور میں رہتا ہے۔| میں کراچی میں ہوں۔|وہ گیا۔",
        "قیمت 3۔5 روپے اور ۲۔۵ ڈالر ہے۔| کیا یہ ٹھیک ہے؟| ہاں!| وہ 2020 میں آیا۔| 5 لوگ آئے۔",
        "ایم۔ اے۔ جناح کراچی میں تھے۔| بی۔بی۔سی نے کہا۔| پی۔ٹی۔آئی کے لوگ آئے۔",
        "۱۔ پہلا کام۔| ن۔ م۔ راشد شاعر تھے۔| وہ گیا۔۔۔ اور نہ آیا۔| ص۔ 5 دیکھو۔",
        "اس نے کہا ”میں آؤں گا۔“| پھر وہ چلا گیا... اور نہ آیا۔",
        # Arabic, Persian, Hebrew
        "هل تعرف محمد؟| نعم أعرفه.",
        "قال د. محمد إن السعر 3.5 دولار.| ثم سأل أ. د. علي: متى؟!| لا أعرف.",
        "١. الأول ٣٫٥ كم.| ٢. ص. 5 و ص.ب. 12 في الرياض.| ماذا!؟| لا.",
        "انتظر... ثم ذهب.| لماذا…؟| عاد في 300 ق.م. إلى بيته.",
        "هل قال «نعم»؟، ثم ذهب.| انتهى؛ ثم عاد.",
        "او در تهران است.| آیا می‌آید؟| بله.",
        "א. ב. יהושע גר בחיפה.| הוא כתב ספר.",
        # Amharic, Burmese, Khmer, Thai, Tibetan, Mongolian
        "አበበ በአዲስ አበባ ይኖራል።| ዶ/ር ከበደ በ2012 ዓ.ም. መጣ።|የት ነው፧| እዚህ ነው፡፡| ደህና።",
        "ሀ. ለማ መጣ።| ዋጋው 3.5 ብር ነው።",
        "သူ ရန်ကုန်တွင် နေသည်။| ကျွန်တော်၊ မန္တလေးတွင် ၃.၅ နှစ် နေသည်။|သူလာသည်။",
        "គាត់រស់នៅភ្នំពេញ។| តម្លៃ ៣.៥ ដុល្លារ។|ខ្ញុំទិញផ្លែឈើ បន្លែ ។ល។ ហើយត្រឡប់មកវិញ។",
        "ดร. สมชาย เกิดเมื่อ พ.ศ. 2510 ที่ กทม. แล้วย้าย",
        "ང་བོད་པ་ཡིན༎| ང་ལྷ་སར་སྡོད༎",
        "ᠪᠢ ᠮᠣᠩᠭᠣᠯ᠃| ᠲᠡᠷᠡ ᠢᠷᠡᠪᠡ᠃",
        # Armenian, Georgian, Greek
        "Նա ապրում է Երևանում:| Ես գնացի տուն: նա և 12։30 եկավ:",
        "Τι κάνεις;| Καλά; ναι.| Πού είσαι;| Εδώ.",
        "Նա ապրում է Երևանում։| Ես գնացի տուն։|Նա եկավ։",
        "ის ცხოვრობს ქ. თბილისში.| მე აქ ვარ.| სად?| აქ.| „კი.“ |წავიდა.",
        # Korean, Japanese, Chinese
        "김철수는 3.5% 올랐다고 했다.| U.S. 정부는 Dr. 김을 불렀다.| 네.| 알겠습니다... 그런데 왜?| 글쎄.",
        "価格は３．５円です．|次は１０円です。|1。はじめに「はい。」|次へ",
        "他花了3.5元。|她说：“好。”|然后……走了！|你好？，他说。",
    ],
)
def test_sentence_ends_of_other_scripts(marked: str) -> None:
    assert sentences(marked.replace("|", "")) == [sentence.strip() for sentence in marked.split("|")]


def test_a_bar_typed_instead_of_a_danda_ends_a_sentence() -> None:
    assert sentences("राम घर गया | वह सोया| फिर उठा |") == ["राम घर गया |", "वह सोया|", "फिर उठा |"]
    assert sentences("ab | cd | é") == ["ab | cd | é"]


def test_terminals_are_those_of_unicode_except_two() -> None:
    """Of each script's marks one by one, between two letters of no case."""
    marks = "։؟۔।॥።፧፨។៕᠃᠉။。．！？｡﹒︒༎᙮᜵᜶꓿꘎꡶꧉꩝꯫𑁇𑅁𑇅"
    assert [mark for mark in marks if len(sentences(f"აა{mark} ა")) != 2] == []
    assert [mark for mark in "၊\u2024،؛،፣、་།" if len(sentences(f"აა{mark} ა")) != 1] == []


def test_no_tokens_make_no_sentences() -> None:
    assert sentence_spans("", []) == []
    assert sentence_spans(" \n\n ", []) == []


def test_no_abbreviation_is_both_always_followed_and_an_opening_word() -> None:
    assert not ALWAYS_FOLLOWED & SENTENCE_OPENERS


@pytest.mark.parametrize(
    "unit",
    [
        ".",
        "…",
        ". ",
        '.")',
        '?" ',
        "\n",
        "\r\n",
        " \n",
        "。",
        " :)",
        "a.B",
        "A. ",
        "1. ",
        ".' ",
        "।",
        "॥ 1 ",
        "؟ ",
        "بی۔",
        "፡",
        "។ល",
        "ए. ",
    ],
)
def test_time_is_linear_in_the_length_of_hostile_text(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        tokens = token_spans(text)
        begun = time.process_time()
        sentence_spans(text, tokens)
        return time.process_time() - begun

    short, long = min(seconds(4_000) for _ in range(3)), min(seconds(32_000) for _ in range(2))
    assert long < 24 * short + 0.05  # 8 times the length; a quadratic rule would need 64 times the time


def ends_of(lines: list[str]) -> set[int]:
    """Return each end but the last as the number of characters before it that are not spaces."""
    return {len("".join(lines[:count]).replace(" ", "")) for count in range(1, len(lines))}


def compared_ends(treebank: Path) -> tuple[int, int, int]:
    """Return the sentence ends inside the documents of a treebank, those found in their text, and those of both."""
    gold_count = found_count = correct = 0
    for part in treebank.read_text(encoding="utf-8").split("# newdoc")[1:]:
        raw = [row.removeprefix("# text = ") for row in part.split("\n") if row.startswith("# text = ")]
        own = sentences(" ".join(raw))
        gold_ends, ends = (
            {len("".join(lines[:n]).replace(" ", "")) for n in range(1, len(lines))} for lines in (raw, own)
        )
        gold_count, found_count = gold_count + len(gold_ends), found_count + len(ends)
        correct += len(gold_ends & ends)
    return gold_count, found_count, correct


def test_ends_of_a_manually_segmented_treebank() -> None:
    assert compared_ends(Path(__file__).parent / "invented.iob2") == (5, 5, 5)


def test_ends_on_the_treebank_part_that_the_rules_were_made_with(shared_data: Path) -> None:
    gold_count, found_count, correct = compared_ends(shared_data / "uner_ewt" / "dev.iob2")
    # A quarter of the gold ends have neither a stop nor, joined by spaces as they are here, a line end to be seen by.
    assert correct / found_count > 0.98
    assert correct / gold_count > 0.74
