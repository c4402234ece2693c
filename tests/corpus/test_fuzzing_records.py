"""Readers with thousands of mutated records: each gives sentences without unreported losses, or a project error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.corpus.fuzzing import file_reader, fuzz

TEXTS = ["Ann Bo ran to Oslo.", "Acme Corp sold Rome", "Tom sat."]
FOUND = [[(0, 6, "PER"), (14, 18, "LOC")], [(0, 9, "ORG"), (15, 19, "LOC")], [(0, 3, "PER")]]
QUOTE = '"'


def quoted(found: list[tuple[int, int, str]], text: str, **names: str) -> list[dict]:
    """Return entities with their text, with standard or other field names."""
    parts = [{"start": start, "end": end, "label": label, "text": text[start:end]} for start, end, label in found]
    return [{names.get(name, name): value for name, value in part.items()} for part in parts]


def lines(values: list[Any]) -> bytes:
    return "".join(f"{json.dumps(value)}\n" for value in values).encode()


def tasks(field: str = "annotations", kind: str = "labels", **parts: Any) -> list[dict]:
    found = []
    for number, (text, entities) in enumerate(zip(TEXTS, FOUND, strict=True)):
        values = [{**one, kind: [one.pop("label")]} for one in quoted(entities, text)]
        if kind == "hypertextlabels":
            values = [{**v, "globalOffsets": {"start": v["start"], "end": v["end"]}, "start": "/p[1]"} for v in values]
        regions = [{"from_name": "l", "to_name": "t", "type": kind, "value": value} for value in values]
        data = {"html": f"<p>{text}</p>"} if kind == "hypertextlabels" else {"text": text}
        found.append({"id": number, "data": data, field: [{"result": regions, "was_cancelled": False}], **parts})
    return found


ROWS = list(zip(TEXTS, FOUND, strict=True))
TOKENS = [["Ann", "Bo", "ran"], ["in", "Oslo"]]
ORIGINALS = {
    "own.jsonl": lines([{"text": t, "entities": quoted(f, t), "id": 7} for t, f in ROWS]),
    "own.json": json.dumps([{"text": t, "entities": quoted(f, t)} for t, f in ROWS], indent=1).encode(),
    "doccano.jsonl": lines([{"id": 1, "text": t, "label": f, "Comments": []} for t, f in ROWS]),
    "first.jsonl": lines(
        [{"text": t, "annotations": quoted(f, t, start="start_offset", end="end_offset")} for t, f in ROWS]
    ),
    "spacy.jsonl": lines([[t, {"entities": f}] for t, f in ROWS]),
    "spacy.json": json.dumps([[t, {"entities": f}] for t, f in ROWS]).encode(),
    "dataturks.json": lines([{"content": t, "annotation": [
        {"label": [o["label"]], "points": [{**o, "end": o["end"] - 1}]} for o in quoted(f, t)]} for t, f in ROWS]),
    "tags.jsonl": lines([{"tokens": TOKENS[0], "ner_tags": ["B-PER", "I-PER", "O"]},
                         {"tokens": TOKENS[1], "ner_tags": ["O", "B-LOC"]}]),
    "spert.jsonl": lines([{"tokens": TOKENS[0], "entities": [{"type": "PER", "start": 0, "end": 2}], "orig_id": 1},
                          {"tokens": TOKENS[1], "entities": [{"type": "LOC", "start": 1, "end": 2}], "orig_id": 2}]),
    "gliner.json": json.dumps([{"tokenized_text": TOKENS[0], "ner": [[0, 1, "PER"]]},
                               {"tokenized_text": TOKENS[1], "ner": [[1, 1, "LOC"]]}]).encode(),
    "quotes.jsonl": lines([{"text": t, "entities": [{"text": t[a:b], "label": n} for a, b, n in f]} for t, f in ROWS]),
    "luis.json": json.dumps({"name": "x", "utterances": [{"text": t, "intent": "a", "entities": [
        {"entity": n, "startPos": a, "endPos": b - 1} for a, b, n in f]} for t, f in ROWS]}).encode(),
    "chunks.json": json.dumps([{"id": 7, "data": [{"text": "Ann Bo", "meta": "PER", "alias": "x"}, {"text": " ran"}],
                                "isTemplate": False}]).encode(),
    "vertex.jsonl": lines([{"textContent": t, "textSegmentAnnotations": [
        {"startOffset": a, "endOffset": b, "displayName": n} for a, b, n in f]} for t, f in ROWS]),
    "automl.jsonl": lines([{"text_snippet": {"content": t}, "annotations": [
        {"text_extraction": {"text_segment": {"start_offset": a, "end_offset": b}}, "display_name": n}
        for a, b, n in f]} for t, f in ROWS]),
    "manifest.jsonl": lines([{"source": t, "job": {"annotations": {"entities": [
        {"startOffset": a, "endOffset": b, "label": n} for a, b, n in f]}}} for t, f in ROWS]),
    "scierc.jsonl": lines([{"doc_key": "d", "sentences": TOKENS, "ner": [[[0, 1, "PER"]], [[4, 4, "LOC"]]],
                            "relations": [[], []]}]),
    "docred.json": json.dumps([{"title": "d", "sents": TOKENS, "vertexSet": [
        [{"name": "Ann Bo", "sent_id": 0, "pos": [0, 2], "type": "PER"}],
        [{"name": "Oslo", "sent_id": 1, "pos": [1, 2], "type": "LOC"}]], "labels": []}]).encode(),
    "bioc.json": json.dumps({"documents": [{"id": "1", "passages": [{"offset": 5, "text": t, "annotations": [
        {"infons": {"type": n}, "text": t[a:b], "locations": [{"offset": 5 + a, "length": b - a}]}
        for a, b, n in f]} for t, f in ROWS]}]}).encode(),
    "cas.json": json.dumps({"%FEATURE_STRUCTURES": [{"%ID": 1, "%TYPE": "uima.cas.Sofa", "sofaString": TEXTS[0]}, *(
        {"%TYPE": "x.NamedEntity", "begin": a, "end": b, "value": n} for a, b, n in FOUND[0])]}).encode(),
    "paragraphs.json": json.dumps([{"id": 0, "paragraphs": [{"raw": "Ann Bo ran", "sentences": [{"tokens": [
        {"orth": word, "ner": tag} for word, tag in zip(TOKENS[0], ["B-PER", "L-PER", "O"], strict=True)]}]}]}],
        indent=1).encode(),
    "tasks.json": json.dumps(tasks(), indent=1).encode(),
    "line.json": json.dumps(tasks(meta=None, predictions=[])).encode(),
    "completions.json": json.dumps(tasks("completions"), indent=1).encode(),
    "predictions.json": json.dumps(tasks("predictions", annotations=[]), indent=1).encode(),
    "pages.json": json.dumps(tasks(kind="hypertextlabels"), indent=1).encode(),
    "min.json": json.dumps([{"id": 1, "text": t, "who": [{**o, "labels": [o.pop("label")]} for o in quoted(f, t)]}
                            for t, f in ROWS], indent=1).encode(),
    "records.csv": ("id,text,label\n" + "".join(
        f'{i},"{t}","{json.dumps(quoted(f, t)).replace(QUOTE, 2 * QUOTE)}"\n'
        for i, (t, f) in enumerate(ROWS))).encode(),
    "python.csv": ("text;entities\n" + "".join(f'{t};"{f}"\n' for t, f in ROWS)).encode(),
}  # fmt: skip


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize("name", ORIGINALS)
def test_mutated_records_are_read_or_rejected(tmp_path: Path, name: str, lenient: bool) -> None:
    read = file_reader(tmp_path / name, lenient=lenient)
    count = 500 if name.endswith(".csv") else 170  # at least 2,000 for each reader, over all its layouts
    outcomes = fuzz(
        read, ORIGINALS[name], count=count, seed=len(name), entities_per_edit=5
    )  # a line may have all entities
    assert outcomes["rejected"] > 30 or lenient
    assert outcomes["read"] + outcomes["warned"] > 25
