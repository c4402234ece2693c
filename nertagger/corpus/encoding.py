"""Which encoding a file is in, where nobody says so."""

from __future__ import annotations

import codecs
import logging
from pathlib import Path

from nertagger.files import STANDARD_STREAM, detect_bom, open_binary

logger = logging.getLogger(__name__)

_BLOCK_BYTES = 1 << 20


def detect_encoding(path: str | Path) -> str | None:
    """None where a mark at the beginning tells or all of it is UTF-8, else cp1252, or latin-1 where not even that.

    Standard input cannot be read twice and is left to be UTF-8.
    """
    if str(path) == STANDARD_STREAM or _has_bom(path):
        return None
    for encoding in ("utf-8", "cp1252"):
        if _decodes(path, encoding):
            break
    else:
        encoding = "latin-1"
    if encoding != "utf-8":
        logger.warning("%s: not UTF-8, read as %s; name the encoding if it is another", path, encoding)
        return encoding
    return None


def _has_bom(path: str | Path) -> bool:
    with open_binary(path) as stream:
        return detect_bom(stream) is not None


def _decodes(path: str | Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with open_binary(path) as stream:
        try:
            while block := stream.read(_BLOCK_BYTES):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
