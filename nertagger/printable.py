"""Text for people: counted nouns, and characters that a terminal would act upon escaped.

Words, labels, file names and model cards come from untrusted sources: an escape sequence in them could clear the
screen, set its title or hide what is on it, and an override of the writing direction could show text backwards.
"""

from __future__ import annotations

import io
import re

LAYOUT = "\n\t"
"""The control characters that lay out text of several lines."""

# C0, DEL and C1, Unicode's line separators, its direction overrides and isolates, and surrogates, which cannot be
# encoded (file names that are not UTF-8 have them).
_ACTED_UPON = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_PLURAL = re.compile(r"\b([^\W\d_]{2,}?)(ies|(?<![isu])s)\b")


def printable(text: str, *, keep: str = "") -> str:
    r"""Return the text with control characters, except those to `keep`, as Python's escapes; idempotent.

    >>> print(printable("Ann\x1b[2J"))
    Ann\x1b[2J
    """
    return _ACTED_UPON.sub(lambda found: found[0] if found[0] in keep else _escaped(found[0]), text)


def counted(number: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun; the plural is the singular with an s unless given.

    >>> counted(1, "entity", "entities"), counted(2000, "token")
    ('1 entity', '2,000 tokens')
    """
    return f"{number:,} {singular if number == 1 else plural or f'{singular}s'}"


def counted_kind(number: int, kind: str) -> str:
    """Return a number with a kind of thing that is named in the plural; of one, its first plural is made singular.

    The plural is a regular one, and what follows it must be right of one thing and of several ("read as text", not
    "that are read").

    >>> counted_kind(2000, "entities without text"), counted_kind(1, "entities of several words")
    ('2,000 entities without text', '1 entity of several words')
    """
    return f"{number:,} {_PLURAL.sub(_singular, kind, count=1) if number == 1 else kind}"


def printable_json(text: str) -> str:
    r"""Return JSON with the same characters as JSON's own escapes, which leaves its value unchanged.

    >>> print(printable_json('"\x9b"'))
    "\u009b"
    """
    return _ACTED_UPON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class PrintableStream(io.TextIOWrapper):
    """A text stream to a terminal, which makes all text printable."""

    def write(self, text: str) -> int:
        """Write the text, made printable except for line ends and tabs; return its length."""
        super().write(printable(text, keep=LAYOUT))
        return len(text)


def _singular(plural: re.Match[str]) -> str:
    return plural[1] + ("y" if plural[2] == "ies" else "")


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
