"""Files read whatever their compression and encoding, written as a whole or not at all, and locked across processes."""

from nertagger.files.compression import compressed, unpacked_limit
from nertagger.files.inputs import counting_reads, given
from nertagger.files.locking import locked
from nertagger.files.paths import (
    COMPRESSED_SUFFIXES,
    STANDARD_STREAM,
    base_suffix,
    file_identity,
    is_archive,
    is_stream,
    make_folder,
    naming,
    not_writable,
    once_only,
    plain_path,
)
from nertagger.files.reading import head, open_binary, open_text, refuse_unless_text
from nertagger.files.remote import find_remote, is_of_this_process, is_remote, remote_size, upload
from nertagger.files.signatures import MODEL, archive_kind, detect_bom
from nertagger.files.writing import atomic_write, atomic_write_text, check_output, move_into_place

__all__ = [
    "COMPRESSED_SUFFIXES",
    "MODEL",
    "STANDARD_STREAM",
    "archive_kind",
    "atomic_write",
    "atomic_write_text",
    "base_suffix",
    "check_output",
    "compressed",
    "counting_reads",
    "detect_bom",
    "file_identity",
    "find_remote",
    "given",
    "head",
    "is_archive",
    "is_of_this_process",
    "is_remote",
    "is_stream",
    "locked",
    "make_folder",
    "move_into_place",
    "naming",
    "not_writable",
    "once_only",
    "open_binary",
    "open_text",
    "plain_path",
    "refuse_unless_text",
    "remote_size",
    "unpacked_limit",
    "upload",
]
