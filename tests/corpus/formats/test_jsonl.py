"""JSON lines: tokens with tags, texts with character spans, and malformed records."""

from __future__ import annotations

import io
import json
import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from nertagger.corpus import BLANK_TOKEN, read_documents, read_rows, write_documents
from nertagger.corpus.conversion import convert
from nertagger.corpus.formats.jsonl import read_jsonl
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text import Document, Entity, Sentence, read_spans
from nertagger.text.entities import document_entities


def by_spaces(text: str, *, source: str = "", offset: int = 0) -> Document:
    """Return a simple segmenter: words separated by single spaces, sentences by line ends."""
    sentences, start = [], 0
    for line in text.split("\n"):
        if line:
            sentences.append(Sentence.from_words(tuple(line.split(" ")), offset=start))
        start += len(line) + 1
    return Document(text, tuple(sentences), source=source, offset=offset)


def load(*records: object, lenient: bool = False) -> list[Document]:
    lines = [record if isinstance(record, str) else json.dumps(record, ensure_ascii=False) for record in records]
    source = Source("x.jsonl", lenient=lenient, segment=by_spaces)
    return list(read_jsonl(iter([f"{line}\n" for line in lines]), source))


@pytest.mark.parametrize("field", ["tags", "ner_tags", "labels", "ner"])
def test_read_jsonl_tokens(field: str) -> None:
    [document] = load({"tokens": ["New York", "ran"], field: ["B-LOC", "O"]})
    [sentence] = document.sentences
    assert (sentence.words, sentence.tags, sentence.source) == (("New York", "ran"), ("B-LOC", "O"), "x.jsonl:1")


def test_read_jsonl_tokens_without_tags_or_with_a_text() -> None:
    assert load({"tokens": ["a", "b"]})[0].sentences[0].tags is None
    [document] = load({"text": "don't  go", "tokens": [{"text": "do"}, {"text": "n't"}, {"text": "go"}]})
    assert (document.text, document.sentences[0].starts) == ("don't  go", (0, 2, 7))
    assert load({"tokens": ["a", " "], "tags": ["O", "O"]})[0].sentences[0].words == ("a", BLANK_TOKEN)


@pytest.mark.parametrize("entities", [
    {"entities": [{"start": 4, "end": 12, "label": "LOC"}]},
    {"spans": [{"start": 4, "end": 12, "label": "LOC", "text": "New York"}]},
    {"label": [[4, 12, "LOC"]]},
    {"labels": [[4, 12, "LOC"]]},
    {"annotation": [["LOC", 4, 12]]},
    {"entities": [{"from": 4, "to": 12, "type": "LOC"}]},
    {"entities": [{"start_index": 4, "end_index": 12, "tag": "LOC"}]},
    {"entities": [{"charStart": 4, "char_end": 12, "label_": "LOC"}]},
    {"entities": [{"BeginOffset": 4, "EndOffset": 12, "Type": "LOC", "Text": "New York"}]},
    {"entities": [{"start": 4, "stop": 12, "ner": "LOC"}]},
    {"entities": [{"start": "4", "end": "12", "label": {"name": "LOC"}}]},
    {"entities": [{"start": 4, "end": 11, "label": "LOC", "text": "New York"}]},
    {"entities": [{"offsets": [[4, 12]], "type": "LOC", "text": ["New York"]}]},
    {"entities": [{"span": [4, 12], "label": "LOC"}]},
    {"entities": [{"position": {"start": 4, "end": 12}, "label": "LOC"}]},
    {"entities": [[4, 12, "LOC", "New York"]]},
    {"entities": [["New York", 4, 12, "LOC"]]},
    {"mentions": [{"start": 4, "end": 12, "label": "LOC"}]},
    {"NER": [[4, 12, "LOC"]]},
])  # fmt: skip
def test_read_jsonl_texts_with_entities(entities: dict[str, object]) -> None:
    [document] = load({"text": "for New York only", **entities})
    assert document.sentences[0].tags == ("O", "B-LOC", "I-LOC", "O")
    assert document.entities == (Entity("LOC", 4, 12, "New York"),)


