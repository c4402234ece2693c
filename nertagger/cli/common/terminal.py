"""Output to the terminal: all that commands print for people goes through here."""

from __future__ import annotations

import json

from nertagger.printable import LAYOUT, printable, printable_json


def show(text: str, *, end: str = "\n", flush: bool = False) -> None:
    """Print text with control characters escaped, except line ends and tabs."""
    print(printable(text, keep=LAYOUT), end=end, flush=flush)


def to_json(value: object) -> str:
    """Return the value as one line of JSON, with control characters as JSON escapes."""
    return printable_json(json.dumps(value, ensure_ascii=False))
