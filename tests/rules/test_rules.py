"""Gazetteers and patterns: reading, matching, and errors with file and line."""

from __future__ import annotations

import gzip
import pickle
import time

import pytest

from nertagger.errors import DataError
from nertagger.rules import Rules
from nertagger.text import Profile


def found(rules: Rules, words: str) -> list[tuple[str, int, int, str]]:
    return [(*span, rule) for span, rule in rules.match(words.split())]


def test_gazetteer_file_is_read(tmp_path):
    path = tmp_path / "names.tsv"
    path.write_text(
        "\ufeff# name\tlabel\n#only a comment\n\nNew York\tLOC\r\n#Brexit\tEVENT\n Ann \tPER\t Q1 \n", "utf-8"
    )
    rules = Rules(gazetteers=path)
    assert found(rules, "Ann left New York after #Brexit") == [
        ("PER", 0, 1, "Q1"),
        ("LOC", 2, 4, f"{path}:4"),
        ("EVENT", 5, 6, f"{path}:5"),
    ]


def test_gazetteer_may_be_compressed(tmp_path):
    path = tmp_path / "names.tsv.gz"
    path.write_bytes(gzip.compress(b"Ann\tPER\n"))
    assert found(Rules(gazetteers=[path]), "Ann") == [("PER", 0, 1, f"{path}:1")]


def test_longest_then_first_match_counts():
    rules = Rules(gazetteers={"New York": "LOC", "York Times Co": "ORG", "New": "X", "a b": "AB", "b c": "BC"})
    assert found(rules, "New York Times Co") == [("X", 0, 1, "gazetteer"), ("ORG", 1, 4, "gazetteer")]
    assert found(rules, "a b c") == [("AB", 0, 2, "gazetteer")]


def test_patterns_come_before_names_and_files_in_their_order(caplog):
    rules = Rules(gazetteers=[{"Ann": "PER"}, {"Ann": "LOC"}])
    assert found(rules, "Ann") == [("PER", 0, 1, "gazetteer")]
    assert "1 name has more than one label, and the first counts: Ann is PER" in caplog.text
    rules = Rules(gazetteers={"Ann": "PER"}, patterns={"label": "X", "pattern": [{"TEXT": "Ann"}], "id": "ann"})
    assert found(rules, "Ann") == [("X", 0, 1, "ann")]


def test_names_are_tokenized_as_the_text():
    rules = Rules(gazetteers={"Yahoo!": "ORG", "O'Neill's": "ORG"})
    matcher = rules.matcher(Profile.GENERAL)
    assert [m.span[1:] for m in matcher.match(["Yahoo", "!", "met", "O'Neill", "'s"])] == [(0, 2), (3, 5)]
    assert [m.span[1:] for m in rules.matcher(Profile.SPACES).match(["Yahoo!", "met", "O'Neill's"])] == [(0, 1), (2, 3)]
    assert [m.span[1:] for m in rules.matcher(Profile.CHARACTER).match([*"Yahoo!"])] == [(0, 6)]


def test_case_is_ignored_if_asked_for():
    names = {"New York": "LOC", "ÉTÉ": "X"}
    assert found(Rules(gazetteers=names), "NEW york été") == []
    assert [m[:3] for m in found(Rules(gazetteers=names, ignore_case=True), "NEW york été")] == [
        ("LOC", 0, 2),
        ("X", 2, 3),
    ]


@pytest.mark.parametrize("text", ["Sa\u0303o Paulo", "São\u200f Paulo\u200f", "S\xadão Pau\xadlo"])
@pytest.mark.parametrize("ignore_case", [False, True])
def test_names_are_found_in_text_that_looks_the_same(text, ignore_case):
    for rules in (
        Rules(gazetteers={"São Paulo": "LOC"}, ignore_case=ignore_case),
        Rules(patterns={"label": "LOC", "pattern": "São Paulo"}),
    ):
        assert [match[:3] for match in found(rules, text)] == [("LOC", 0, 2)]
    assert found(Rules(gazetteers={text: "LOC"}, ignore_case=ignore_case), "São Paulo")


def test_no_sentence_and_no_rule():
    assert Rules().match([]) == Rules().match(["Ann"]) == Rules(gazetteers={"Ann": "PER"}).match([]) == []


