"""``nertagger convert``: convert an annotated file to another format or tag scheme."""

from __future__ import annotations

from typing import Annotated

from nertagger.cli.common.options import AS_DETECTED, ReadingOptions
from nertagger.cli.common.parser import Argument, Option, UsageError, fill
from nertagger.cli.common.progress import reading
from nertagger.corpus import FORMATS, open_source
from nertagger.corpus.conversion import convert as convert_documents
from nertagger.corpus.registry import find_writer, format_of_name, writable_names
from nertagger.corpus.source import Source
from nertagger.errors import DataError
from nertagger.files import check_output, is_stream
from nertagger.text.schemes import TagScheme


def convert(
    source: Annotated[str, Argument(metavar="IN", help="file to read, or folder for brat; - is standard input")],
    target: Annotated[
        str | None, Argument(metavar="OUT", help="file to write; - is standard output; --output FILE names it too")
    ] = None,
    output: Annotated[str | None, Option("--output", "-o", help="the same as OUT", metavar="FILE")] = None,
    source_format: Annotated[
        str | None,
        Option("--from", metavar="FORMAT", help="format of IN; by default detected from its name or first lines"),
    ] = None,
    target_format: Annotated[
        str | None, Option("--to", metavar="FORMAT", help="format of OUT; by default detected from its name")
    ] = None,
    scheme: Annotated[TagScheme | None, Option(help="tag scheme of the output; unchanged by default")] = None,
    read_as: ReadingOptions = AS_DETECTED,
) -> None:
    """Convert an annotated file to another format or tag scheme; what it cannot hold is counted and reported."""
    written = _only(target, output)
    name = target_format or format_of_name(written)
    if name is None:
        raise DataError(f"{written}: the name tells no format; pass --to with one of {', '.join(writable_names())}")
    if find_writer(name).write and not is_stream(written):
        check_output(written)
    documents = open_source(Source(source, **vars(read_as)), source_format)
    with reading([source], "converting"):
        convert_documents(documents, written, format=name, scheme=scheme)


def _only(target: str | None, output: str | None) -> str:
    """Return the file that is named by OUT or by --output."""
    if target is None and output is None:
        raise UsageError("got no file to write, expected: nertagger convert IN OUT, where - is standard output")
    if target is not None and output is not None:
        raise UsageError(f"got two files to write, {target} and {output}; name one")
    return target if target is not None else str(output)


def epilog() -> str:
    """Return the list of formats."""
    width = max(map(len, FORMATS)) + 4
    formats = (f"  {format.name:{width - 4}}  {format.description}" for format in FORMATS.values())
    return "\n".join(["formats:", *(fill(line, indent=" " * width) for line in formats)])
