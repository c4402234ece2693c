"""The options by which several commands are told how to read annotated files, and what to train with."""

from __future__ import annotations

from typing import Annotated

from nertagger.cli.common.parser import Option

Format = Annotated[str | None, Option(help="how to read: conll, csv, jsonl, ...; detected if left out")]
Encoding = Annotated[str | None, Option(help="encoding of what is read; UTF-8 or detected if left out")]
WordColumn = Annotated[
    str | None, Option(metavar="N|NAME", help="column of the words in tables: from 0, or its name in the header")
]
TagColumn = Annotated[
    str | None, Option(metavar="N|NAME", help="column of the tags: from 0, -1 for the last, or its name in the header")
]
Lenient = Annotated[bool, Option("--lenient", help="repair and count faulty rows")]
Threads = Annotated[
    int | None, Option(min=1, help="batches that the network runs at a time; one a processor, to 4 if left out")
]
Vectors = Annotated[str | None, Option(help="word vectors: GloVe, word2vec or fastText")]
Settings = Annotated[
    list[str] | None, Option("--set", metavar="SECTION.KEY=VALUE", help="any other setting; may come again")
]
