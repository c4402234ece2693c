"""The templates of the package, filled with values that are escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

# Control characters but tab and line ends, which HTML does not allow, as their pictures; C1 has none of its own.
_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"} | {0x7F: 0x2421}
_PICTURES |= dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
_CONTROL = re.compile("[" + re.escape("".join(map(chr, _PICTURES))) + "]")  # much faster than to translate every text


def render(template: str, **values: object) -> str:
    """Return the HTML of a template, the name of a file in ``templates/``."""
    return environment().get_template(template).render(values)


def stream(template: str, **values: object) -> Iterator[str]:
    """Yield the HTML of a template in pieces; iterators among the values are read as the pieces are."""
    return environment().get_template(template).generate(values)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the environment of the templates: text is escaped, control characters are shown as their pictures."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("nertagger.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_visible,
    )


def _visible(value: object) -> object:
    """Text with its control characters visible; HTML (a subclass of str) and other values as they are."""
    return value.translate(_PICTURES) if type(value) is str and _CONTROL.search(value) else value
