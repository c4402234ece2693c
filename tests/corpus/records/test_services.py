"""Records of cloud services, assistants and documents in parts, each in the layout of its tool."""

from __future__ import annotations

import json
import logging

import pytest

from nertagger.errors import DataError
from tests.small_corpus import labels_and_texts

TEXT = "Anna Kern lives in Oslo."
TOKENS = [["Anna", "Kern", "lives"], ["in", "Oslo", "."]]
BOTH = [("PER", "Anna Kern"), ("LOC", "Oslo")]
CHUNKS = [{"text": "Anna Kern", "meta": "PER", "alias": "who", "userDefined": True}, {"text": " is in "},
          {"text": "Oslo", "meta": "LOC", "alias": "where"}]  # fmt: skip
SLOTS = [
    {"text": "Anna Kern", "entity": "PER", "slot_name": "who"},
    {"text": " in "},
    {"text": "Oslo", "entity": "LOC"},
]
LUIS = {"text": TEXT, "intent": "x", "entities": [{"entity": "PER", "startPos": 0, "endPos": 8, "children": []},
                                                  {"entity": "LOC", "startPos": 19, "endPos": 22}]}  # fmt: skip
SEGMENTS = [
    {"text_extraction": {"text_segment": {"end_offset": 9}}, "display_name": "PER"},
    {"textExtraction": {"textSegment": {"startOffset": 19, "endOffset": 23}}, "displayName": "LOC"},
]
MANIFEST = {
    "entities": [
        {"startOffset": 0, "endOffset": 9, "label": "PER"},
        {"startOffset": 19, "endOffset": 23, "label": "LOC"},
    ],
    "labels": [{"label": "PER"}],
}
PASSAGES = [
    {"offset": 100, "text": "Anna Kern", "annotations": [
        {"id": "0", "infons": {"type": "PER"}, "text": "Anna Kern", "locations": [{"offset": 100, "length": 9}]}]},
    {"offset": 110, "text": "", "sentences": [{"offset": 110, "text": "In Oslo.", "annotations": [
        {"infons": {"type": "LOC"}, "text": "Oslo", "locations": [{"offset": 113, "length": 4}]}]}]},
]  # fmt: skip
DKPRO = "de.tudarmstadt.ukp.dkpro.core.api"
CAS = [
    {"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaString": TEXT},
    {"%TYPE": f"{DKPRO}.segmentation.type.Token", "begin": 0, "end": 4},
    {"%TYPE": f"{DKPRO}.ner.type.NamedEntity", "begin": 0, "end": 9, "value": "PER"},
    {"%TYPE": f"{DKPRO}.ner.type.NamedEntity", "begin": 19, "end": 23, "value": "LOC"},
]
VERTICES = [[{"name": "Anna Kern", "sent_id": 0, "pos": [0, 2], "type": "PER"}],
            [{"name": "Oslo", "sent_id": 1, "pos": [1, 2], "type": "LOC"}]]  # fmt: skip


@pytest.mark.parametrize("value", [
    {"luis_schema_version": "7.0.0", "intents": [{"name": "x"}], "entities": [{"name": "PER"}], "utterances": [LUIS]},
    [LUIS],
    {"projectFileVersion": "2", "metadata": {"a": "en"}, "assets": {"intents": [{"category": "x"}], "utterances": [
        {"text": TEXT, "dataset": "Train", "entities": [{"category": "PER", "offset": 0, "length": 9},
                                                        {"category": "LOC", "offset": 19, "length": 4}]}]}},
    [{"id": "x", "data": CHUNKS, "isTemplate": False, "count": 0}],
    {"language": "en", "intents": {"x": {"utterances": [{"data": SLOTS}]}}, "entities": {"PER": {"data": []}}},
    {"textContent": TEXT, "textSegmentAnnotations": [{"startOffset": 0, "endOffset": 9, "displayName": "PER"},
                                                     {"startOffset": 19, "endOffset": 23, "displayName": "LOC"}]},
    {"annotations": SEGMENTS, "text_snippet": {"content": TEXT}},
    {"source": TEXT, "job": {"annotations": MANIFEST}, "job-metadata": {"type": "groundtruth/text-span"}},
    {"doc_key": "d", "sentences": TOKENS, "ner": [[[0, 1, "PER"]], [[4, 4, "LOC"]]], "relations": [[], []]},
    {"sentences": TOKENS, "labels": [["B-PER", "I-PER", "O"], ["O", "B-LOC", "O"]]},
    [{"title": "x", "sents": TOKENS, "vertexSet": VERTICES, "labels": []}],
    {"source": "x", "infons": {}, "documents": [{"id": "1", "infons": {}, "passages": PASSAGES, "relations": []}]},
    {"PubTator3": [{"id": "1", "passages": PASSAGES}]},
    {"id": "1", "passages": PASSAGES},
    {"%TYPES": {}, "%FEATURE_STRUCTURES": CAS, "%VIEWS": {}},
    {"a": {"text": "Anna Kern", "entities": [[0, 9, "PER"]]}, "b": {"text": "Oslo", "entities": [[0, 4, "LOC"]]}},
])  # fmt: skip
def test_entities_of_services(load, caplog, value: object) -> None:
    with caplog.at_level(logging.WARNING):
        assert labels_and_texts(load(json.dumps(value), "x.json")) == BOTH
        assert not [one for one in load(json.dumps(value), "x.json", annotation=False) if one.is_annotated]
    assert "not kept" not in caplog.text.replace("'children'", "")