def test_read_jsonl_keeps_source_offset_and_confidence() -> None:
    entity = {"label": "X", "start": 0, "end": 1, "text": "a", "confidence": 0.75}
    [document] = load({"text": "a b", "entities": [entity], "source": "f.txt", "offset": 17})
    assert (document.source, document.offset, document.entities[0].confidence) == ("f.txt", 17, 0.75)


@pytest.mark.parametrize(("text", "span", "words", "tags"), [
    ("anti-Obama rally", (5, 10), ("anti-", "Obama", "rally"), ("O", "B-X", "O")),
    ("Obama's aide", (0, 5), ("Obama", "'s", "aide"), ("B-X", "O", "O")),
    ("xyz", (1, 2), ("x", "y", "z"), ("O", "B-X", "O")),
    ("in Yahoo !\nInc now", (3, 14), ("in", "Yahoo", "!", "Inc", "now"), ("O", "B-X", "I-X", "I-X", "O")),
    ("to Rome now", (2, 8), ("to", "Rome", "now"), ("O", "B-X", "O")),
])  # fmt: skip
def test_read_jsonl_aligns_tokens_with_entities(text, span, words, tags) -> None:
    [document] = load({"text": text, "entities": [{"start": span[0], "end": span[1], "label": "X"}]})
    [sentence] = document.sentences
    assert (sentence.words, sentence.tags) == (words, tags)
    assert document_entities(document)[0].text == text[slice(*span)].strip(" ")


def test_read_jsonl_counts_trimmed_entities(caplog: pytest.LogCaptureFixture) -> None:
    [document] = load({"text": "to Rome now", "entities": [[2, 8, "X"]]})
    assert document.entities == (Entity("X", 3, 7, "Rome"),)
    assert caplog.messages == ["x.jsonl: 1 entity trimmed of white space at the edges, first at x.jsonl:1"]


def test_read_jsonl_makes_an_entity_without_tokens_a_token() -> None:
    [document] = load({"text": "a \u200b b", "entities": [{"start": 2, "end": 3, "label": "X"}]})
    assert document.sentences[0].words == ("a", "\u200b", "b")
    assert read_spans(document.sentences[0].tags or ()) == [("X", 1, 2)]


def test_read_jsonl_without_entities_field_is_not_annotated() -> None:
    bare, empty = load({"text": "a b"}, {"text": "a b", "entities": []})
    assert bare.sentences[0].tags is None
    assert load({"text": "a b", "entities": None, "label": None})[0].sentences[0].tags is None
    assert empty.sentences[0].tags == ("O", "O")
    assert load({"text": "", "entities": []}, "", "  ")[0].sentences == ()


WRONG = [
    ("{nope", "not JSON: Expecting property name"),
    ("7", "got a JSON int, expected an object"),
    ('["a", "b"]', "got a JSON list, expected an object"),
    ({"lines": ["a"]}, "got the fields lines, expected tokens or text"),
    ({"tokens": "a b"}, "got tokens that are a JSON str, expected a list"),
    ({"tokens": ["a", 7]}, "got tokens that are not strings"),
    ({"tokens": ["a"], "tags": [3]}, "got tags that are numbers"),
    ({"tokens": ["a", "b"], "text": "a c"}, "the tokens do not occur in the text"),
    ({"tokens": ["a", "b"], "tags": ["B-X"]}, "got 1 tag for 2 tokens; fix the row"),
    ({"tokens": ["a", "b"], "ner_tags": [0, 1]}, "got ner_tags that are numbers"),
    ({"tokens": ["a", "b"], "ner_tags": ["O", None]}, "got ner_tags with 1 word without a tag although others"),
    ({"tokens": ["a", "b"], "ner_tags": ["O", -100]}, "got ner_tags with 1 word without a tag although others"),
    ({"text": "a b", "tags": ["B-X"]}, "got 1 tag in tags for the 2 words of the text"),
    ({"text": "ab", "entities": "X"}, "got entities that are a JSON str, expected a list"),
    ({"text": "ab", "entities": {"X": 0}}, "got entities that are a JSON dict, expected a list"),
    ({"text": "ab", "entities": [], "offset": True}, "got the offset True, expected a whole number"),
    ({"text": "ab", "entities": [], "offset": "3"}, "got the offset '3', expected a whole number"),
    ('{"text": "a\\ud800", "entities": []}', "half a surrogate pair"),
    ("[" * 100_000, "lists or objects nested 100 times or more"),
    ('{"text": "a", "meta": ' + "[" * 150 + "]" * 150 + "}", "lists or objects nested"),
    ('{"text": "a", "meta": ' + "9" * 5000 + "}", "a number with thousands of digits"),
    ('{"text": "a", "meta": NaN}', "got NaN, which is not valid in JSON"),
    ('{"text": "a", "meta": 1e999}', "the number 1e999 is too large"),
    ('{"text": "a", "entities": [], "text": "b"}', "the field 'text' comes twice in one object"),
    ('{"text": "a"} x', "not JSON"),
]


