"""Which tags of elements in a text mark entities, and which are those of documents or of another markup."""

from __future__ import annotations

import re
from enum import Enum, auto

from nertagger.corpus.marked.labels import Marked, are_entities

TAG = re.compile(r"<(?P<slash>/?)(?P<name>[A-Za-z][\w.-]*)(?P<attributes>(?:[\s=][^<>]*?)?)(?P<empty>/?)>|<[!?][^<>]*>")
"""A tag of an element; a declaration or comment has no name."""

_PAIR = re.compile(r"<(?P<name>[A-Za-z][\w.-]*)(?P<attributes>(?:[\s=][^<>]*)?)>(?P<text>[^<>]*)</(?P=name)\s*>")
_ATTRIBUTE = re.compile(r"([\w:.-]*)\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\s\"'<>]+))")
_TYPED = frozenset("entity ne ner name rs mention annotation tag category phi e".split())
_MUC = frozenset("enamex timex timex2 timex3 numex".split())
_LABEL_ATTRIBUTES = ("type", "label", "category", "class", "ner", "")
DOCUMENT = ("doc", "document", "record")
"""The names of elements with which a document begins."""

_NUMBER = frozenset("docid docno".split())
_NUMBER_ATTRIBUTES = ("docno", "docid", "id")
_STRUCTURE = frozenset(
    "doc docs document documents record records root corpus text txt body p s sent sentence sentences para paragraph"
    " head headline hl dateline preamble trailer slug storyid nwords header content".split()
)
_STRUCTURE_OF_MUC = frozenset("author co date date_time dd gv in keyword so source title".split())
_OTHER_MARKUP = frozenset(
    # HTML
    "a abbr acronym address applet area article aside audio b base bdi bdo big blockquote br button canvas caption"
    " center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption"
    " figure font footer form frame frameset h1 h2 h3 h4 h5 h6 hr html i iframe img input ins kbd label legend li link"
    " main map mark menu meta meter nav noscript object ol optgroup option output param picture pre progress q ruby rp"
    " rt samp script section select small source span strike strong style sub summary sup svg table tbody td template"
    " textarea tfoot th thead time title tr track tt u ul var video wbr"
    # JATS, DocBook, TEI and others
    " abstract author bold chapter comment emphasis fig formula hi italic item list lb note pb ref row sc sec see"
    " seealso term to from underline url val value version xref".split()
)
_IN_CAPITALS = frozenset("ADDRESS TIME TITLE".split())  # labels; in HTML, they are written small
_LONGEST = 100  # characters of most entities
_MAX_OTHERS = 0.05  # other tags per element
_WORD = re.compile(r"\w")


class TagKind(Enum):
    """The ways in which elements give the labels of entities."""

    MUC = auto()  # <ENAMEX TYPE="PERSON">; all other tags are those of documents
    TYPE = auto()  # <entity type="PERSON">
    LABEL = auto()  # <PERSON>


def tag_kind(sample: str) -> TagKind | None:
    """Return how elements in a text give the labels of entities; None if they are no entities.

    Elements of MUC always are. Others are if nearly all other tags are those of documents, they are not nested, and
    there is text between them.

    >>> tag_kind("<PERSON>Ann</PERSON> ran"), tag_kind("<b>Ann</b> ran"), tag_kind("<note><to>Ann</to></note>")
    (<TagKind.LABEL: 3>, None, None)
    """
    tags = [tag for tag in TAG.finditer(sample) if tag["name"]]
    for kind in TagKind:
        own = [pair for pair in _PAIR.finditer(sample) if _label(pair["name"], pair["attributes"], kind) is not None]
        others = sum(not may_be_entity(tag, kind) and not is_structure(tag, kind) for tag in tags)
        if own and (
            kind is TagKind.MUC
            or (_MAX_OTHERS * len(own) >= others and _are_in_text(own, sample) and _are_usual(own, tags, kind))
        ):
            return kind
    return None


