"""Training data of Rasa, in YAML or Markdown: examples of intents with marked entities (``in [Oslo](city)``).

See https://rasa.com/docs/rasa/training-data-format. Entities may also be written ``[Oslo]{"entity": "city"}``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from nertagger.corpus.records.documents import read_record
from nertagger.corpus.records.json_values import UNREADABLE_ROWS, Record, parse_json
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.document import Document

_SECTION = re.compile(r"(?:\s*-?\s+|## ?)(?P<kind>intent|synonym|regex|lookup)\s*:\s*(?P<name>.*)")
_EXAMPLE = re.compile(r"\s*[-*+]\s+(?P<text>.*)", re.DOTALL)
_TEXT = re.compile(r"\s*-\s+text:\s*(?P<scalar>.*)")  # of an example that may have metadata, in YAML
_BLOCK = re.compile(r"[|>][+-]?")
_METADATA = re.compile(r"\s+metadata:.*")
_OTHER_LINE = re.compile(r"\s*#|\s*examples:\s*\|?[+-]?\s*$|version:|<!--")
_KEY = re.compile(r"(?P<name>[a-z_]+):")  # of YAML: nlu, or stories and others that are not read
_ENTITY = re.compile(r"\[(?P<text>[^\[\]]+)\](?:\((?P<label>[^:()]+)(?::(?P<value>[^()]*))?\)|(?P<object>\{[^{}]*\}))")
_INTENT = "intent"
_WITH_EXAMPLES = (_INTENT, "nlu", "")  # before the first section, examples have no intent, which is an error


def read_rasa(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per example, with the name of its intent as a field.

    Synonyms, regular expressions, lookup tables and what else a file has are counted.

    Raises:
        DataError: if a line of an intent is not an example.
    """
    kind, name, is_nlu = "", "", True
    for number, row in _rows((line.rstrip() for line in lines), source):
        if key := _KEY.fullmatch(row):
            kind, is_nlu = key["name"], key["name"] == "nlu"
        elif is_nlu and (section := _SECTION.fullmatch(row)):
            kind, name = section["kind"], section["name"].strip("\"' ")
        elif kind in _WITH_EXAMPLES and row.strip() and not _OTHER_LINE.match(row):
            yield from _example(row, name, number, source)
            continue
        else:
            continue
        if kind not in _WITH_EXAMPLES:
            source.count(number, f"sections other than intents, not read ({kind})")
    source.report()


def _rows(lines: Iterator[str], source: Source) -> Iterator[tuple[int, str]]:
    """Yield the rows with their numbers; ``- text: |`` and its block become one row, metadata is left out."""
    numbered = enumerate(lines, 1)
    for number, row in numbered:
        while found := _TEXT.fullmatch(row) or _METADATA.fullmatch(row):
            is_text, scalar = found.re is _TEXT, found.groupdict().get("scalar", "")
            column = row.index("text:" if is_text else "metadata:")
            block, after = _block(numbered, column)
            if not is_text:
                source.count(number, "fields of metadata not kept")
            elif _BLOCK.fullmatch(scalar) and block:
                yield block[0][0], "- " + "\n".join(text.strip() for _, text in block)
            else:
                yield number, f"- {unquoted(scalar)}"
                yield from block
            if after is None:
                return
            number, row = after
        yield number, row


def _block(numbered: Iterator[tuple[int, str]], column: int) -> tuple[list[tuple[int, str]], tuple[int, str] | None]:
    """Return the rows that are indented deeper than a column, and the first that is not; None at the end."""
    held: list[tuple[int, str]] = []
    for number, row in numbered:
        if row and len(row) - len(row.lstrip(" ")) <= column:
            return held, (number, row)
        if row:
            held.append((number, row))
    return held, None


def unquoted(scalar: str) -> str:
    """Return the text of a scalar of YAML in one line, without its quotes."""
    if len(scalar) > 1 and scalar[0] == scalar[-1] == "'":
        return scalar[1:-1].replace("''", "'")
    if len(scalar) > 1 and scalar[0] == scalar[-1] == '"':
        with suppress(DataError):
            return str(parse_json(scalar))
    return scalar


def _example(row: str, intent: str, number: int, source: Source) -> Iterator[Document]:
    example = _EXAMPLE.fullmatch(row)
    try:
        if not intent:
            raise DataError(
                got=repr(row[:60]), expected="an intent before its examples, ## intent:name or - intent: name"
            )
        if example is None:
            raise DataError(got=repr(row[:60]), expected="an example of an intent, - text", remedy="write one per line")
        record = _record(example["text"], number, source)
    except DataError as error:
        source.leave_out(number, UNREADABLE_ROWS, error)
    else:
        yield from read_record({**record, _INTENT: intent}, number, source)


def _record(marked: str, number: int, source: Source) -> Record:
    """Return the text of an example without marks, and its entities."""
    text, entities, end = "", [], 0
    for match in _ENTITY.finditer(marked):
        text += marked[end : match.start()]
        details: Any = parse_json(match["object"]) if match["object"] else {"entity": match["label"]}
        if match["value"] or len(details) > 1:
            source.count(number, "entities with values, roles or groups, which are not kept")
        start, end = len(text), match.end()
        text += match["text"]
        entities.append({"start": start, "end": len(text), "label": details.get("entity"), "text": match["text"]})
    if "][{" in marked:
        raise DataError(got=repr(marked[:60]), expected="one entity for each mark", remedy="keep one of them")
    return {"text": text + marked[end:], "entities": entities}
