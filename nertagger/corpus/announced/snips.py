"""Training data of Snips in YAML: utterances of intents with marked slots (``from [origin:city](Paris)``).

See https://snips-nlu.readthedocs.io/en/latest/dataset.html. The label of an entity is that of the slot: ``city``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nertagger.corpus.announced.rasa import unquoted
from nertagger.corpus.records.documents import read_record
from nertagger.corpus.records.json_values import UNREADABLE_ROWS, Record
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.document import Document

_ITEM = re.compile(r"""\s*-\s+(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|.*?)(?:\s+\#.*)?""")
_KEY = re.compile(r"(?P<name>\w+):\s*(?P<value>[^\s#]*).*")
_SLOT = re.compile(r"\s*-?\s*(?P<key>name|entity):\s*(?P<value>[^\s#]+).*")
_MARK = re.compile(r"\[(?P<name>[^\[\]:()]+)(?::(?P<entity>[^\[\]()]+))?\](?:\((?P<text>[^()]*)\))?")
_VALUES = "values of entities other than texts"


def read_snips(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per utterance, with the name of its intent as a field.

    Raises:
        DataError: if a slot has no value, or a line is no item of a list. A lenient source leaves it out.
    """
    section = intent = slot = ""
    slots: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        row = line.rstrip()
        if row.startswith("---"):
            section, intent, slots = "", "", {}
        elif key := _KEY.fullmatch(row):
            section = key["name"]
            intent = unquoted(key["value"]) if section == "name" else intent
        elif section == "slots" and (part := _SLOT.fullmatch(row)):
            slot = part["value"] if part["key"] == "name" else slot
            slots[slot] = part["value"]
        elif row.strip() and not row.lstrip().startswith("#"):
            if section == "utterances":
                yield from _utterance(row, intent, slots, number, source)
            else:
                source.count(number, _VALUES)
    source.report()


def _utterance(row: str, intent: str, slots: dict[str, str], number: int, source: Source) -> Iterator[Document]:
    item = _ITEM.fullmatch(row)
    try:
        if item is None:
            raise DataError(got=repr(row.strip()[:60]), expected="an utterance, - text")
        record = _record(unquoted(item["text"]), slots)
    except DataError as error:
        source.leave_out(number, UNREADABLE_ROWS, error)
    else:
        yield from read_record({**record, "intent": intent}, number, source)


def _record(marked: str, slots: dict[str, str]) -> Record:
    """Return the text of an utterance and its entities; labels that its marks give are added to those of the slots."""
    text, entities, end = "", [], 0
    for mark in _MARK.finditer(marked):
        if not mark["text"]:
            raise DataError(got=f"the slot {mark.group()} without a value", remedy="write [slot](value)")
        if mark["entity"]:
            slots[mark["name"]] = mark["entity"]
        text += marked[end : mark.start()]
        start, end = len(text), mark.end()
        text += mark["text"]
        label = slots.get(mark["name"], mark["name"])
        entities.append({"start": start, "end": len(text), "label": label, "text": mark["text"]})
    return {"text": text + marked[end:], "entities": entities}
