"""One spelling for what looks the same: composed characters, and none that nobody sees."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from nertagger.text.invisible import IGNORABLE

_WITHOUT_IGNORABLE = dict.fromkeys(map(ord, IGNORABLE))


def normalized(words: Sequence[str]) -> Sequence[str]:
    """Return words in Unicode's composed form (NFC), without soft hyphens, marks of direction and the like.

    Files of macOS and some PDFs hold decomposed characters, right-to-left text holds marks of direction; vectors and
    most training texts have neither. A word of nothing else stays as it is.

    >>> normalized(["Zu\\u0308rich", "Berlin\\u200f", "\\u200b"])
    ['Zürich', 'Berlin', '\\u200b']
    """
    return words if "".join(words).isascii() else list(map(_normalized, words))


def _normalized(word: str) -> str:
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", word.translate(_WITHOUT_IGNORABLE)) or word
