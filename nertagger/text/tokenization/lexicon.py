"""Word lists of the tokenizer and the sentence splitter."""

from __future__ import annotations


def _words(table: str) -> tuple[str, ...]:
    return tuple(table.split())


# Words that keep the full stop after them, without those that are more often words at the end of a sentence, such as
# "No.", "Sun." or "Mass.".
ABBREVIATIONS = frozenset(
    _words("""
    Mr Mrs Ms Messrs Mme Mlle Dr Drs Prof St Sts Ste Ft Mt Sr Jr Esq Hon Rev Fr Msgr Gen Brig Maj Capt Cpt Col Lt Cmdr
    Adm Sgt Cpl Pvt Pfc Gov Sen Sens Rep Reps Pres Supt Atty Amb Inc Corp Co Ltd Bros Assn Dept Univ Inst Mfg Intl Natl
    Jan Feb Apr Jun Jul Aug Sep Sept Oct Nov Dec Tue Tues Wed Thu Thur Thurs Fri
    Ave Blvd Rd Hwy Pkwy Apt Bldg Ala Ariz Ark Calif Colo Conn Fla Ga Ky La Md Mich Minn Mo Neb Nev Okla Pa Penn
    Tenn Tex Va Vt Wis Wyo Ont Que Nos Vol Vols Fig Figs Eq Eqs Ed Eds Para Ref Refs Ph Conf Attn Tel Esp
    mr mrs ms dr st jr sr inc corp co ltd vs etc al cf eg ie ca pp approx est esp incl excl ext attn dept min mins
    hr hrs yr yrs lb lbs oz ft sq tel ps PS viz resp vol fig MR MRS DR INC CORP LTD PVT JR SR
    """)
)

# Words that are two tokens, and the length of the first token.
FUSED_WORDS = {
    change(first + second): len(first)
    for first, second in (
        *(("can", "not"), ("gon", "na"), ("wan", "na"), ("got", "ta"), ("lem", "me"), ("gim", "me")),
        *((verb, "nt") for verb in _words("do did does ca wo ai is was would could should")),
        *(("that", "s"), ("what", "s"), ("you", "re"), ("they", "re")),
    )
    for change in (str.lower, str.capitalize, str.upper)
} | {"im": 1}  # "Im" and "IM" are more often something else

# Prefixes that a hyphen does not separate from their word.
PREFIXES = _words("""
    e non pre anti mid re post co over pro multi ex sub semi neo socio psycho counter intra inter micro macro mini un
    ultra quasi pseudo bi tri
""")

# Endings of file and host names: after a dot inside a word they distinguish a name from two sentences without a space.
# The long endings count in either case, the short ones only in lower case, because "home.Me" is no host.
LONG_ENDINGS = _words("""
    com org net edu gov mil int info biz html htm pdf docx doc xlsx xls pptx ppt txt csv jpeg jpg gif png zip exe url
    json xml mp3 mp4
""")
SHORT_ENDINGS = _words("uk us ca de fr jp cn ru eu au io ai tv ly gl nl ch es br co gz py js")
NEWSGROUPS = _words("alt comp misc sci soc rec talk")

# Units that are split from the number before them: "24 hrs", "5 pm".
UNITS = _words("""
    am pm hour hours hr hrs min mins sec secs day days week weeks year years yr yrs mile miles mm cm km kg lb lbs oz ft
    k K gb GB mb MB tb TB kb KB mph MHz GHz Hz px
""")

# Abbreviations that a name follows: no sentence ends after them.
ALWAYS_FOLLOWED = frozenset(
    _words("""
    Mr Mrs Ms Messrs Mme Mlle Dr Drs Prof St Sts Ste Ft Mt Hon Rev Fr Msgr Gen Brig Maj Capt Cpt Col Lt Cmdr Adm Sgt Cpl
    Pvt Pfc Gov Sen Sens Rep Reps Pres Supt Atty Amb mr mrs ms dr MR MRS DR vs eg ie e.g i.e cf ca approx P.S PS ps
    """)
)
# Abbreviations that a number follows: "No. 5".
BEFORE_NUMBERS = frozenset(_words("No no Nr nr Art art Sec sec Ch ch p pp Vol vol Fig fig Nos Eq c fr b d r v ll"))

# Words that open most sentences and are seldom the second part of a name: after "U.S." or "Inc." they mark an end.
SENTENCE_OPENERS = frozenset(
    _words("""
    The This That These Those A An I He She It We You They There Here His Her Its Our My Your Their
    And But Or So Yet If When While As At By For From In On To With After Before Since Until Although Though Because
    However Moreover Meanwhile Also Then Now Thus Therefore Still Once What Who Why Where How Which Please Thanks Yes
    Some Many Most All Both Each Every Not One Another Other Such Even Just Only Let Did Does Is Are Was Were
    Have Has Had Can Could Would Should
    """)
)
