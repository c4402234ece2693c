"""Tag schemes: entities as one tag per token (IOB1, IOB2, BIOES, BILOU), and back.

Reading tags follows conlleval's rules (Tjong Kim Sang and Buchholz, CoNLL-2000), which give every sequence,
valid or not, exactly one interpretation; ``L`` and ``U`` of BILOU are read as ``E`` and ``S`` of BIOES.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache

from nertagger.errors import DataError
from nertagger.text.document import Span

OUTSIDE = "O"


class TagScheme(StrEnum):
    """The ways of writing entities as tags; other names of them are understood, in any case.

    >>> TagScheme("bio"), TagScheme("IOBES")
    (<TagScheme.IOB2: 'IOB2'>, <TagScheme.BIOES: 'BIOES'>)
    """

    IOB1 = "IOB1"
    IOB2 = "IOB2"
    BIOES = "BIOES"
    BILOU = "BILOU"

    @classmethod
    def _missing_(cls, value: object) -> TagScheme | None:
        name = str(value).upper()
        return cls.__members__.get(_OTHER_NAMES.get(name, name))


_OTHER_NAMES = {"BIO": "IOB2", "BIO2": "IOB2", "IOBES": "BIOES", "BILUO": "BILOU"}

# The prefixes of a one-token entity, and of the first, inner and last token of a longer one; `write_tags` makes the
# exception for IOB1.
_PREFIXES = {
    TagScheme.IOB1: ("I", "I", "I", "I"),
    TagScheme.IOB2: ("B", "B", "I", "I"),
    TagScheme.BIOES: ("S", "B", "I", "E"),
    TagScheme.BILOU: ("U", "B", "I", "L"),
}
_READ_AS = {"B": "B", "I": "I", "E": "E", "S": "S", "L": "E", "U": "S"}


@lru_cache(maxsize=4096)
def split_tag(tag: str) -> tuple[str, str]:
    """Return the prefix (one of O B I E S) and the label of a tag; the label of ``O`` is empty.

    Raises:
        DataError: if the tag is neither ``O`` nor a known prefix, a hyphen and a label.
    """
    if tag == OUTSIDE:
        return OUTSIDE, ""
    prefix, hyphen, label = tag.partition("-")
    if not hyphen or not label or prefix not in _READ_AS:
        raise DataError(f"got the tag {tag!r}, expected O or one of B- I- E- S- L- U- and a label, as in B-PER")
    return _READ_AS[prefix], label


def read_spans(tags: Sequence[str]) -> list[Span]:
    """Return the entities of a sequence of tags, by conlleval's rules, in order.

    >>> read_spans(["B-PER", "I-PER", "O", "I-LOC", "B-LOC"])
    [Span(label='PER', first=0, stop=2), Span(label='LOC', first=3, stop=4), Span(label='LOC', first=4, stop=5)]
    """
    spans: list[Span] = []
    open_label, first, last_prefix = "", 0, OUTSIDE
    for position, tag in enumerate(tags):
        if tag == OUTSIDE and not open_label:
            continue
        prefix, label = split_tag(tag)
        if prefix in "BSO" or last_prefix in "ESO" or label != open_label:
            if open_label:
                spans.append(Span(open_label, first, position))
            open_label, first = label, position
        last_prefix = prefix
    if open_label:
        spans.append(Span(open_label, first, len(tags)))
    return spans


def write_tags(spans: Iterable[Span], length: int, scheme: TagScheme = TagScheme.IOB2) -> list[str]:
    """Return the tags of `length` tokens for `spans`, which are sorted and do not overlap, in `scheme`."""
    tags = [OUTSIDE] * length
    single, begin, inside, end = _PREFIXES[scheme]
    previous = Span("", -1, -1)
    for span in spans:
        label, first, stop = span
        if stop - first == 1:
            tags[first] = f"{single}-{label}"
        else:
            tags[first] = f"{begin}-{label}"
            tags[first + 1 : stop - 1] = [f"{inside}-{label}"] * (stop - first - 2)
            tags[stop - 1] = f"{end}-{label}"
        if scheme is TagScheme.IOB1 and previous.stop == first and previous.label == label:
            tags[first] = f"B-{label}"  # IOB1 has B only between adjacent entities of one label
        previous = span
    return tags


def convert_tags(tags: Sequence[str], scheme: TagScheme) -> list[str]:
    """Return tags in another scheme for the same entities."""
    return write_tags(read_spans(tags), len(tags), scheme)


def count_repairs(tags: Sequence[str], scheme: TagScheme) -> int:
    """Return how many tags differ from the valid tags of the same entities in `scheme`."""
    if not any(tag != OUTSIDE for tag in tags):
        return 0
    return sum(old != new for old, new in zip(tags, convert_tags(tags, scheme), strict=True))


def detect_scheme(sequences: Iterable[Sequence[str]]) -> TagScheme:
    """Return the scheme that the sequences are in: the one that needs the fewest repairs, IOB2 in a tie."""
    annotated = [tags for tags in sequences if any(tag != OUTSIDE for tag in tags)]
    prefixes = {tag[0] for tag in {tag for tags in annotated for tag in tags}}
    candidates = [TagScheme.IOB2, TagScheme.IOB1]
    if prefixes & set("ES"):
        candidates = [TagScheme.BIOES]
    if prefixes & set("LU"):
        candidates = [*(candidates if prefixes & set("ES") else []), TagScheme.BILOU]
    if len(candidates) == 1:
        return candidates[0]
    return min(candidates, key=lambda scheme: sum(count_repairs(tags, scheme) for tags in annotated))


def bioes_tags(labels: Iterable[str]) -> list[str]:
    """Return all BIOES tags of the labels, ``O`` first: the tag set that the network predicts.

    >>> bioes_tags(["PER"])
    ['O', 'B-PER', 'I-PER', 'E-PER', 'S-PER']
    """
    return [OUTSIDE, *(f"{prefix}-{label}" for label in labels for prefix in "BIES")]