@pytest.mark.parametrize(("record", "message"), WRONG)
def test_read_jsonl_raises_for_malformed_records_and_leaves_them_out_leniently(record, message: str, caplog) -> None:
    with pytest.raises(DataError) as caught:
        load({"text": "fine"}, record)
    assert str(caught.value).startswith("x.jsonl:2: ")
    assert message in str(caught.value)
    assert [document.text for document in load({"text": "fine"}, record, {"text": "b"}, lenient=True)] == ["fine", "b"]
    assert caplog.messages == ["x.jsonl: 1 row left out that could not be read, first at x.jsonl:2"]


FAULTY = [
    ({"text": "ab", "entities": [{"start": 0, "end": 3, "label": "X"}]}, "X 0-3"),
    ({"text": "ab", "entities": [{"start": -1, "end": 1, "label": "X"}]}, "X -1-1"),
    ({"text": "ab", "entities": [{"start": 1, "end": 1, "label": "X"}]}, "X 1-1"),
    ({"text": "ab", "entities": [{"start": "x", "end": 1, "label": "X"}]}, "expected whole numbers"),
    ({"text": "ab", "entities": [{"start": 0, "end": 1, "label": ""}]}, "and a label"),
    ({"text": "ab", "entities": ["X"]}, "got the entity 'X', expected"),
    ({"text": "ab", "entities": [{"start": 0, "end": 1, "label": "X", "text": "b"}]}, "says 'b'"),
    ({"text": "ab", "entities": [{"start": True, "end": 2, "label": "X"}]}, "expected whole numbers"),
    ({"text": "ab", "entities": [{"start": 0.5, "end": 2, "label": "X"}]}, "expected whole numbers"),
    ({"text": "ab", "entities": [{"start": None, "end": 2, "label": "X"}]}, "expected whole numbers"),
    ({"text": "ab", "entities": [None]}, "got the entity None, expected"),
    ({"text": "ab", "entities": [[0, 1]]}, "got the entity [0, 1], expected"),
    ({"text": "ab", "entities": [{"start": 0, "end": 1, "label": 3}]}, "a number as label; export the labels by name"),
    ({"text": "ab", "entities": [{"start": 0, "end": 1, "label": ["X", "Y"]}]}, "with 2 labels (X, Y), expected one"),
    ({"text": "ab", "entities": [{"start": 0, "end": 1, "labels": []}]}, "with no label, expected one"),
]


