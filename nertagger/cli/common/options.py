"""Arguments and options that several commands share: the model, how to read annotated files, and how to run a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from nertagger.cli.common.parser import Argument, Option

Model = Annotated[str, Argument(help="the model file, NAME.ner; english is the tagger of the package")]
Format = Annotated[
    str | None, Option(metavar="FORMAT", help="format of the input: conll, csv, jsonl, ...; detected by default")
]
Encoding = Annotated[
    str | None, Option(metavar="ENCODING", help="encoding of the input; by default detected, else UTF-8")
]
WordColumn = Annotated[
    str | None, Option(metavar="N|NAME", help="column of words in tables: number from 0, or name in the header")
]
TagColumn = Annotated[
    str | None, Option(metavar="N|NAME", help="column of tags: number from 0, -1 for the last, or name in the header")
]
Lenient = Annotated[bool, Option("--lenient", help="repair faulty rows, and report how many, instead of stopping")]
Threads = Annotated[
    int | None, Option(min=1, help="batches that the network runs at once; by default one per processor, at most 4")
]


@dataclass(frozen=True, kw_only=True)
class ReadingOptions:
    """How to read annotated files; the fields are parameters of `read`, `read_documents` and `Source`."""

    encoding: Encoding = None
    word_column: WordColumn = None
    tag_column: TagColumn = None
    lenient: Lenient = False


AS_DETECTED = ReadingOptions()
