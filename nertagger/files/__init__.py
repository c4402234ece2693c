"""Files read whatever their compression and encoding, written as a whole or not at all, and locked across processes."""

from nertagger.files.compression import unpacked_limit
from nertagger.files.inputs import counting_reads
from nertagger.files.locking import locked
from nertagger.files.paths import (
    COMPRESSED_SUFFIXES,
    STANDARD_STREAM,
    base_suffix,
    is_stream,
    make_folder,
    naming,
    once_only,
)
from nertagger.files.reading import head, open_binary, open_text
from nertagger.files.signatures import MODEL, archive_kind, detect_bom
from nertagger.files.writing import atomic_write, atomic_write_text, check_output

__all__ = [
    "COMPRESSED_SUFFIXES",
    "MODEL",
    "STANDARD_STREAM",
    "archive_kind",
    "atomic_write",
    "atomic_write_text",
    "base_suffix",
    "check_output",
    "counting_reads",
    "detect_bom",
    "head",
    "is_stream",
    "locked",
    "make_folder",
    "naming",
    "once_only",
    "open_binary",
    "open_text",
    "unpacked_limit",
]
