"""Files of word vectors opened, also inside a zip file, and other files recognised by their first line."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from nertagger.errors import DataError
from nertagger.files import MODEL, archive_kind, open_binary
from nertagger.printable import counted

_LONGEST_HEAD = 1 << 20
_FASTTEXT = b"\xba\x16\x4f\x2f"  # the number at the start of fastText's own binary models


@contextmanager
def open_vectors(path: str | Path) -> Iterator[io.BufferedReader]:
    """Open the bytes of a file, decompressed; a name that ends in .zip is a zip file of one file.

    Raises:
        DataError: if the file cannot be read.
    """
    if not str(path).lower().endswith(".zip"):
        with open_binary(path) as stream:
            yield stream
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = [name for name in archive.namelist() if not name.endswith("/")]
            if len(members) != 1:
                remedy = "unpack it and name the file of vectors"
                raise DataError(path=path, got=counted(len(members), "file"), expected="one", remedy=remedy)
            with archive.open(members[0]) as member:
                yield io.BufferedReader(cast(io.RawIOBase, member))
    except (OSError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error, lzma.LZMAError) as error:
        raise DataError(f"cannot be read as a zip file: {error}", path=path) from error


def read_head(path: str | Path, stream: io.BufferedReader) -> bytes:
    """Return the first line of a file without its byte order mark.

    Raises:
        DataError: if it is not the first line of a file of vectors, with what it is if that is known.
    """
    head = stream.readline(_LONGEST_HEAD).removeprefix(b"\xef\xbb\xbf")
    if not head.strip():
        raise DataError(path=path, got="an empty file", expected="a word and its numbers on each line")
    if head.startswith(_FASTTEXT):
        remedy = "name the .vec file that is published beside it, or write its words and vectors as lines of text"
        raise DataError("is a binary model of fastText", path=path, expected="vectors as text", remedy=remedy)
    if head.startswith(b"PK\x03\x04") and (kind := archive_kind(path)):
        unpack = None if kind == MODEL else "give it a name that ends in .zip, or unpack it"
        raise DataError(f"is {kind}", path=path, expected="word vectors", remedy=unpack)
    if b"\0" in head or len(head) == _LONGEST_HEAD:
        expected = "lines of a word and its numbers, or word2vec's binary layout"
        remedy = "write the vectors as text"
        raise DataError("is neither text nor vectors", path=path, expected=expected, remedy=remedy)
    return head