@pytest.mark.parametrize(("record", "message"), FAULTY)
def test_a_malformed_entity_raises_and_is_left_out_leniently(record, message: str, caplog) -> None:
    with pytest.raises(DataError) as caught:
        load({"text": "fine"}, record)
    assert str(caught.value).startswith("x.jsonl:2: ")
    assert message in str(caught.value)
    assert "lenient" not in str(caught.value)
    good = {"start": 3, "end": 5, "label": "Y"}
    _, document = load(
        {"text": "fine"}, {**record, "text": "ab cd", "entities": [*record["entities"], good]}, lenient=True
    )
    assert document.entities[-1] == Entity("Y", 3, 5, "cd")
    caplog.clear()
    _, alone = load({"text": "fine"}, record, lenient=True)
    assert alone.sentences[0].tags is None, "the entities of the text are unknown"
    assert caplog.messages == ["x.jsonl: 1 entity left out that could not be read, first at x.jsonl:2"]


REPAIRED = [
    ({"tokens": ["a", "b"], "tags": ["B-X", "X"]}, "got the tag 'X'", ("B-X", "I-X")),
    (
        {"text": "a b", "entities": [{"start": 2, "end": 9, "label": "X", "text": "b"}]},
        "X 2-9 is not within",
        ("O", "B-X"),
    ),
    ({"text": "a b", "entities": [[0, 3, "X"], [2, 3, "Y"]]}, "'a b' and 'b' overlap", ("B-X", "I-X")),
]


@pytest.mark.parametrize(("record", "message", "tags"), REPAIRED)
def test_read_jsonl_lenient_repairs_and_counts(record, message: str, tags: tuple[str, ...], caplog) -> None:
    with pytest.raises(DataError, match=f"^x.jsonl:1: .*{message}") as caught:
        load(record)
    assert str(caught.value).count("leniently") == 1
    [document] = load(record, lenient=True)
    assert document.sentences[0].tags == tags
    assert len(caplog.messages) == 1


def test_write_jsonl() -> None:
    entity = Entity("PER", 0, 2, "Zö", 0.123456789)
    tagged = Document("Zö ran", (), (entity,), source="f.txt", offset=3)
    plain = Document.from_sentence(Sentence.from_words(("Bo", "ran"), tags=("B-PER", "O")))
    stream = io.StringIO()
    write_documents(stream, [tagged, plain], format="jsonl")
    assert stream.getvalue().split("\n") == [
        '{"text": "Zö ran", "entities": [{"label": "PER", "start": 0, "end": 2, "text": "Zö", "confidence": 0.123457}],'
        ' "source": "f.txt", "offset": 3}',
        '{"text": "Bo ran", "entities": [{"label": "PER", "start": 0, "end": 2, "text": "Bo"}]}',
        "",
    ]


def test_write_jsonl_distinguishes_unannotated_texts_from_those_without_entities() -> None:
    bare = Document.from_sentence(Sentence.from_words(("a",)))
    none = Document.from_sentence(Sentence.from_words(("a",), tags=("O",)))
    stream = io.StringIO()
    write_documents(stream, [bare, none, replace(none, predicted=True)], format="jsonl")
    written = stream.getvalue().splitlines()
    assert written == [
        '{"text": "a"}',
        '{"text": "a", "entities": []}',
        '{"text": "a", "entities": [], "predicted": true}',
    ]
    assert [document.predicted for document in load(*written)] == [False, False, True]


FIELDS = {"id": 7, "meta": {"a": [1, None]}, "lang": "de", "source": {"name": "x"}, "label": "news"}


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize("name", ["jsonl", "doccano", "prodigy", "label-studio"])
def test_other_fields_survive_every_json_format(tmp_path, name: str, lenient: bool) -> None:
    entities = [[0, 1, "X"], *([[2, 99, "Y"]] if lenient else [])]
    documents = load({"text": "a b", "entities": entities, **FIELDS}, lenient=lenient)
    assert documents[0].meta == FIELDS
    assert documents[0].source == "x.jsonl"
    path = tmp_path / "x.json"
    assert convert(documents, path, format=name) == {}
    stream = path.open(encoding="utf-8")
    [again] = read_jsonl(iter(stream), Source("y", segment=by_spaces))
    stream.close()
    held = again.meta if name != "label-studio" else again.meta | again.meta["data"]
    assert {key: held.get(key, held.get(f"{key}_")) for key in FIELDS} == FIELDS
    assert again.entities == documents[0].entities


