"""``nertagger convert``: an annotated file in another format or tag scheme."""

from __future__ import annotations

from typing import Annotated

from nertagger.cli.common.options import Encoding, Lenient, TagColumn, WordColumn
from nertagger.cli.common.parser import Argument, Option
from nertagger.cli.common.progress import reading
from nertagger.corpus import FORMATS, open_source
from nertagger.corpus.conversion import convert as convert_documents
from nertagger.corpus.registry import find_writer, format_of_name
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.text.schemes import TagScheme


def convert(
    source: Annotated[str, Argument(metavar="IN", help="the file to read (for brat a folder, too); - standard input")],
    target: Annotated[str, Argument(metavar="OUT", help="the file to write; - standard output")],
    source_format: Annotated[
        str | None, Option("--from", help="format of IN; told from its name, else from its beginning")
    ] = None,
    target_format: Annotated[str | None, Option("--to", help="format of OUT; told from its name")] = None,
    scheme: Annotated[TagScheme | None, Option(help="how to write tags; as they are if left out")] = None,
    encoding: Encoding = None,
    word_column: WordColumn = None,
    tag_column: TagColumn = None,
    lenient: Lenient = False,
) -> None:
    """Write an annotated file in another format or tag scheme; what that cannot hold is counted and reported."""
    name = target_format or format_of_name(target)
    if name is None:
        writable = ", ".join(entry.name for entry in FORMATS.values() if entry.writable)
        raise DataError(f"{target}: the name tells no format; pass --to with one of {writable}")
    find_writer(name)
    documents = open_source(Source(source, word_column, tag_column, lenient, encoding=encoding), source_format)
    with reading([source], "converting"):
        convert_documents(documents, target, format=name, scheme=scheme)


convert.__doc__ = f"{convert.__doc__}\n\nFormats: " + "; ".join(f"{e.name}: {e.description}" for e in FORMATS.values())
