"""Character classes, as the inside of a regular expression's brackets, for the tokenizer and the sentence splitter.

Python's ``re`` has no Unicode categories, and a scan of all characters at import would take a tenth of a second, so the
ranges are listed here, from Unicode 14. Gaps of unassigned characters are closed, which keeps the tables short and
covers marks that later versions of Unicode add there.
"""

from __future__ import annotations

# General categories Mn, Mc, Me (marks that combine with the preceding character) and Cf (joiners, direction marks, soft
# hyphens, emoji tags: invisible on their own), without U+200B, which separates words.
_MARKS_BELOW_10000 = """
    ad 300-36f 483-489 591-5bd 5bf 5c1-5c2 5c4-5c5 5c7 600-605 610-61a 61c 64b-65f 670 6d6-6dd 6df-6e4 6e7-6e8
    6ea-6ed 70f 711 730-74a 7a6-7b0 7eb-7f3 7fd 816-819 81b-823 825-827 829-82d 859-85b 890-89f 8ca-903 93a-93c
    93e-94f 951-957 962-963 981-983 9bc 9be-9cd 9d7 9e2-9e3 9fe-a03 a3c-a51 a70-a71 a75 a81-a83 abc abe-acd ae2-ae3
    afa-b03 b3c b3e-b57 b62-b63 b82 bbe-bcd bd7 c00-c04 c3c c3e-c56 c62-c63 c81-c83 cbc cbe-cd6 ce2-ce3 d00-d03
    d3b-d3c d3e-d4d d57 d62-d63 d81-d83 dca-ddf df2-df3 e31 e34-e3a e47-e4e eb1 eb4-ebc ec8-ecd f18-f19 f35 f37 f39
    f3e-f3f f71-f84 f86-f87 f8d-fbc fc6 102b-103e 1056-1059 105e-1060 1062-1064 1067-106d 1071-1074 1082-108d 108f
    109a-109d 135d-135f 1712-1715 1732-1734 1752-1753 1772-1773 17b4-17d3 17dd 180b-180f 1885-1886 18a9 1920-193b
    1a17-1a1b 1a55-1a7f 1ab0-1b04 1b34-1b44 1b6b-1b73 1b80-1b82 1ba1-1bad 1be6-1bf3 1c24-1c37 1cd0-1cd2 1cd4-1ce8
    1ced 1cf4 1cf7-1cf9 1dc0-1dff 200c-200f 202a-202e 2060-206f 20d0-20f0 2cef-2cf1 2d7f 2de0-2dff 302a-302f
    3099-309a a66f-a672 a674-a67d a69e-a69f a6f0-a6f1 a802 a806 a80b a823-a827 a82c a880-a881 a8b4-a8c5 a8e0-a8f1
    a8ff a926-a92d a947-a953 a980-a983 a9b3-a9c0 a9e5 aa29-aa36 aa43 aa4c-aa4d aa7b-aa7d aab0 aab2-aab4 aab7-aab8
    aabe-aabf aac1 aaeb-aaef aaf5-aaf6 abe3-abea abec-abed fb1e fe00-fe0f fe20-fe2f feff fff9-fffb
"""
_MARKS_ABOVE_FFFF = """
    101fd 102e0 10376-1037a 10a01-10a0f 10a38-10a3f 10ae5-10ae6 10d24-10d27 10eab-10eac 10f46-10f50 10f82-10f85
    11000-11002 11038-11046 11070 11073-11074 1107f-11082 110b0-110ba 110bd 110c2-110cd 11100-11102 11127-11134
    11145-11146 11173 11180-11182 111b3-111c0 111c9-111cc 111ce-111cf 1122c-11237 1123e 112df-112ea 11300-11303
    1133b-1133c 1133e-1134d 11357 11362-11374 11435-11446 1145e 114b0-114c3 115af-115c0 115dc-115dd 11630-11640
    116ab-116b7 1171d-1172b 1182c-1183a 11930-1193e 11940 11942-11943 119d1-119e0 119e4 11a01-11a0a 11a33-11a39
    11a3b-11a3e 11a47 11a51-11a5b 11a8a-11a99 11c2f-11c3f 11c92-11cb6 11d31-11d45 11d47 11d8a-11d97 11ef3-11ef6
    13430-13438 16af0-16af4 16b30-16b36 16f4f 16f51-16f92 16fe4-16ff1 1bc9d-1bc9e 1bca0-1cf46 1d165-1d169
    1d16d-1d182 1d185-1d18b 1d1aa-1d1ad 1d242-1d244 1da00-1da36 1da3b-1da6c 1da75 1da84 1da9b-1daaf 1e000-1e02a
    1e130-1e136 1e2ae 1e2ec-1e2ef 1e8d0-1e8d6 1e944-1e94a e0001-e01ef
"""