def test_rules_pickle():
    rules = Rules(gazetteers={"Ann": "PER"}, patterns=[{"label": "X", "pattern": [{"TEXT": {"REGEX": "^z"}}]}])
    rules.match(["Ann"])
    assert found(pickle.loads(pickle.dumps(rules)), "Ann zoo") == [("PER", 0, 1, "gazetteer"), ("X", 1, 2, "pattern 1")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Ann", "got the label '', expected one word such as PER; a line is name TAB label"),
        ("\tPER", "got the name '', expected a text"),
        ("Ann\ta person", "got the label 'a person', expected one word"),
        ("Ann\tPER\t1\t2", "got 4 columns, expected name, label and, if you like, id"),
    ],
)
def test_faulty_line_of_a_gazetteer_is_named(tmp_path, line, message):
    path = tmp_path / "names.tsv"
    path.write_text(f"Bo\tPER\n{line}\n")
    with pytest.raises(DataError, match=r"names\.tsv:2: ") as caught:
        Rules(gazetteers=[path])
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not a line of JSON"),
        ("[1]", "got [1], expected {"),
        ('{"label": "X"}', "got the keys label, expected"),
        ('{"label": "X", "pattern": "Ann", "more": 1}', "got the keys label, pattern, more"),
        ('{"label": "X", "pattern": []}', "got the pattern [], expected a name, or a list of token patterns"),
        ('{"label": "X", "pattern": ""}', "got the name ''"),
        ('{"label": "", "pattern": "Ann"}', "got the label ''"),
        ('{"label": "X", "pattern": "Ann", "id": [1]}', "got the id [1], expected a text"),
        ('{"label": "X", "pattern": [{"POS": "NOUN"}]}', "got the key 'POS' in a token pattern, expected one of ORTH"),
        ('{"label": "X", "pattern": ["Ann"]}', "got 'Ann' in a token pattern, expected objects"),
        ('{"label": "X", "pattern": [{"LOWER": 3}]}', "got 3 for LOWER, expected a text"),
        ('{"label": "X", "pattern": [{"LENGTH": "3"}]}', "got '3' for LENGTH, expected a whole number"),
        ('{"label": "X", "pattern": [{"IS_ALPHA": "yes"}]}', "got 'yes' for IS_ALPHA, expected true or false"),
        ('{"label": "X", "pattern": [{"LOWER": {"FUZZY": "a"}}]}', "LOWER with the predicate 'FUZZY', expected IN"),
        ('{"label": "X", "pattern": [{"LOWER": {"IN": "abc"}}]}', "got 'abc' for IN of LOWER, expected a list"),
        ('{"label": "X", "pattern": [{"LOWER": {"REGEX": "("}}]}', "'(' is not a regular expression"),
        ('{"label": "X", "pattern": [{"OP": "**"}]}', "got the operator '**', expected one of ! ? + *"),
        ('{"label": "X", "pattern": [{"OP": "{3,2}"}]}', "got the operator '{3,2}'"),
        ('{"label": "X", "pattern": [{"OP": "{9999}"}]}', "expected at most 512 tokens"),
        (f'{{"label": "X", "pattern": [{{"OP": "{{{"9" * 5000}}}"}}]}}', "got the operator '{9999"),
    ],
)
def test_faulty_pattern_is_named(tmp_path, line, message):
    path = tmp_path / "patterns.jsonl"
    path.write_text(f'{{"label": "X", "pattern": "Bo"}}\n{line}\n')
    with pytest.raises(DataError, match=r"patterns\.jsonl:2: ") as caught:
        Rules(patterns=[path])
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_arguments_of_other_kinds_are_refused():
    with pytest.raises(DataError, match="the gazetteer 3"):
        Rules(gazetteers=[3])
    with pytest.raises(DataError, match="pattern 1: got the keys label"):
        Rules(patterns=[{"label": "X"}])
    with pytest.raises(DataError, match="got 3, expected a list"):
        Rules(patterns=3)
    with pytest.raises(DataError, match="expected first or last"):
        Rules(precedence="never")


def test_a_pattern_of_any_tokens_ends_in_bounded_time():
    rules = Rules(patterns={"label": "X", "pattern": [{"TEXT": "a", "OP": "+"}, {"OP": "*"}, {"TEXT": "z"}]})
    began = time.process_time()
    assert rules.match(["a"] * 1500) == []
    assert time.process_time() - began < 20


def test_many_names_are_found_fast():
    names = {f"Name{n} Other{n % 1000}": "PER" for n in range(20_000)}
    rules = Rules(gazetteers=names)
    began = time.process_time()
    matcher = rules.matcher()
    words = [word for n in range(0, 20_000, 20) for word in (f"Name{n}", f"Other{n % 1000}", "and", "Name7", "x")]
    assert len(matcher.match(words)) == 1000
    assert time.process_time() - began < 20