def has_elements(text: str) -> bool:
    """Return whether a text has an element that contains only text."""
    return bool(_PAIR.search(text))


def _are_in_text(own: list[re.Match[str]], sample: str) -> bool:
    """Return whether most elements are short, and at least half of the lines with elements have words outside."""
    rows = [row for row in _PAIR.sub("\0", sample).split("\n") if "\0" in row]
    short = sum(len(pair["text"]) <= _LONGEST for pair in own)
    return 2 * short >= len(own) and 2 * sum(bool(_WORD.search(TAG.sub("", row))) for row in rows) >= len(rows)


def _are_usual(own: list[re.Match[str]], tags: list[re.Match[str]], kind: TagKind) -> bool:
    """Return whether elements that are not nested are most of those of entities, and their labels those of entities."""
    begun = sum(label_of(tag, kind) is not None for tag in tags)
    marks = [Marked(_label(pair["name"], pair["attributes"], kind) or "", pair["text"]) for pair in own]
    return 2 * len(own) >= begun and (kind is TagKind.TYPE or are_entities(marks))


def label_of(tag: re.Match[str], kind: TagKind) -> str | None:
    """Return the label of the entity that a tag begins; None if it is no such tag."""
    if not tag["name"] or tag["slash"] or tag["empty"]:
        return None
    return _label(tag["name"], tag["attributes"], kind)


def _label(name: str, attributes: str, kind: TagKind) -> str | None:
    if kind is TagKind.LABEL:
        return name if not attributes.strip() and not _is_known(name) else None
    if name.lower() not in _names(kind):
        return None
    values = _values(attributes)
    return next((values[one] for one in _LABEL_ATTRIBUTES if values.get(one)), None)


def may_be_entity(tag: re.Match[str], kind: TagKind) -> bool:
    """Return whether a tag begins or ends the element of an entity, as far as its name says."""
    if not tag["name"] or not tag["slash"]:
        return label_of(tag, kind) is not None
    return not _is_known(tag["name"]) if kind is TagKind.LABEL else tag["name"].lower() in _names(kind)


def _names(kind: TagKind) -> frozenset[str]:
    return _MUC if kind is TagKind.MUC else _TYPED


def other_attributes(tag: re.Match[str], kind: TagKind) -> bool:
    """Return whether the tag of an entity has more attributes than that of its label."""
    return kind is not TagKind.LABEL and len(_values(tag["attributes"])) > 1


def is_structure(tag: re.Match[str], kind: TagKind) -> bool:
    """Return whether a tag is that of a document or a part of one, as far as its name says, or a declaration."""
    name = (tag["name"] or "p").lower()
    return name in _STRUCTURE or name in _NUMBER or (kind is TagKind.MUC and name in _STRUCTURE_OF_MUC)


def document_number(tag: re.Match[str], text: str) -> tuple[str, int]:
    """Return the number of the document that a tag has or begins, if any, and the end of what gives it."""
    if not tag["name"] or tag["slash"]:
        return "", tag.end()
    name = tag["name"].lower()
    if name in _NUMBER and (pair := _PAIR.match(text, tag.start())):
        return pair["text"].strip(), pair.end()
    values = _values(tag["attributes"]) if name in DOCUMENT else {}
    return next((values[one] for one in _NUMBER_ATTRIBUTES if values.get(one)), ""), tag.end()


def _is_known(name: str) -> bool:
    """Return whether a name is that of an element of another markup or of a document."""
    lower = name.lower()
    return lower in _STRUCTURE or lower in _NUMBER or (lower in _OTHER_MARKUP and name not in _IN_CAPITALS)


def _values(attributes: str) -> dict[str, str]:
    """Return the values of attributes by their names in lower case; that without a name is of ``<category="X">``."""
    return {name.lower(): next(filter(None, values), "") for name, *values in _ATTRIBUTE.findall(attributes)}