def _class_of(table: str) -> str:
    """Return the inside of a bracket for a table of hexadecimal code points and ranges."""
    return "".join("-".join(chr(int(end, 16)) for end in item.split("-")) for item in table.split())


BASIC_MARKS = _class_of(_MARKS_BELOW_10000)
ASTRAL_MARKS = _class_of(_MARKS_ABOVE_FFFF)

# Scripts in which every character is a token: Han with its radicals, iteration marks and compatibility forms, Kana,
# Bopomofo, Yi and Hangul. A Hangul syllable is a token so that a name ends before the particle attached to it.
CJK = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u3096\u309d-\u309f\u30a1-\u30fa"
    "\u30fc-\u30ff\u3105-\u312f\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U0001aff0-\U0001b16f\U00020000-\U0003ffff"
)

# Characters that may be shown as emoji (Unicode Technical Standard 51), as whole blocks; characters of ordinary text,
# such as digits or U+00A9, become emoji only by marks and need not be listed.
EMOJI = (
    "\u203c\u2049\u2139\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001faff"
)

# Characters that end a sentence: Unicode's property Sentence_Terminal (version 16) and the Tibetan double shad, without
# the Latin ones, which have their own rules in `sentences`, U+2024, the Armenian colon, and U+104A, the Burmese comma.
_TERMINALS_BELOW_10000 = """
    589 61d-61f 6d4 700-702 7f9 837 839 83d-83e 964-965 f0e 104b 1362 1367-1368 166e 1735-1736 17d4-17d5 1803 1809
    1944-1945 1aa8-1aab 1b4e-1b4f 1b5a-1b5b 1b5e-1b5f 1b7d-1b7f 1c3b-1c3c 1c7e-1c7f 2cf9-2cfb 2e2e 2e3c 2e53-2e54 3002
    a4ff a60e-a60f a6f3 a6f7 a876-a877 a8ce-a8cf a92f a9c8-a9c9 aa5d-aa5f aaf0-aaf1 abeb fe12 fe15-fe16 fe52 fe56-fe57
    ff01 ff0e ff1f ff61
"""
_TERMINALS_ABOVE_FFFF = """
    10a56-10a57 10f55-10f59 10f86-10f89 11047-11048 110be-110c1 11141-11143 111c5-111c6 111cd 111de-111df 11238-11239
    1123b-1123c 112a9 113d4-113d5 1144b-1144c 115c2-115c3 115c9-115d7 11641-11642 1173c-1173e 11944 11946 11a42-11a43
    11a9b-11a9c 11c41-11c42 11ef7-11ef8 11f43-11f44 16a6e-16a6f 16af5 16b37-16b38 16b44 16d6e-16d6f 16e98 1bc9f 1da88
"""
BASIC_TERMINALS = _class_of(_TERMINALS_BELOW_10000)
TERMINALS = BASIC_TERMINALS + _class_of(_TERMINALS_ABOVE_FFFF)

REGIONAL_INDICATORS = "\U0001f1e6-\U0001f1ff"
SKIN_TONES = "\U0001f3fb-\U0001f3ff"