@pytest.mark.parametrize("name", ["conll", "csv", "html", "text"])
def test_other_fields_are_counted_as_lost_in_other_formats(tmp_path, name: str) -> None:
    documents = load({"text": "a b", "entities": [], "id": 7}, {"text": "a b", "entities": []})
    assert convert(documents, tmp_path / "x", format=name)["records with other fields (id, meta, ...)"] == 1


def test_dates_and_nan_are_written_as_valid_json() -> None:
    document = Document("a", (), meta={"day": date(2024, 1, 2), "score": math.nan, "all": [math.inf]}, predicted=True)
    stream = io.StringIO()
    write_documents(stream, [document], format="jsonl")
    assert json.loads(stream.getvalue()) == {
        "text": "a", "entities": [], "predicted": True, "day": "2024-01-02", "score": None, "all": [None],
    }  # fmt: skip


def test_a_null_source_is_ignored() -> None:
    [document] = load({"text": "a", "source": None, "offset": None})
    assert (document.source, document.offset, document.meta) == ("x.jsonl", 0, {})


@pytest.mark.parametrize("name", ["rawText", "tweet", "Text", "document"])
@pytest.mark.parametrize("around", ["RECORD", '{"doc": RECORD}', '[{"row": RECORD}]'])
def test_texts_under_other_names_and_in_an_object_of_their_own(name: str, around: str) -> None:
    record = json.dumps({"id": "7", name: "Ann ran", "entities": [[0, 3, "PER"]]})
    [document] = load(around.replace("RECORD", record))
    assert document.text == "Ann ran"
    assert document_entities(document) == (Entity("PER", 0, 3, "Ann"),)
    assert document.meta == {"id": "7"}


def test_two_fields_that_may_be_the_text_are_an_error() -> None:
    with pytest.raises(DataError, match="got the fields tweet, document, entities, expected tokens or text"):
        load({"tweet": "Ann ran", "document": "Bo ran", "entities": []})


@pytest.mark.parametrize("layout", [
    '{"data": [\n RECORD,\n RECORD\n]}',
    '{"classes": ["PER"], "annotations": [\nRECORD, RECORD]\n}',
    'RECORD1\n"entities": [[0, 3, "PER"]]}\nRECORD1\n\n"entities": [[0, 3, "PER"]]}',
    '[RECORD,\nRECORD]',
])  # fmt: skip
def test_objects_in_several_lines_however_they_are_broken(layout: str) -> None:
    begin = '{"text": "Ann [ran", "meta": {"note": "a { or \\"["},'
    record = begin + ' "entities": [[0, 3, "PER"]]}'
    documents = load(*layout.replace("RECORD1", begin).replace("RECORD", record).split("\n"))
    assert [document_entities(document) for document in documents] == [(Entity("PER", 0, 3, "Ann"),)] * 2


@pytest.mark.parametrize("cut", ['{"text": "Bo", "entities": [', '{"text": "Bo ra'])
def test_a_first_line_that_is_cut_off_does_not_take_the_others_with_it(cut: str) -> None:
    rest = [{"text": "Ann ran", "entities": [[0, 3, "PER"]]}] * 2
    with pytest.raises(DataError, match=r"x.jsonl:1: not JSON"):
        load(cut, *rest)
    assert len(load(cut, *rest, lenient=True)) == 2


@pytest.mark.parametrize("layout", [
    '{"text": "a"}\n{"text": "b"}\n',
    '[{"text": "a"}, {"text": "b"}]',
    '[{"text": "a"},\n{"text": "b"}\n]\n',
    '\n[\n  {\n    "text": "a"\n  },\n  {\n    "text": "b"\n  }\n]',
    '{\n  "text": "a"\n}\n{\n  "text": "b"\n}\n',
    '[{"text": "a"}]\n[{"text": "b"}]\n',
    '{"rows": [{"text": "a"}, {"text": "b"}], "version": 1}',
    '[["a", {}], ["b", {}]]',
    '["a", {}]\n["b", {}]\n',
])  # fmt: skip
@pytest.mark.parametrize("name", ["x.json", "x.jsonl"])
def test_lists_and_lines_are_read_under_either_name(tmp_path, layout: str, name: str) -> None:
    (tmp_path / name).write_text(layout)
    assert [document.text for document in read_documents(tmp_path / name)] == ["a", "b"]