@pytest.mark.parametrize(("value", "message"), [
    ({"text_snippet": {"content": TEXT}, "annotations": [{"display_name": "PER"}]}, "expected whole numbers"),
    ({"sentences": TOKENS, "ner": [[[0, 1, "PER"]]]}, "got 1 list in ner for 2 sentences"),
    ({"sentences": TOKENS, "ner": [[[0, 9, "PER"]], []]}, "is not among the row's 3 tokens"),
    ({"sentences": TOKENS, "ner": [[["x", 1, "PER"]], []]}, "got the entity"),
    ({"sents": TOKENS, "vertexSet": [[{"sent_id": 0, "type": "PER"}]]}, "has no position"),
    ({"sents": TOKENS, "vertexSet": [[{"sent_id": 7, "pos": [0, 1], "type": "PER"}]]}, "sentence 7, which does not"),
    ({"passages": [{"offset": 0, "text": None}]}, "got a passage with null as its text"),
    ({"passages": [{"offset": 0, "text": "a", "annotations": [{"infons": {}}]}]}, "expected locations with offset"),
    ({"passages": [{"offset": 0, "text": "a", "annotations": [3]}]}, "got annotations that are not objects"),
    ({"%FEATURE_STRUCTURES": CAS[1:]}, "got 0 texts in a CAS"),
    ({"%FEATURE_STRUCTURES": [CAS[0], {"%TYPE": "custom.A", "begin": 0, "end": 1}]}, "only custom.A; export it as"),
    (["a", "b", "c"], 'expected an object; write {"text": ...}'),
    ({f"f{number}": 1 for number in range(99)}, "f11 and 87 others, expected tokens or text"),
])  # fmt: skip
def test_what_is_malformed_raises(load, value: object, message: str) -> None:
    with pytest.raises(DataError) as caught:
        load(json.dumps([value]), "x.json")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_texts_without_annotation_stay_so(load) -> None:
    values = [{"textContent": TEXT}, {"text_snippet": {"content": TEXT}}, {"passages": [{"offset": 0, "text": TEXT}]},
              {"%FEATURE_STRUCTURES": CAS[:2]}]  # fmt: skip
    documents = load("\n".join(map(json.dumps, values)), "x.jsonl")
    assert [(one.text, one.is_annotated) for one in documents] == [(TEXT, False)] * 4


def test_other_fields_are_kept_or_counted(load, caplog) -> None:
    infons = {"type": "PER", "identifier": "Q1"}
    entity = {
        "infons": infons,
        "text": "Anna in",
        "locations": [{"offset": 0, "length": 4}, {"offset": 16, "length": 2}],
    }
    bioc = {"id": "1", "passages": [{"infons": {"type": "title"}, "offset": 0, "text": TEXT, "annotations": [entity]}]}
    scierc = {"doc_key": "d", "sentences": TOKENS, "ner": [[], []], "relations": [[[0, 0, 1, 1, "x"]], []], "n": [1, 2]}
    with caplog.at_level(logging.WARNING):
        documents = load(f"{json.dumps(bioc)}\n{json.dumps(scierc)}\n", "x.jsonl")
    metas = [{"id": "1", "infons": {"type": "title"}}, {"doc_key": "d", "n": 1}, {"doc_key": "d", "n": 2}]
    assert [one.meta for one in documents] == metas
    assert labels_and_texts(documents) == [("PER", "Anna Kern lives in")]
    for counted in (
        "1 entity with the field 'locations'",
        "1 entity with the field 'infons'",
        "1 row with relations",
    ):
        assert counted in caplog.text
