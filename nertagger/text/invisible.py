"""Characters that nobody sees, which editors and web pages leave at the edges of lines, tags and labels."""

from __future__ import annotations

IGNORABLE = "\u200b\u2060\ufeff\xad\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Those that change no word: zero-width space, word joiner, byte order mark, soft hyphen, marks of direction.

Joiners (U+200C, U+200D) are not among them: they tell words of Persian and Hindi apart.
"""
INVISIBLE = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\0\u200c\u200d" + IGNORABLE
)
"""All of them, white space included; they are removed at the edges of labels, and lines of nothing else are blank."""
BYTE_ORDER_MARK = "\ufeff"
"""It also begins later lines of a file that several files were joined to."""


def visible(text: str) -> str:
    """Return the text without invisible characters at its edges.

    >>> visible("PER\\u200b"), visible("\\xa0")
    ('PER', '')
    """
    return text.strip(INVISIBLE)
