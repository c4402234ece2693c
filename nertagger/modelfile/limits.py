"""The greatest sizes of a model file and its members.

The limits are far above what is ever written, and keep the time and memory that a hostile file takes bounded.
"""

from __future__ import annotations

from collections.abc import Mapping

from nertagger.modelfile.archive import LARGEST
from nertagger.modelfile.schema import Member

_LARGEST_MEMBER = {
    Member.MANIFEST: 1 << 17,
    Member.CONFIG: 1 << 18,
    Member.VOCABULARY: 1 << 25,
    Member.METRICS: 1 << 22,
    Member.CARD: 1 << 20,
    Member.WEIGHTS: LARGEST,
}  # bytes
_LARGEST_GRAPH = 1 << 29
_DIRECTORY = 1 << 16  # bytes left for the headers and the directory of the zip


def check_sizes(members: Mapping[str, bytes | memoryview]) -> None:
    """Raise ValueError if a member, or all of them together, are too large for a model file."""
    for name, content in members.items():
        most = _LARGEST_MEMBER.get(name, _LARGEST_GRAPH)
        if len(content) > most:
            raise ValueError(f"holds {name!r} of {len(content):,} bytes, expected at most {most:,}")
    if sum(map(len, members.values())) > LARGEST - _DIRECTORY:
        raise ValueError(f"has more than {LARGEST:,} bytes, the most that a model file may have")