def test_records_of_a_list_have_line_numbers(tmp_path) -> None:
    (tmp_path / "x.json").write_text('[\n{"text": "a"},\n\n{"text": "b",\n"entities": [[0, 5, "X"]]}]')
    with pytest.raises(DataError, match=r"x\.json:4: entity X 0-5 is not within"):
        list(read_documents(tmp_path / "x.json"))


def test_unreadable_rows_are_counted(caplog) -> None:
    assert load("x", "{", lenient=True) == []
    assert caplog.messages == ["x.jsonl: 2 rows left out that could not be read, first at x.jsonl:1"]


def test_empty_tokens_give_no_sentence() -> None:
    [document] = load({"tokens": [], "tags": [], "id": 3})
    assert (document.text, document.sentences, document.meta) == ("", (), {"id": 3})


def test_messages_are_one_line_for_any_file() -> None:
    for record in ({"a\nb": 1}, {"text": "a", "entities": [[0, 9, "X\u2028\x1b[31m"]]}):
        with pytest.raises(DataError, match=r"(\\n|\\u2028\\x1b)") as caught:
            load(record)
        assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "row",
    [
        {"text": "Ann ran", "entities": [{"start": np.int64(0), "end": 3, "label": "PER"}], "id": 7},
        ("Ann ran", {"entities": [(0, 3, "PER")], "id": 7}),
        {"tokens": np.array(["Ann", "ran"]), "tags": np.array(["B-PER", "O"], dtype=object), "id": np.int64(7)},
    ],
)
def test_rows_in_memory_are_read_as_lines(row: object) -> None:
    [document] = read_rows(iter([row]))  # type: ignore[list-item]
    assert document_entities(document) == (Entity("PER", 0, 3, "Ann"),)
    assert (document.sentences[0].source, document.meta) == ("rows:1", {"id": 7})


def test_an_error_in_rows_names_the_place_and_the_number() -> None:
    with pytest.raises(DataError, match=r"^train:2: entity PER 0-9 is not within the text's 3 characters"):
        read_rows([{"text": "a"}, ("Bob", {"entities": [(0, 9, "PER")]})], place="train")
    with pytest.raises(DataError, match=r"^got a dict, expected a list of rows; give dicts"):
        read_rows({"text": "a"})  # type: ignore[arg-type]


def test_commas_after_lines_are_ignored(load) -> None:
    assert len(load('{"text": "a"},\n{"text": "b"},\n', "x.jsonl")) == 2
    assert len(load('[{"text": "a"},\n{"text": "b"},\n]\n', "x.json")) == 2


@pytest.mark.parametrize("text", ["{'text': 'a'}", "[('a', {'entities': []})]", "('a', {'entities': []})"])
def test_values_as_python_writes_them_are_told_to_be_json(load, text: str) -> None:
    with pytest.raises(DataError, match=r"^x.jsonl:1: not JSON: .*; write it with json.dumps$"):
        load(text, "x.jsonl")


@pytest.mark.parametrize(("name", "text"), [
    ("x.jsonl", '{"tokens": ["Bo", "ran"], "ner_tags": [1, 0]}'),
    ("x.csv", "tokens,ner_tags\n\"['Bo' 'ran']\",[1 0]\n"),
])  # fmt: skip
def test_tags_that_are_numbers_are_told_to_be_names(load, name: str, text: str) -> None:
    with pytest.raises(DataError, match=r"got ner_tags that are numbers, expected tags .* to_parquet of"):
        load(text, name)
