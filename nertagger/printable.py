"""Text for people to look at: what a terminal would act upon is shown, not done.

Words, labels, names of files and cards of models are written by strangers; an escape sequence in them could clear the
screen, set its title or hide what stands there, and an override of the direction of writing show it backwards.
"""

from __future__ import annotations

import io
import re

LAYOUT = "\n\t"
"""What text of several lines is laid out with."""

# C0, DEL and C1, Unicode's separators of lines, its overrides and isolates of direction, and surrogates, which cannot
# be encoded (file names that are not UTF-8 have them).
_ACTED_UPON = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str, *, keep: str = "") -> str:
    r"""The text with control characters as Python writes them, but for those to `keep`; again, it stays as it is.

    >>> print(printable("Ann\x1b[2J"))
    Ann\x1b[2J
    """
    return _ACTED_UPON.sub(lambda found: found[0] if found[0] in keep else _written(found[0]), text)


def printable_json(text: str) -> str:
    r"""JSON with the same characters as its own escapes: the same value to a program.

    >>> print(printable_json('"\x9b"'))
    "\u009b"
    """
    return _ACTED_UPON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class PrintableStream(io.TextIOWrapper):
    """A text stream to a terminal."""

    def write(self, text: str) -> int:
        """Write the text, made printable; its lines and tabs stay."""
        super().write(printable(text, keep=LAYOUT))
        return len(text)


def _written(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
