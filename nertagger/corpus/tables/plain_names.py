"""Names of columns and fields, which are written in many ways: ``NER-Tag``, ``ner_tag``, ``nerTag``."""

from __future__ import annotations

import re

_OTHER_CHARACTERS = re.compile(r"[\W_]+")


def plain_name(name: str) -> str:
    """Return the letters and digits of a name in lower case; a name without any as it is, stripped.

    >>> plain_name("NER-Tag"), plain_name("ner_tag"), plain_name(" # ")
    ('nertag', 'nertag', '#')
    """
    return _OTHER_CHARACTERS.sub("", name.casefold()) or name.strip(" \t\r\n\ufeff")
