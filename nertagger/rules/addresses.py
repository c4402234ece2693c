"""Words that look like addresses of the web or of e-mail, as spaCy defines them (spacy.lang.lex_attrs, MIT licence)."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+\.[a-zA-Z0-9-.]+")
# A host is a public IPv4 address, or labels that end with a domain of two letters or more.
_URL = re.compile(
    r"(?:[\w+\-.]{2,}://)?"
    r"(?:(?!(?:10|127)(?:\.\d{1,3}){3})(?!(?:169\.254|192\.168)(?:\.\d{1,3}){2})"
    r"(?!172\.(?:1[6-9]|2\d|3[0-1])(?:\.\d{1,3}){2})(?:[1-9]\d?|1\d\d|2[01]\d|22[0-3])"
    r"(?:\.(?:1?\d{1,2}|2[0-4]\d|25[0-5])){2}\.(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-4])"
    r"|(?:(?:[A-Za-z0-9\u00a1-\uffff][A-Za-z0-9\u00a1-\uffff_-]{0,62})?[A-Za-z0-9\u00a1-\uffff]\.)+"
    r"(?P<domain>[^\W\d_]{2,63}))"
    r"(?::\d{2,5})?(?:[/?#]\S*)?"
)
_DOMAINS = frozenset(
    "com org edu gov net mil aero asia biz cat coop info int jobs mobi museum name pro tel travel xyz icu xxx "
    "ac ad ae af ag ai al am an ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv bw by bz "
    "ca cc cd cf cg ch ci ck cl cm cn co cr cs cu cv cx cy cz dd de dj dk dm do dz ec ee eg eh er es et eu fi fj fk fm "
    "fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it "
    "je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp "
    "mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa "
    "re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sy sz tc td tf tg th tj tk tl tm tn to tp "
    "tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw".split()
)


def like_email(word: str) -> bool:
    """Return whether a word begins as an e-mail address does."""
    return _EMAIL.match(word) is not None


def like_url(word: str) -> bool:
    """Return whether a word is an address of the web, with or without its protocol.

    >>> like_url("https:"), like_url("example.com/a"), like_url("ann@example.com"), like_url("U.S")
    (False, True, False, False)
    """
    if word.startswith(("http://", "https://")) or (word.startswith("www.") and len(word) >= 5):
        return True
    if "." not in word or "@" in word or word[0] == "." or word[-1] == ".":
        return False
    domain = word.rpartition(".")[2].partition(":")[0]
    if domain.endswith("/") or domain in _DOMAINS:
        return True
    found = _URL.fullmatch(word)
    domain = (found and found["domain"]) or ""
    return found is not None and domain == domain.lower()
