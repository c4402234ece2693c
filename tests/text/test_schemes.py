"""Tag schemes against conlleval's recorded counts, seqeval, and the enumeration of all short sequences."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nertagger.errors import DataError
from nertagger.text import Span, TagScheme, convert_tags, detect_scheme, read_spans, write_tags
from nertagger.text.schemes import bioes_tags, count_repairs, split_tag

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from seqeval.metrics.sequence_labeling import get_entities

SCHEMES = list(TagScheme)
TAGS = st.lists(st.sampled_from(["O", "O", *(f"{p}-{label}" for p in "BIES" for label in ("A", "B"))]), max_size=9)


@st.composite
def separate_spans(draw: st.DrawFn) -> tuple[list[Span], int]:
    """Sorted spans that do not overlap but may be adjacent, and the number of tokens."""
    spans, position = [], 0
    for _ in range(draw(st.integers(0, 4))):
        first = position + draw(st.integers(0, 2))
        position = first + draw(st.integers(1, 3))
        spans.append(Span(draw(st.sampled_from(["A", "B-x"])), first, position))
    return spans, position + draw(st.integers(0, 2))


@pytest.mark.parametrize("scheme", SCHEMES)
@given(case=separate_spans())
def test_spans_survive_every_scheme(case: tuple[list[Span], int], scheme: TagScheme) -> None:
    spans, length = case
    tags = write_tags(spans, length, scheme)
    assert len(tags) == length
    assert read_spans(tags) == spans
    assert count_repairs(tags, scheme) == 0


@given(case=separate_spans(), path=st.lists(st.sampled_from(SCHEMES), min_size=1, max_size=4))
def test_converting_from_scheme_to_scheme_keeps_the_spans(case: tuple[list[Span], int], path: list[TagScheme]) -> None:
    spans, length = case
    tags = write_tags(spans, length)
    for scheme in path:
        tags = convert_tags(tags, scheme)
    assert tags == write_tags(spans, length, path[-1])


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        (TagScheme.IOB1, "I-A I-A B-A O I-B"),
        (TagScheme.IOB2, "B-A I-A B-A O B-B"),
        (TagScheme.BIOES, "B-A E-A S-A O S-B"),
        (TagScheme.BILOU, "B-A L-A U-A O U-B"),
    ],
)
def test_write_tags_of_adjacent_entities(scheme: TagScheme, expected: str) -> None:
    spans = [Span("A", 0, 2), Span("A", 2, 3), Span("B", 4, 5)]
    assert write_tags(spans, 5, scheme) == expected.split()


@given(TAGS)
def test_read_spans_equals_seqeval_on_any_sequence(tags: list[str]) -> None:
    expected = [(label, first, last + 1) for label, first, last in get_entities(tags)]
    assert read_spans(tags) == expected


def test_read_spans_equals_conlleval_counts(conlleval_cases: list[dict[str, Any]]) -> None:
    for case in conlleval_cases:
        gold = [{*read_spans(tags)} for tags in case["gold"]]
        predicted = [{*read_spans(tags)} for tags in case["predicted"]]
        expected = case["expected"]
        assert sum(map(len, gold)) == expected["gold"]
        assert sum(map(len, predicted)) == expected["found"]
        assert sum(len(g & p) for g, p in zip(gold, predicted, strict=True)) == expected["correct"]


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("", []),
        ("O O", []),
        ("I-A I-A", [("A", 0, 2)]),
        ("I-A B-A", [("A", 0, 1), ("A", 1, 2)]),
        ("B-A I-B", [("A", 0, 1), ("B", 1, 2)]),
        ("O E-A", [("A", 1, 2)]),
        ("B-A L-A U-A", [("A", 0, 2), ("A", 2, 3)]),
        ("B-creative-work I-creative-work", [("creative-work", 0, 2)]),
    ],
)
def test_read_spans_examples(tags: str, spans: list[tuple[str, int, int]]) -> None:
    assert read_spans(tags.split()) == spans


@pytest.mark.parametrize("tag", ["", "B", "PER", "X-PER", "B-", "-PER", "b-PER", "BPER", "o"])
def test_split_tag_names_an_invalid_tag(tag: str) -> None:
    with pytest.raises(DataError, match=f"got the tag {tag!r}, expected O or one of B- I-"):
        split_tag(tag)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [("L-A", ("E", "A")), ("U-A-b", ("S", "A-b")), ("O", ("O", "")), ("I-O", ("I", "O"))],
)
def test_split_tag(tags: str, expected: tuple[str, str]) -> None:
    assert split_tag(tags) == expected


@pytest.mark.parametrize(
    ("tags", "scheme", "repairs"),
    [
        ("O I-A I-A", TagScheme.IOB2, 1),
        ("B-A I-B O", TagScheme.IOB2, 1),
        ("B-A I-A", TagScheme.BIOES, 1),
        ("B-A O", TagScheme.IOB1, 1),
        ("O O", TagScheme.BIOES, 0),
    ],
)
def test_count_repairs(tags: str, scheme: TagScheme, repairs: int) -> None:
    assert count_repairs(tags.split(), scheme) == repairs


@pytest.mark.parametrize(
    ("lines", "scheme"),
    [
        (["I-A I-A O", "I-A B-A O I-B"], TagScheme.IOB1),
        (["B-A I-A O", "B-A"], TagScheme.IOB2),
        (["B-A I-A O", "B-A B-A I-A", "O I-A"], TagScheme.IOB2),
        (["B-A E-A", "S-B"], TagScheme.BIOES),
        (["S-B"], TagScheme.BIOES),
        (["B-A L-A", "U-B"], TagScheme.BILOU),
        (["O O", "O"], TagScheme.IOB2),
        ([], TagScheme.IOB2),
    ],
)
def test_detect_scheme(lines: list[str], scheme: TagScheme) -> None:
    assert detect_scheme(line.split() for line in lines) is scheme


@given(cases=st.lists(separate_spans(), min_size=1, max_size=5), scheme=st.sampled_from(SCHEMES))
def test_the_detected_scheme_needs_no_repair(cases: list[tuple[list[Span], int]], scheme: TagScheme) -> None:
    sequences = [write_tags(spans, length, scheme) for spans, length in cases]
    detected = detect_scheme(sequences)
    assert sum(count_repairs(tags, detected) for tags in sequences) == 0


def test_bioes_tags_begin_with_outside_and_have_no_duplicates() -> None:
    assert bioes_tags(["A", "B"]) == ["O", "B-A", "I-A", "E-A", "S-A", "B-B", "I-B", "E-B", "S-B"]
    assert bioes_tags([]) == ["O"]
