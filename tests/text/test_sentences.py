"""Sentence ends: by example, and the invariants of ranges by property."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nertagger.text.lexicon import ALWAYS_FOLLOWED, SENTENCE_OPENERS
from nertagger.text.sentences import sentence_ranges, sentence_spans
from nertagger.text.tokenizer import token_spans

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


def test_no_tokens_make_no_sentences() -> None:
    assert sentence_spans("", []) == []
    assert sentence_spans(" \n\n ", []) == []


def test_no_abbreviation_is_both_always_followed_and_an_opening_word() -> None:
    assert not ALWAYS_FOLLOWED & SENTENCE_OPENERS


@pytest.mark.parametrize(
    "unit", [".", "…", ". ", '.")', '?" ', "\n", "\r\n", " \n", "。", " :)", "a.B", "A. ", "1. ", ".' "]
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
    """Each end but the last as the number of characters before it that are not spaces."""
    return {len("".join(lines[:count]).replace(" ", "")) for count in range(1, len(lines))}


def test_ends_on_the_treebank_part_that_the_rules_were_made_with(shared_data: Path) -> None:
    text = (shared_data / "uner_ewt" / "dev.iob2").read_text(encoding="utf-8")
    gold_count = found_count = correct = 0
    for part in text.split("# newdoc")[1:]:
        raw = [row.removeprefix("# text = ") for row in part.split("\n") if row.startswith("# text = ")]
        own = sentences(" ".join(raw))
        gold_ends, ends = (
            {len("".join(lines[:n]).replace(" ", "")) for n in range(1, len(lines))} for lines in (raw, own)
        )
        gold_count, found_count = gold_count + len(gold_ends), found_count + len(ends)
        correct += len(gold_ends & ends)
    # A quarter of the gold ends have neither a stop nor, joined by spaces as they are here, a line end to be seen by.
    assert correct / found_count > 0.98
    assert correct / gold_count > 0.74
