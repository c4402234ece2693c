"""The table of the built-in formats."""

from __future__ import annotations

from nertagger.corpus.interface import Format, Holds, LazyFunction

_TOKENS = Holds.RECORDS | Holds.TOKENS | Holds.SENTENCES
_TEXTS = Holds.RECORDS | Holds.TEXT | Holds.PASSAGES | Holds.BLANKS
_DOCUMENTS = _TOKENS | _TEXTS | Holds.UNANNOTATED | Holds.PARTS
_JSON = _TEXTS | Holds.UNANNOTATED | Holds.META

_READ_CONLL = LazyFunction("nertagger.corpus.formats.conll:read_conll")
_READ_JSONL = LazyFunction("nertagger.corpus.formats.jsonl:read_jsonl")

BUILTIN_FORMATS = (
    Format(
        "conll",
        "one token per row, blank line between sentences, header optional (CoNLL, .iob2, GermEval, HIPE)",
        (".conll", ".iob2", ".iob", ".bio", ".tsv"),
        _READ_CONLL,
        LazyFunction("nertagger.corpus.formats.conll:write_conll"),
        holds=_TOKENS | Holds.OPENINGS,
    ),
    Format(
        "conllu",
        "like conll, with numbered tokens and the text of each sentence",
        (".conllu",),
        _READ_CONLL,
        LazyFunction("nertagger.corpus.formats.conll:write_conllu"),
        holds=_TOKENS | Holds.OPENINGS | Holds.TEXT,
    ),
    Format(
        "csv",
        "one token per row as in the GMB corpus (Sentence #,Word,POS,Tag), or one text per row, separated by commas,"
        " semicolons, bars or tabs",
        (".csv",),
        LazyFunction("nertagger.corpus.formats.gmb_csv:read_csv"),
        LazyFunction("nertagger.corpus.formats.gmb_csv:write_csv"),
        holds=_TOKENS | Holds.BLANKS,
    ),
    Format(
        "jsonl",
        "one JSON object per line: text with entities as character offsets, or (reading only) tokens with tags",
        (".jsonl", ".ndjson"),
        _READ_JSONL,
        LazyFunction("nertagger.corpus.formats.jsonl:write_jsonl"),
        holds=_JSON | Holds.CONFIDENCE | Holds.RULES,
    ),
    Format(
        "jsonl-tokens",
        "one JSON object per sentence: tokens and tags",
        (),
        _READ_JSONL,
        LazyFunction("nertagger.corpus.formats.jsonl:write_jsonl_tokens"),
        holds=_TOKENS | Holds.BLANKS | Holds.UNANNOTATED | Holds.META,
    ),
    Format(
        "doccano",
        "JSON lines for doccano: text and label",
        (),
        _READ_JSONL,
        LazyFunction("nertagger.corpus.formats.exports:write_doccano"),
        holds=_JSON,
    ),
    Format(
        "prodigy",
        "JSON lines for Prodigy: text, tokens and spans",
        (),
        _READ_JSONL,
        LazyFunction("nertagger.corpus.formats.exports:write_prodigy"),
        holds=_JSON | Holds.TOKENS | Holds.CONFIDENCE,
    ),
    Format(
        "label-studio",
        "a JSON list of Label Studio tasks, or (reading only) of any objects that jsonl reads",
        (".json",),
        _READ_JSONL,
        LazyFunction("nertagger.corpus.formats.label_studio:write_label_studio"),
        holds=_JSON | Holds.CONFIDENCE,
    ),
    Format(
        "label-studio-predictions",
        "the same list, with the predictions read instead of the annotations",
        (),
        LazyFunction("nertagger.corpus.formats.label_studio:read_predictions"),
        holds=_JSON | Holds.CONFIDENCE,
    ),
    Format(
        "lines",
        "one sentence per line, words separated by spaces",
        (),
        LazyFunction("nertagger.corpus.formats.lines:read_tokenized_lines"),
    ),
    Format(
        "text-lines",
        "one text per line, of any number of sentences",
        (),
        LazyFunction("nertagger.corpus.formats.lines:read_text_lines"),
    ),
    Format(
        "text",
        "running text; written with marked entities: [Ann|PER] ran",
        (),
        LazyFunction("nertagger.corpus.formats.lines:read_running_text"),
        LazyFunction("nertagger.corpus.formats.marks:write_marks"),
        holds=_TEXTS,
        reads_pieces=True,
    ),
    Format(
        "html",
        "a page with coloured entities",
        (".html", ".htm"),
        write=LazyFunction("nertagger.corpus.formats.html:write_html"),
        holds=_TEXTS,
    ),
    Format(
        "brat",
        "brat standoff: NAME.ann next to NAME.txt, or a folder of such pairs",
        (".ann",),
        read_file=LazyFunction("nertagger.corpus.formats.brat:read_brat"),
        write_file=LazyFunction("nertagger.corpus.formats.brat:write_brat"),
        holds=_TEXTS & ~Holds.RECORDS,
    ),
    Format(
        "parquet",
        "Parquet: one row per sentence with text, tokens, starts, tags, meta",
        (".parquet",),
        read_file=LazyFunction("nertagger.corpus.formats.parquet:read_parquet"),
        write_file=LazyFunction("nertagger.corpus.formats.parquet:write_parquet"),
        holds=_DOCUMENTS | Holds.META,
    ),
    Format(
        "docbin",
        "spaCy's DocBin",
        (".spacy",),
        read_file=LazyFunction("nertagger.corpus.formats.docbin:read_docbin"),
        write_file=LazyFunction("nertagger.corpus.formats.docbin:write_docbin"),
        holds=_DOCUMENTS,
    ),
    Format(
        "webanno",
        "WebAnno TSV 3, as INCEpTION exports it (reading only)",
        (),
        LazyFunction("nertagger.corpus.announced.webanno:read_webanno"),
    ),
    Format(
        "conll2012",
        "CoNLL-2012 with entities in brackets, as in OntoNotes (reading only)",
        (),
        LazyFunction("nertagger.corpus.announced.conll2012:read_conll2012"),
    ),
    Format(
        "pubtator",
        "PubTator: titles and abstracts with a line for each entity (reading only)",
        (),
        LazyFunction("nertagger.corpus.announced.pubtator:read_pubtator"),
    ),
    Format(
        "bioc-xml",
        "BioC in XML: documents of passages with annotations (reading only)",
        (),
        LazyFunction("nertagger.corpus.announced.bioc_xml:read_bioc_xml"),
    ),
    Format(
        "uima-xmi",
        "XMI of UIMA, as INCEpTION exports it: a text with its named entities (reading only)",
        (".xmi",),
        LazyFunction("nertagger.corpus.announced.uima:read_xmi"),
    ),
    Format(
        "gate",
        "XML of GATE: a text with one of its annotation sets (reading only)",
        (),
        LazyFunction("nertagger.corpus.announced.gate:read_gate"),
    ),
    Format(
        "tei",
        "TEI P5: the text of an edition with its names, one record per block (reading only)",
        (),
        LazyFunction("nertagger.corpus.announced.tei:read_tei"),
    ),
    Format(
        "inline-tags",
        "one sentence per line, each word with its tag: Anna|NNP|I-PER ran|VBD|O, as in WikiNER (reading only)",
        (),
        LazyFunction("nertagger.corpus.announced.inline_tags:read_inline_tags"),
    ),
    Format(
        "tagged-sentences",
        "one sentence per line: its words, a tab and their tags, separated by spaces (reading only)",
        (),
        LazyFunction("nertagger.corpus.announced.tagged_sentences:read_tagged_sentences"),
    ),
    Format(
        "marked-text",
        "text with entities in brackets: `[Ann|PER]`, as `text` writes it, `[PER Ann]`, or `[Ann]` before `(PER)`",
        (),
        LazyFunction("nertagger.corpus.marked.brackets:read_brackets"),
        LazyFunction("nertagger.corpus.formats.marks:write_marks"),
        holds=_TEXTS,
    ),
    Format(
        "inline-xml",
        'text with entities as elements: `<PERSON>Ann</PERSON>` (Stanford), `<ENAMEX TYPE="PERSON">` (MUC) or'
        ' `<entity type="PERSON">` (reading only)',
        (),
        LazyFunction("nertagger.corpus.marked.elements:read_elements"),
    ),
    Format(
        "opennlp",
        "one sentence per line, words and `<START:person>`, `<END>` separated by spaces (reading only)",
        (),
        LazyFunction("nertagger.corpus.marked.opennlp:read_opennlp"),
    ),
    Format(
        "rasa",
        "Rasa's training data, YAML or Markdown, with the entities marked in the examples (reading only)",
        (),
        LazyFunction("nertagger.corpus.announced.rasa:read_rasa"),
    ),
    Format(
        "snips",
        "Snips' training data in YAML, with the slots marked in the utterances (reading only)",
        (),
        LazyFunction("nertagger.corpus.announced.snips:read_snips"),
    ),
    Format(
        "python",
        "a list of records in Python, as examples of spaCy have it (reading only; it is parsed, not run)",
        (".py",),
        LazyFunction("nertagger.corpus.announced.python_source:read_python"),
    ),
    Format(
        "project",
        "the decisions in a project of nertagger annotate: a folder",
        (".sqlite",),
        read_file=LazyFunction("nertagger.corpus.binary.project:read_project"),
        holds=_DOCUMENTS | Holds.META,
    ),
)
"""The formats of this package; the module of a format is imported when the format is read or written."""
