"""The door to the terminal: all that commands print for people goes through here."""

from __future__ import annotations

import json

from nertagger.printable import LAYOUT, printable, printable_json


def show(text: str, *, end: str = "\n", flush: bool = False) -> None:
    """Print text, its control characters but for line ends and tabs escaped, whether to a terminal or not."""
    print(printable(text, keep=LAYOUT), end=end, flush=flush)


def to_json(value: object) -> str:
    """The value as one line of JSON, which a terminal does not act upon and a program reads as it is."""
    return printable_json(json.dumps(value, ensure_ascii=False))
