"""Arguments that would be misunderstood are rejected with an explanation."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from nertagger.errors import DataError
from nertagger.text import Document, Entity, Sentence
from nertagger.text.arguments import (
    check_fraction,
    check_path,
    check_sentence,
    check_sentences,
    check_several,
    check_text,
    check_whole,
    checked_sentences,
)

NAN = float("nan")
FLAT = "a list of sentences is a list of lists"


@pytest.mark.parametrize(("sentence", "message"), [
    ("Anna", f"one: got the text 'Anna', expected a list of words: {FLAT}"),
    ("a" * 41, f"one: got the text '{'a' * 40}'..., expected a list of words: {FLAT}"),
    (b"Anna", f"one: got the bytes b'Anna', expected a list of words: {FLAT}"),
    (None, "one: got None, expected a list of words"),
    (NAN, "one: got nan, expected a list of words"),
    (3, "one: got 3, expected a list of words"),
    ({"word": "a"}, "one: got a dict, expected a list of words"),
    ({"a", "b"}, "one: got a set, expected a list of words"),
    ((word for word in "ab"), "one: got a generator, expected a list of words"),
    (Sentence.from_words(("a",)), "one: got a Sentence, expected a list of words"),
    (["a", None], "one, word 2: got None, expected a string"),
    (["a", NAN], "one, word 2: got nan, expected a string"),
    (["a", 3], "one, word 2: got 3, expected a string"),
    (["a", True], "one, word 2: got True, expected a string"),
    (["a", b"b"], "one, word 2: got the bytes b'b', expected a string"),
    (["a", ["b"]], "one, word 2: got a list, expected a string"),
    ([{"word": "a"}], "one, word 1: got a dict, expected words, not features"),
    (np.array([1, 2]), "one, word 1: got an int64, expected a string"),
])  # fmt: skip
def test_check_sentence_refuses_what_is_not_a_list_of_strings(sentence: object, message: str) -> None:
    with pytest.raises(DataError) as raised:
        check_sentence(sentence, "one")
    assert str(raised.value) == message


@pytest.mark.parametrize("sentence", [[], ["a"], ("a", ""), np.array(["a", "b"]), np.array(["a"], dtype=object)])
def test_check_sentence_accepts_lists_of_strings(sentence: object) -> None:
    check_sentence(sentence, "one")


@pytest.mark.parametrize("wrong", ["Anna Kern", b"Anna", None, 3, NAN, {"a": ["b"]}, {("a",)}])
def test_check_sentences_refuses_what_is_not_a_list(wrong: object) -> None:
    with pytest.raises(DataError, match=r"^got .*, expected a list of sentences, each a list of words$"):
        check_sentences(wrong)
    with pytest.raises(DataError, match=r"^got .*, expected a list of lines; cut it$"):
        check_several(wrong, "lines", remedy="cut it")


def test_check_sentences_accepts_iterators_unless_the_number_must_be_known() -> None:
    check_sentences(iter([["a"]]))
    with pytest.raises(DataError, match=r"^y: got a list_iterator, expected a list of sentences, each a list of tags"):
        check_sentences(iter([["a"]]), place="y", of="tags", counted=True)


def test_an_error_names_the_number_of_the_sentence() -> None:
    with pytest.raises(DataError, match=r"^sentence 2: got the text 'b'"):
        list(checked_sentences([["a"], "b"]))


@pytest.mark.parametrize("value", [None, ["a"], b"a", 3, NAN, Document("a", ())])
def test_check_text_refuses_what_is_not_a_string(value: object) -> None:
    with pytest.raises(DataError, match=r"^got .*, expected a text; use pipe$"):
        check_text(value, remedy="use pipe")


@pytest.mark.parametrize("value", [0, -1, 1.0, "1", None, True, NAN])
def test_check_whole_refuses_what_is_not_a_whole_number_from_1(value: object) -> None:
    with pytest.raises(DataError, match=r"^n: got .*, expected a whole number from 1$"):
        check_whole("n", value, least=1)


@pytest.mark.parametrize("value", [-0.1, 1.1, "1", None, True, NAN])
def test_check_fraction_refuses_what_is_not_between_0_and_1(value: object) -> None:
    with pytest.raises(DataError, match=r"^x: got .*, expected a number from 0 to 1$"):
        check_fraction("x", value)


def test_numbers_of_numpy_are_accepted() -> None:
    check_whole("n", np.int64(3), least=1)
    check_fraction("x", np.float64(0.5))


def test_shown_values_are_short() -> None:
    assert repr(Entity("PER", 0, 4, "Anna", 0.987654321)) == "Entity('PER', 0, 4, 'Anna', confidence=0.9877)"
    assert eval(repr(Entity("PER", 0, 4, "Anna"))) == Entity("PER", 0, 4, "Anna")
    assert repr(Entity("X", 0, 3, "\x1b[2J\u202e" + "a" * 70)) == f"Entity('X', 0, 3, '\\x1b[2J\\u202e{'a' * 55}...')"
    sentence = Sentence.from_words(("Anna", "ran"))
    entities = tuple(Entity("PER", 0, 4, "Anna") for _ in range(6))
    assert repr(Document("Anna ran", (sentence,))) == "<Document 'Anna ran': 1 sentence, 2 tokens>"
    assert repr(Document("Anna ran", (sentence,), entities[:1])).endswith(", 1 entity: PER 'Anna'>")
    assert repr(Document("Anna ran", (sentence,), entities)).endswith("6 entities: " + "PER 'Anna', " * 5 + "...>")


class Table:
    """What tables of pandas, polars and pyarrow have in common."""

    columns, shape = ("text",), (1, 1)

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)


@pytest.mark.parametrize("check", [check_sentences, lambda table: check_several(table, "sentences", remedy="cut it")])
def test_a_table_is_refused_as_it_iterates_over_the_names_of_its_columns(check: Callable[[object], None]) -> None:
    with pytest.raises(DataError, match=r"^got a Table, expected a list of sentences; pass a column, or pairs of two:"):
        check(Table())


def test_an_array_without_a_dimension_is_refused() -> None:
    with pytest.raises(DataError, match=r"^got a ndarray, expected a list of texts; cut it$"):
        check_several(np.array("Ann"), "texts", remedy="cut it")


@pytest.mark.parametrize("value", ["", None, ["a.conll"], 3, b"a"])
def test_check_path_refuses_what_is_not_a_path(value: object) -> None:
    with pytest.raises(DataError, match=r"^got .*, expected the path of a file$"):
        check_path(value)
